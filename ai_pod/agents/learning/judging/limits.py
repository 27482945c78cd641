"""Where the gate draws its lines, and the name of the one check that is a world of its own."""

from dataclasses import dataclass

CONTROL = "no_edge_in_control"
"""The check that a world without an edge, through the same protocol, does not pass the others."""


@dataclass(frozen=True)
class Limits:
    """Where the gate draws its lines.

    Drawdowns are measured by the deepest opponent's; `turnover` is a mean share of equity per bar,
    `largest` a mean share in one instrument, never below that of two instruments.
    """

    seeds: int = 8
    confidence: float = 0.95
    overfitting: float = 0.2
    drawdown_ratio: float = 1.5
    drawdown_allowance: float = 0.02
    turnover: float = 1.0
    largest: float = 0.6
