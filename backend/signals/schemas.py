"""Signals on the wire."""

from datetime import datetime

from backend.schemas import Schema
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
    """What became of its decision: executed, no_orders, recorded, expired, superseded."""


class Explanation(Schema):
    """Why: `base` and the contributions add up to `score`, frozen when it was published."""

    signal: str
    instrument: str
    policy_version: str
    base: float
    score: float
    contributions: dict[str, float]
    reason: str
