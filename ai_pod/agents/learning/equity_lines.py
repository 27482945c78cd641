"""A verdict's evidence as lines to be drawn: few enough points to be sent and kept with it."""

import numpy as np
from numpy.typing import NDArray

from ai_pod.agents.learning.judging.evidence import Evidence
from ai_pod.contracts.learning import EquityLine, EquityLines
from ai_pod.policies.features import Array
from market.calendars import from_ns

MOST_POINTS = 200
DECIMALS = 6


def equity_lines(evidence: Evidence, challenger: str) -> EquityLines:
    """The challenger's line, named `challenger`, and each opponent's, at the same instants."""
    ends = evidence.ends
    lasts = np.unique(np.linspace(0, len(ends) - 1, min(MOST_POINTS, len(ends))).astype(int))
    records = {challenger: evidence.challengers, **evidence.opponents}
    return EquityLines(
        ends=tuple(from_ns(end) for end in ends[lasts].tolist()),
        lines=tuple(_line(name, record.growth, lasts) for name, record in records.items()),
    )


def _line(name: str, growth: Array, lasts: NDArray[np.int64]) -> EquityLine:
    """Log growth (…, steps) at the rows `lasts`, of which the first is row 0."""
    grown = growth.reshape(-1, growth.shape[-1]).cumsum(axis=-1)
    worth = np.exp(np.pad(grown, ((0, 0), (1, 0))))
    falls = (1.0 - worth / np.maximum.accumulate(worth, axis=-1)).max(axis=0)
    # The falls of the rows up to each of the points, since the one before.
    deepest = np.append(falls[0], np.maximum.reduceat(falls[1:], lasts[:-1]))
    return EquityLine(
        name=name,
        equity=_rounded(worth[:, lasts].mean(axis=0)),
        drawdown=_rounded(deepest),
    )


def _rounded(values: Array) -> tuple[float, ...]:
    return tuple(values.round(DECIMALS).tolist())
