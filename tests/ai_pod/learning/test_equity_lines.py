"""A verdict's lines say what its table says: the same ends, and the same deepest falls."""

import numpy as np
import pytest

from ai_pod.agents.learning.equity_lines import MOST_POINTS, equity_lines
from ai_pod.agents.learning.judging.evidence import CHAMPION, Evidence
from ai_pod.agents.learning.judging.measuring import drawdowns
from ai_pod.agents.learning.judging.outcomes import Record
from ai_pod.agents.learning.judging.protocol import Protocol
from ai_pod.policies.features import Array
from market.calendars import from_ns

DAY_NS = 86_400 * 10**9


def record(growth: Array) -> Record:
    return Record(growth, growth, np.zeros_like(growth), np.zeros_like(growth))


def evidence(bars: int) -> Evidence:
    drawn = np.random.default_rng(1)
    ends = np.arange(bars, dtype=np.int64) * DAY_NS
    own, theirs = (drawn.normal(0.0, 0.02, (*of, bars - 1)) for of in ((3, 2), ()))
    return Evidence(1, ends, record(own), {CHAMPION: record(theirs)}, "", 3, Protocol())


@pytest.mark.parametrize("bars", [3, MOST_POINTS, 1_234])
def test_lines_end_where_the_table_does_and_fall_as_deep(bars: int) -> None:
    seen = evidence(bars)
    told = equity_lines(seen, "challenger")
    assert len(told.ends) == min(bars, MOST_POINTS)
    assert (told.ends[0], told.ends[-1]) == (from_ns(0), from_ns(int(seen.ends[-1])))
    growths = (seen.challengers.growth, seen.opponents[CHAMPION].growth)
    assert [line.name for line in told.lines] == ["challenger", CHAMPION]
    for line, growth in zip(told.lines, growths, strict=True):
        assert len(line.equity) == len(line.drawdown) == len(told.ends)
        assert (line.equity[0], line.drawdown[0]) == (1.0, 0.0)
        assert line.equity[-1] == pytest.approx(np.exp(growth.sum(axis=-1)).mean(), abs=1e-6)
        assert max(line.drawdown) == pytest.approx(drawdowns(growth).max(), abs=1e-6)
