"""The pools' setting, and settings that are refused at the start."""

from datetime import date, time

import pytest
from pydantic import ValidationError

from ai_pod.contracts.tokens import DEFAULT_SECRET
from scheduler.pools import LearningWindow, PoolsRefused, parse_pools
from scheduler.settings import Settings


def test_a_list_of_names_is_unions_of_calendars() -> None:
    pools = parse_pools("XNYS, XNYS+XLON,24/7")
    assert [(pool.name, pool.calendars) for pool in pools] == [
        ("XNYS", ("XNYS",)),
        ("XNYS+XLON", ("XNYS", "XLON")),
        ("24/7", ("24/7",)),
    ]


def test_json_says_more() -> None:
    (pool,) = parse_pools(
        '[{"name": "crypto", "calendars": ["24/7"], "warm_up_seconds": 30, '
        '"learning_windows": [{"starts": "22:00:00", "ends": "23:30:00", "days": ["sun"]}]}]'
    )
    assert (pool.name, pool.calendars, pool.warm_up_seconds) == ("crypto", ("24/7",), 30)
    assert pool.learning_windows == (
        LearningWindow(starts=time(22), ends=time(23, 30), days=("sun",)),
    )
    assert pool.learning_windows[0].on(date(2012, 10, 20)) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "names no pool"),
        ("XNOPE", "pool XNOPE: unknown calendar"),
        ("XNYS,XNYS", "names a pool twice"),
        ("my pool", "no pool name"),
        ('[{"calendars": ["XNYS"]}]', "no list of pools"),
        ("[1", "no list of pools"),
        (
            '[{"name": "24/7", "learning_windows": [{"starts": "22:00:00", "ends": "23:00:00", '
            '"days": ["sunday"]}]}]',
            "not sunday",
        ),
    ],
)
def test_what_is_not_understood_is_refused(text: str, says: str) -> None:
    with pytest.raises(PoolsRefused, match=says):
        parse_pools(text)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"environment": "production"}, "production refuses the default secret"),
        ({"environment": "production", "secret": "short"}, "at least 32 characters"),
        ({"pools": "XNOPE"}, "unknown calendar"),
        ({"clock": "yesterday"}, "expected 'wall' or MARKET_TIME=WALL_TIME@SPEED"),
    ],
)
def test_settings_are_refused_at_the_start(told: dict[str, str], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Settings.model_validate(told)


def test_a_refusal_does_not_tell_the_secret() -> None:
    told = {
        "environment": "production",
        "secret": "hunter2",
        "database_url": "postgresql://me:pw@h",
    }
    with pytest.raises(ValidationError) as refused:
        Settings.model_validate(told)
    assert "hunter2" not in str(refused.value)
    assert "pw@h" not in str(refused.value)


def test_a_laptop_needs_no_secret() -> None:
    assert Settings.model_validate({}).secret == DEFAULT_SECRET
