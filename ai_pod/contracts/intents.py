"""What a person wants done, as chat has understood it from that person's own words.

It changes nothing: the back end words it, has it checked, and waits for the person to confirm.
"""

from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from ai_pod.contracts.plan import Phase
from market.words import Word

DESK_SCOPE = "desk"
"""Of an override: the pod on which the caller's desk sits, which the back end knows."""


class WantedOrder(Word, frozen=True, kw_only=True, tag_field="kind", tag="order"):
    """`side` is buy or sell; `order_type` and `time_in_force` are words of
    `market.simulator.words`. Prices are the instrument's.
    """

    instrument: str
    side: str
    quantity: Decimal
    order_type: str = "market"
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    time_in_force: str | None = None


class WantedCancel(Word, frozen=True, kw_only=True, tag_field="kind", tag="cancel"):
    """The desk's open orders with these ids; `instrument` if one was named: that of all of them."""

    orders: tuple[str, ...]
    instrument: str | None = None


class WantedLimit(Word, frozen=True, kw_only=True, tag_field="kind", tag="limit"):
    """`name` is a field of the desk's limits, such as `max_daily_loss`; weights and losses are
    shares of equity.
    """

    name: str
    value: Decimal


class WantedOverride(Word, frozen=True, kw_only=True, tag_field="kind", tag="override"):
    """`scope` is that of an override, or DESK_SCOPE; `ends` is market time."""

    scope: str
    phase: Phase
    ends: datetime
    reason: str


class WantedAutomatic(Word, frozen=True, kw_only=True, tag_field="kind", tag="automatic"):
    """Automatic trading of the desk, on or off."""

    automatic: bool


class WantedHalt(Word, frozen=True, kw_only=True, tag_field="kind", tag="halt"):
    """The desk's kill switch, pulled."""

    reason: str


Wanted: TypeAlias = (
    WantedOrder | WantedCancel | WantedLimit | WantedOverride | WantedAutomatic | WantedHalt
)
