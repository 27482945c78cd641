"""Signals on the wire."""

from datetime import datetime

from backend.schemas import Money, Schema
from market.words import Interval


class SignalView(Schema):
    """One instrument's change in a decision. Weights are shares of equity."""

    id: str
    desk: str
    pod: str
    bar_end: datetime
    interval: Interval
    policy_version: str
    instrument: str
    weight_before: float
    weight_after: float
    price: float
    score: float
    base: float
    contributions: dict[str, float]
    reason: str
    synthetic: bool
    outcome: str
    """What became of its decision: executed, no_orders, recorded, expired, superseded, faulted."""
    trace_id: str | None = None
    """Its decision's, where traces are recorded."""


class OrderedView(Schema):
    """The order that followed; `reason` and `context` say why it was denied, if it was."""

    id: str
    side: str
    quantity: Money
    state: str
    reason: str
    context: dict[str, str]


class Explanation(Schema):
    """Why: `base` and the contributions add up to `score`, frozen when it was published.

    `observation` is what the policy saw: the features of each of `instruments`, one after the
    other. `limits` is what the risk profile has cut from what the policy wanted (gross exposures as
    shares of equity, and the factor); empty where it has not.
    """

    signal: str
    instrument: str
    policy_version: str
    base: float
    score: float
    contributions: dict[str, float]
    reason: str
    instruments: list[str]
    observation: list[float]
    weight_wanted: float
    """Of the instrument, before the profile."""
    weight_after: float
    limits: dict[str, float]
    order: OrderedView | None
