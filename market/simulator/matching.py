"""Orders meet a bar: who fills, how much, at what price and fee. Pure, and the same code for one
book and for a batch; orders of a book are taken one after the other, so that each sees what those
before it did to position, volume and group.
"""

from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from market.simulator.costs import CostModel
from market.simulator.fills import UNKNOWN, Liquidity, commission_of, fill_prices, impacts, room
from market.simulator.money import Floats, rounded
from market.simulator.reach import UNREACHED, Reach, Seen, reach, trailed
from market.simulator.resting import Flags, Ints, Orders, Status

T = TypeVar("T", bound=np.generic)

_NOISE = 1e-9
"""Units: a rest smaller than this is none."""


@dataclass(frozen=True)
class Rules:
    """How a venue fills: its costs, and its lots (a number or (k,); 0 for any fraction)."""

    costs: CostModel = field(default_factory=CostModel)
    lots: Floats | float = 1.0


class Fills(NamedTuple):
    """What one bar filled, all (..., m) as the orders: signed quantities (0 for none), prices and
    fees in the instrument's currency.
    """

    quantities: Floats
    prices: Floats
    fees: Floats


class Prices(NamedTuple):
    """A bar's prices (..., k) and its times (...) in ns; NaN opens where there is no bar."""

    start: Ints
    end: Ints
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    liquidity: Liquidity = UNKNOWN


def match(
    orders: Orders, positions: Floats, bar: Prices, rules: Rules
) -> tuple[Orders, Floats, Fills]:
    """(orders (..., m), positions (..., k), fills) after the bar."""
    lapsed = orders.working & (orders.expires <= bar.start[..., np.newaxis])
    orders = orders._replace(status=np.where(lapsed, int(Status.EXPIRED), orders.status))
    seen = _seen(bar, orders.instrument)
    found = reach(orders, seen)
    turns = _Turns(orders, positions, seen, found, bar.liquidity, rules)
    order = np.argsort(found.rank, axis=-1, kind="stable")
    reached = (found.rank < UNREACHED).sum(axis=-1)
    for turn in range(int(reached.max(initial=0))):
        turns.take(order[..., turn : turn + 1])
    after = turns.orders()._replace(
        triggered=orders.triggered | found.triggered, extreme=trailed(orders, seen, found)
    )
    return _ended(after, found.live, bar), turns.positions, turns.fills()


def _ended(orders: Orders, live: Flags, bar: Prices) -> Orders:
    """Immediate orders that met the bar and are not filled end, and those whose time is up."""
    left = orders.working & live & orders.ioc
    late = orders.working & (orders.expires <= bar.end[..., np.newaxis])
    status = np.where(left, int(Status.CANCELLED), orders.status)
    return orders._replace(status=np.where(late & ~left, int(Status.EXPIRED), status))


def _seen(bar: Prices, instrument: Ints) -> Seen:
    prices = (gathered(one, instrument) for one in (bar.open, bar.high, bar.low, bar.close))
    return Seen(bar.start[..., np.newaxis], bar.end[..., np.newaxis], *prices)


def gathered(values: Floats, index: Ints) -> Floats:
    """Per-instrument values (..., k) or (k,) as each order (..., m) sees them."""
    spread = np.broadcast_to(values, (*index.shape[:-1], values.shape[-1]))
    return np.take_along_axis(spread, index, axis=-1)


class _Turns:
    """The orders' own arrays while a bar is matched, one order of each book after the other."""

    def __init__(
        self,
        orders: Orders,
        positions: Floats,
        seen: Seen,
        found: Reach,
        liquidity: Liquidity,
        rules: Rules,
    ) -> None:
        self._before, self._seen, self._found = orders, seen, found
        self._rules, self._liquidity = rules, liquidity
        self.positions = positions.copy()
        self._status, self._filled = orders.status.copy(), orders.filled.copy()
        self._value, self._fees = orders.value.copy(), orders.fees.copy()
        nothing = np.zeros(orders.quantity.shape)
        self._quantities, self._prices, self._charged = nothing.copy(), nothing.copy(), nothing
        most = room(liquidity.volume, rules.lots, rules.costs)
        self._room = np.broadcast_to(most, positions.shape).copy()

    def orders(self) -> Orders:
        return self._before._replace(
            status=self._status, filled=self._filled, value=self._value, fees=self._fees
        )

    def fills(self) -> Fills:
        return Fills(self._quantities, self._prices, self._charged)

    def take(self, which: Ints) -> None:
        """Fill order `which` (..., 1) of each book as far as bar, volume and position allow."""
        before, inst = self._before, _pick(self._before.instrument, which)
        side, reduce_only = _pick(before.side, which), _pick(before.reduce_only, which)
        reached = (_pick(self._found.rank, which) < UNREACHED) & (
            _pick(self._status, which) == Status.WORKING
        )
        left = _pick(before.quantity, which) - _pick(self._filled, which)
        held = np.maximum(-side * _pick(self.positions, inst), 0.0)
        wanted = np.where(reduce_only, np.minimum(left, held), left)
        units = np.where(reached, np.minimum(wanted, _pick(self._room, inst)), 0.0)
        price = self._price(which, inst, side * units)
        self._book(which, inst, side, units, np.where(units > 0, price, 0.0))
        spent = reached & reduce_only & (held - units <= _NOISE) & (left - units > _NOISE)
        _put(self._status, which, spent, int(Status.CANCELLED))
        self._cancel_group(which, units > 0)

    def _price(self, which: Ints, inst: Ints, quantity: Floats) -> Floats:
        costs, liquidity, seen = self._rules.costs, self._liquidity, self._seen
        known = (liquidity.daily_volume, liquidity.volatility)
        daily, volatility = (None if one is None else gathered(one, inst) for one in known)
        moved = impacts(quantity, daily, volatility, costs)
        base, high, low = (_pick(one, which) for one in (self._found.price, seen.high, seen.low))
        price = fill_prices(quantity, base, high, low, costs, moved)
        side, bound = _pick(self._before.side, which), _pick(self._found.bound, which)
        return side * np.minimum(side * price, side * bound)

    def _book(self, which: Ints, inst: Ints, side: Floats, units: Floats, price: Floats) -> None:
        filled = _pick(self._filled, which) + units
        value = _pick(self._value, which) + units * price
        paid = _pick(self._fees, which)
        fee = np.where(units > 0, commission_of(filled, value, self._rules.costs) - paid, 0.0)
        if self._rules.costs.fee_decimals is not None:
            fee = rounded(fee, self._rules.costs.fee_decimals)
        whole = (units > 0) & (_pick(self._before.quantity, which) - filled <= _NOISE)
        for array, values in (
            (self._quantities, side * units),
            (self._prices, price),
            (self._charged, fee),
            (self._filled, np.where(whole, _pick(self._before.quantity, which), filled)),
            (self._value, value),
            (self._fees, paid + fee),
        ):
            np.put_along_axis(array, which, values, axis=-1)
        np.put_along_axis(self.positions, inst, _pick(self.positions, inst) + side * units, -1)
        np.put_along_axis(self._room, inst, _pick(self._room, inst) - units, -1)
        _put(self._status, which, whole, int(Status.FILLED))

    def _cancel_group(self, which: Ints, filled: Flags) -> None:
        group = _pick(self._before.group, which)
        others = (self._before.group == group) & (group > 0) & filled
        others &= np.arange(others.shape[-1]) != which
        cancelled = others & (self._status == Status.WORKING)
        self._status = np.where(cancelled, int(Status.CANCELLED), self._status)


def _pick(values: npt.NDArray[T], which: Ints) -> npt.NDArray[T]:
    return np.take_along_axis(values, which, axis=-1)


def _put(values: Ints, which: Ints, where: Flags, value: int) -> None:
    """`value` into place `which` (..., 1) of the books where `where`."""
    np.put_along_axis(values, which, np.where(where, value, _pick(values, which)), axis=-1)
