"""Two weeks ahead, as people look at them: the published plan, and the same rules beyond it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_pod.contracts.plan import Phase, Plan
from scheduler.contracts.overrides import Override
from scheduler.marks import marks
from scheduler.plan import Inputs, horizon, plan, sessions_for
from scheduler.preview import preview
from tests.support.build_scheduler import override, planned, pool

FORTNIGHT = timedelta(days=14)
SPRING = datetime(2013, 3, 8, 15, 0, tzinfo=UTC)
AUTUMN = datetime(2012, 11, 2, 15, 0, tzinfo=UTC)
THANKSGIVING = datetime(2012, 11, 20, 15, 0, tzinfo=UTC)

moments = st.datetimes(datetime(2012, 1, 20), datetime(2013, 2, 1)).map(
    lambda at: at.replace(tzinfo=UTC)
)


def outlook(now: datetime, *overrides: Override, name: str = "XNYS") -> Plan:
    its_pool = pool(name)
    sessions = sessions_for(its_pool, now, FORTNIGHT)
    return plan(its_pool, sessions, Inputs(1, overrides), now, FORTNIGHT)


def trading(made: Plan) -> list[tuple[str, str]]:
    return [
        (f"{one.starts:%m-%d %H:%M}", f"{one.ends:%H:%M}")
        for one in made.segments
        if one.phase is Phase.TRADING
    ]


@settings(max_examples=40, deadline=None)
@given(now=moments, hours=st.floats(0.5, 300), ahead=st.integers(-20, 200))
def test_what_is_published_is_what_people_see(now: datetime, hours: float, ahead: int) -> None:
    imposed = override(starts=now + timedelta(hours=ahead), hours=hours)
    published = planned(inputs=Inputs(1, (imposed,)), now=now)
    seen = outlook(now, imposed)
    assert seen.version == published.version
    assert seen.segments[-1].ends == horizon(now, FORTNIGHT)[1]
    for segment in published.segments[:-1]:
        assert segment in seen.segments
    last = published.segments[-1]
    assert any(
        (one.starts, one.phase, one.reason) == (last.starts, last.phase, last.reason)
        for one in seen.segments
    )


def test_the_open_moves_with_the_exchanges_clocks() -> None:
    autumn, spring = trading(outlook(AUTUMN)), trading(outlook(SPRING))
    assert autumn[1:3] == [("11-02 13:30", "20:00"), ("11-05 14:30", "21:00")]
    assert spring[1:3] == [("03-08 14:30", "21:00"), ("03-11 13:30", "20:00")]


@pytest.mark.parametrize("now", [AUTUMN, SPRING, THANKSGIVING])
def test_a_preview_changes_segments_at_the_same_minutes(now: datetime) -> None:
    imposed = override(starts=now, hours=120)
    changed = preview([pool()], Inputs(1), imposed, now).changes
    stretch = (now, now + timedelta(hours=120))
    parts = [
        (max(one.starts, stretch[0]), min(one.ends, stretch[1]), one.phase)
        for one in outlook(now).segments
        if one.starts < stretch[1] and one.ends > stretch[0]
    ]
    assert [(one.starts, one.ends, one.before.phase) for one in changed] == parts
    assert {one.after.phase for one in changed} == {Phase.PAUSED}


def test_marks_and_segments_agree_on_holidays_half_days_and_dst() -> None:
    made = outlook(THANKSGIVING)
    told = marks(pool(), (), *horizon(THANKSGIVING, FORTNIGHT))
    assert [(one.day, one.kind) for one in told] == [
        ("2012-11-22", "holiday"),
        ("2012-11-23", "half day"),
    ]
    days = {day.split()[0]: closes for day, closes in trading(made)}
    assert "11-22" not in days
    assert days["11-23"] == "18:00"
    clocks = marks(pool(), (), *horizon(AUTUMN, FORTNIGHT))
    assert ("2012-11-04", "DST") in [(one.day, one.kind) for one in clocks]
