"""Orders as struct-of-arrays: what was asked for, and how far it has come. Immutable; matching
returns new ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from market.simulator.checks import Check, refuse_first
from market.simulator.money import Floats
from market.simulator.words import OrderType

Ints: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]

NEVER = int(np.iinfo(np.int64).max)
"""`expires` of an order that stays until it is cancelled."""


class Status(IntEnum):
    """Where an order is. EMPTY fills up rows of a batch that have fewer orders than others."""

    EMPTY = 0
    WORKING = 1
    FILLED = 2
    CANCELLED = 3
    EXPIRED = 4


class Orders(NamedTuple):
    """m orders of each book; all arrays are (..., m), the earlier placed first.

    `instrument` is an index, `kind` an `OrderType.code`, `side` 1 to buy and -1 to sell. `limit`,
    `stop` and `trail` (a distance in price) are NaN where the kind has none. `group` is the number
    of a one-cancels-other group, 0 for none. An order takes bars that start at or after `since` and
    before `expires` (ns); `ioc` the first of them alone. `triggered` and `extreme` (the best price
    that a trailing stop has seen, NaN before) follow the market; `filled` units worth `value` were
    charged `fees`.
    """

    instrument: Ints
    kind: Ints
    side: Floats
    quantity: Floats
    limit: Floats
    stop: Floats
    trail: Floats
    ioc: Flags
    reduce_only: Flags
    group: Ints
    since: Ints
    expires: Ints
    status: Ints
    triggered: Flags
    extreme: Floats
    filled: Floats
    value: Floats
    fees: Floats

    @property
    def working(self) -> Flags:
        flags: Flags = self.status == Status.WORKING
        return flags

    @property
    def remaining(self) -> Floats:
        return self.quantity - self.filled

    def of_kind(self, *kinds: OrderType) -> Flags:
        flags: Flags = self.kind == kinds[0].code
        for kind in kinds[1:]:
            flags = flags | (self.kind == kind.code)
        return flags

    def at(self, index: Ints | Flags) -> "Orders":
        """Some of the m orders, by index or mask of the last axis, of every book."""
        return Orders._make(field[..., index] for field in self)


@dataclass(frozen=True)
class Ticket:
    """One order as it is placed; `quantity` is positive to buy, negative to sell."""

    instrument: int
    quantity: float
    kind: OrderType = OrderType.MARKET
    limit: float = np.nan
    stop: float = np.nan
    trail: float = np.nan
    ioc: bool = False
    reduce_only: bool = False
    group: int = 0
    since: int = 0
    expires: int = NEVER


def orders_of(tickets: Sequence[Ticket]) -> Orders:
    """New orders (m,). Raises ValueError that names the order and says what is wrong."""
    quantities = np.array([one.quantity for one in tickets], dtype=np.float64)
    none = np.zeros(len(tickets))
    orders = Orders(
        instrument=np.array([one.instrument for one in tickets], dtype=np.int64),
        kind=np.array([one.kind.code for one in tickets], dtype=np.int64),
        side=np.sign(quantities),
        quantity=np.abs(quantities),
        limit=np.array([one.limit for one in tickets], dtype=np.float64),
        stop=np.array([one.stop for one in tickets], dtype=np.float64),
        trail=np.array([one.trail for one in tickets], dtype=np.float64),
        ioc=np.array([one.ioc for one in tickets], dtype=np.bool_),
        reduce_only=np.array([one.reduce_only for one in tickets], dtype=np.bool_),
        group=np.array([one.group for one in tickets], dtype=np.int64),
        since=np.array([one.since for one in tickets], dtype=np.int64),
        expires=np.array([one.expires for one in tickets], dtype=np.int64),
        status=np.full(len(tickets), Status.WORKING, dtype=np.int64),
        triggered=none.astype(np.bool_),
        extreme=none + np.nan,
        filled=none,
        value=none,
        fees=none,
    )
    check_orders(orders)
    return orders


def check_orders(orders: Orders) -> None:
    """Raises ValueError for the first working order that makes no sense."""
    on_close = orders.of_kind(OrderType.MARKET_ON_CLOSE)
    checks: list[Check] = [
        (~(np.isfinite(orders.quantity) & (orders.quantity > 0)), "quantity is 0 or no number"),
        (np.abs(orders.side) != 1, "side is neither 1 nor -1"),
        (orders.instrument < 0, "instrument is negative"),
        (orders.group < 0, "group is negative"),
        (orders.expires <= orders.since, "expires is not after since"),
        (on_close & (orders.expires == NEVER), "market_on_close needs the close as expires"),
    ]
    for name, kinds in _PRICED.items():
        needed, price = orders.of_kind(*kinds), getattr(orders, name)
        sound = np.isfinite(price) & (price > 0)
        checks.append((needed & ~sound, f"{name} is not a positive price, and its kind needs one"))
        checks.append((~needed & ~np.isnan(price), f"{name} is given, and its kind has none"))
    refuse_first([(flags & orders.working, why) for flags, why in checks], "order")


_PRICED = {
    "limit": (OrderType.LIMIT, OrderType.STOP_LIMIT),
    "stop": (OrderType.STOP, OrderType.STOP_LIMIT),
    "trail": (OrderType.TRAILING_STOP,),
}
