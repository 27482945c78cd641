"""A bench's settings: read as their types, and nothing that is misspelt is passed over."""

import importlib
import pkgutil
from dataclasses import dataclass

import pytest

from market.words import Interval
from shiftdesk import benches
from shiftdesk.errors import UsageProblem
from shiftdesk.options import chosen

BENCHES = sorted(module.name for module in pkgutil.iter_modules(benches.__path__))


@dataclass(frozen=True)
class Settings:
    count: int = 3
    share: float = 0.5
    interval: Interval = Interval.FIVE_MINUTES


def test_options_are_read_as_the_types_of_their_fields() -> None:
    assert chosen(Settings, {}) == Settings()
    asked = {"count": "7", "share": "2", "interval": "15m"}
    assert chosen(Settings, asked) == Settings(7, 2.0, Interval.QUARTER)


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"counts": "7"}, "no setting counts"),
        ({"count": "many"}, "does not fit"),
        ({"interval": "16m"}, "does not fit"),
    ],
)
def test_what_is_none_is_refused_and_told_what_there_is(options: dict[str, str], what: str) -> None:
    with pytest.raises(UsageProblem, match=what) as refused:
        chosen(Settings, options)
    assert refused.value.fix == "there are: count, share, interval"


@pytest.mark.parametrize("name", BENCHES)
def test_no_bench_begins_with_a_misspelt_setting(name: str) -> None:
    bench = importlib.import_module(f"shiftdesk.benches.{name}")
    with pytest.raises(UsageProblem, match="no setting"):
        bench.run({"secnods": "600"})
