"""A decision and its signals: what the trading agent publishes once a bar, for every desk."""

from datetime import UTC, datetime
from enum import StrEnum

import msgspec

from market import tracing
from market.words import Interval, Word

BAND = 0.01
"""A target that is off by no more than this share of equity is left alone: no signal, no order.

Training, backtests, the trading agent and the executor all size with it.
"""


class Fault(StrEnum):
    """Why a desk's policy could not decide. REFUSED: it cannot be loaded; MISFIT: its weights are
    none for these instruments; RAISED: it failed; OVERDUE: it did not come back in time.
    """

    REFUSED = "refused"
    MISFIT = "misfit"
    RAISED = "raised"
    OVERDUE = "overdue"


class Signal(Word, frozen=True, kw_only=True):
    """One instrument's change in a decision, with its explanation.

    Weights are shares of equity. `score` is the policy's raw number; `contributions` (feature →
    share of the score)
    and `base` add up to it.
    """

    instrument: str
    weight_before: float
    weight_after: float
    price: float
    score: float
    base: float
    contributions: dict[str, float]
    reason: str


class Decision(Word, frozen=True, kw_only=True):
    """A desk's target weights at a bar's end.

    Unique by (desk, bar end); published once, to `ai:decisions`.

    `observation` is what the policy saw of the desk: float32, little-endian, the features of each
    instrument in the ascending order of `weights`; empty while the window is not whole. `limits`
    tells what the risk profile has cut, and is empty where it has not. With a `fault` the weights
    are what the desk holds, and nothing is to be done. `traceparent` is the decision's span as
    W3C's header says it, empty without tracing.
    """

    desk: str
    organisation: str
    pod: str
    bar_end: datetime
    interval: Interval
    policy_line: str
    policy_version: str
    lease_epoch: int
    phase_epoch: int
    weights: dict[str, float]
    prices: dict[str, float]
    signals: tuple[Signal, ...]
    published_wall: float
    synthetic: bool = False
    observation: bytes = b""
    limits: dict[str, float] = msgspec.field(default_factory=dict)
    fault: Fault | None = None
    fault_detail: str = ""
    traceparent: str = ""
    v: int = 1


def trace_of(desk: str, bar_end: datetime) -> str:
    """The id of the trace that tells of a desk's decision at a bar's end.

    It follows from the decision's identity, so nobody has to keep it, and two pods that decide on
    the same bar tell of it in one trace.
    """
    return tracing.trace_of("decision", desk, bar_end.astimezone(UTC).isoformat())
