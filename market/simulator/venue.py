"""A market venue as a value: books, resting orders and the last prices. `advance` takes it over one
bar and returns the next; it can be written down between any two events and gone on with.

Event-driven backtests use it whole; the paper broker, whose books are kept elsewhere, matches by
the same functions. Money is in the book's currency; what an instrument of another currency pays is
exchanged at the bar's own rate.
"""

from io import BytesIO
from typing import Any, NamedTuple

import numpy as np

from market.simulator import corporate
from market.simulator.accounting import carry, equity
from market.simulator.checks import Check, refuse_first, refuse_shape
from market.simulator.matching import Fills, Prices, Rules, gathered, match
from market.simulator.money import Floats
from market.simulator.resting import Flags, Ints, Orders, Status, check_orders, orders_of
from market.simulator.step import Book, start

_DAY_NS = 86_400_000_000_000
_NO_TIME = -1


class Venue(NamedTuple):
    """`closes` and `rates` (..., k) are the last known (NaN before the first bar), `at` (...) the
    last bar's end in ns.
    """

    book: Book
    orders: Orders
    closes: Floats
    rates: Floats
    at: Ints


class Events(NamedTuple):
    """What a bar brings besides prices, each (..., k) or None: units of the book's currency for one
    of the instrument's, new units for an old one (a split before the open), and dividends per unit
    held overnight, in the instrument's currency.
    """

    rates: Floats | None = None
    splits: Floats | None = None
    dividends: Floats | None = None


NOTHING = Events()


def opened(cash: float, k: int, batch: tuple[int, ...] = ()) -> Venue:
    """A venue with books of `cash` alone and no orders."""
    empty = orders_of([]).at(np.zeros(0, np.int64))
    unknown = np.full((*batch, k), np.nan)
    spread = Orders._make(np.broadcast_to(one, (*batch, 0)) for one in empty)
    at = np.full(batch, _NO_TIME, dtype=np.int64)
    return Venue(start(cash, k, batch), spread, unknown, np.ones_like(unknown), at)


def place(venue: Venue, orders: Orders) -> Venue:
    """The venue with more orders, (m,) for all books or (..., m); they take bars from `since` on.

    Raises ValueError for an order that makes no sense.
    """
    check_orders(orders)
    k, batch = venue.closes.shape[-1], venue.at.shape
    refuse_first(
        [(orders.working & (orders.instrument >= k), f"there are {k} instruments")], "order"
    )
    shape = (*batch, orders.kind.shape[-1])
    spread = (np.broadcast_to(one, shape) for one in orders)
    pairs = zip(venue.orders, spread, strict=True)
    return venue._replace(orders=Orders._make(np.concatenate(pair, axis=-1) for pair in pairs))


def cancel(venue: Venue, which: Flags) -> Venue:
    """The venue without those working orders (..., m)."""
    cancelled = venue.orders.working & which
    status = np.where(cancelled, int(Status.CANCELLED), venue.orders.status)
    return venue._replace(orders=venue.orders._replace(status=status))


def without_ended(venue: Venue) -> Venue:
    """Orders that no book works on any more are forgotten, so that long runs stay small."""
    kept = np.asarray(venue.orders.working.any(axis=tuple(range(venue.at.ndim))))
    return venue._replace(orders=venue.orders.at(kept))


def worth(venue: Venue) -> Floats:
    """Equity (...) of the books at the last closes and rates."""
    return equity(venue.book.cash, venue.book.positions, venue.closes * venue.rates)


def advance(
    venue: Venue, bar: Prices, rules: Rules, events: Events = NOTHING
) -> tuple[Venue, Fills]:
    """The venue after the bar, and what it filled of the orders that were there before it.

    Holding is charged for the calendar time since the bar before, then splits and dividends come,
    then orders meet the bar. Raises ValueError that names instrument and reason for a bar that no
    market can have made.
    """
    check_bar(venue, bar, events)
    rates = (
        venue.rates if events.rates is None else np.broadcast_to(events.rates, venue.rates.shape)
    )
    venue = _acted(_carried(venue, bar, rules), rules, events, rates)
    orders, positions, fills = match(venue.orders, venue.book.positions, bar, rules)
    paid = np.where(fills.quantities != 0, fills.quantities * fills.prices, 0.0) + fills.fees
    cash = venue.book.cash - (paid * gathered(rates, orders.instrument)).sum(axis=-1)
    closes = np.where(bar.open > 0, bar.close, venue.closes)
    at = np.broadcast_to(bar.end, venue.at.shape)
    return Venue(Book(cash, positions), orders, closes, rates, at), fills


def _carried(venue: Venue, bar: Prices, rules: Rules) -> Venue:
    if not rules.costs.carries:
        return venue
    days = np.where(venue.at == _NO_TIME, 0.0, (bar.end - venue.at) / _DAY_NS)
    cash, positions = venue.book
    gained = carry(cash, positions, venue.closes * venue.rates, days, rules.costs)
    return venue._replace(book=Book(cash + gained, positions))


def _acted(venue: Venue, rules: Rules, events: Events, rates: Floats) -> Venue:
    (cash, positions), orders, closes = venue.book, venue.orders, venue.closes
    if events.splits is not None:
        ratios = np.broadcast_to(events.splits, closes.shape)
        positions, lieu = corporate.split_positions(positions, ratios, closes, rules.lots)
        cash = cash + (lieu * rates).sum(axis=-1)
        orders = corporate.split_orders(orders, ratios, rules.lots)
        closes = closes / ratios
    if events.dividends is not None:
        dividends = np.broadcast_to(events.dividends, closes.shape)
        cash = cash + (positions * dividends * rates).sum(axis=-1)
        orders = corporate.dividend_orders(orders, dividends)
    return venue._replace(book=Book(cash, positions), orders=orders, closes=closes)


def check_bar(venue: Venue, bar: Prices, events: Events = NOTHING) -> None:
    """Raises ValueError for a bar of another shape, out of time, or with impossible prices."""
    named = bar._asdict() | bar.liquidity._asdict() | events._asdict()
    arrays = {name: one for name, one in named.items() if isinstance(one, np.ndarray | np.floating)}
    for name, one in arrays.items():
        if name not in ("start", "end"):
            refuse_shape(name, one.shape, venue.closes.shape)
    times = np.broadcast_to(bar.start, venue.at.shape), np.broadcast_to(bar.end, venue.at.shape)
    late = [
        ((times[0] < venue.at)[..., np.newaxis], "it starts before the last bar's end"),
        ((times[1] <= times[0])[..., np.newaxis], "it ends before it starts"),
    ]
    refuse_first(late, "bar")
    refuse_first([*_prices(bar), *_sound(events)], "instrument")


def _prices(bar: Prices) -> list[Check]:
    there = ~np.isnan(bar.open)
    checks = [
        (there & ~(np.isfinite(one) & (one > 0)), f"{name} is no positive number")
        for name, one in zip(("open", "high", "low", "close"), bar[2:6], strict=True)
    ]
    for name, one in (("open", bar.open), ("close", bar.close)):
        outside = (one < bar.low) | (one > bar.high)
        checks.append((there & outside, f"{name} is outside [low, high]"))
    if bar.liquidity.volume is not None:
        checks.append((bar.liquidity.volume < 0, "volume is negative"))
    return checks


def _sound(events: Events) -> list[Check]:
    named = {"rates": events.rates, "splits": events.splits}
    checks: list[Check] = [
        (~(np.isfinite(one) & (one > 0)), f"{name} holds no positive number")
        for name, one in named.items()
        if one is not None
    ]
    if events.dividends is not None:
        checks.append((~(events.dividends >= 0), "dividends holds no number of 0 or more"))
    return checks


def dumped(venue: Venue) -> bytes:
    """The venue as bytes (numpy's npz), for `loaded`."""
    named: dict[str, Any] = {f"orders.{name}": one for name, one in venue.orders._asdict().items()}
    named |= venue.book._asdict() | {"closes": venue.closes, "rates": venue.rates, "at": venue.at}
    file = BytesIO()
    np.savez(file, **named)
    return file.getvalue()


def loaded(data: bytes) -> Venue:
    """The very venue that was dumped."""
    with np.load(BytesIO(data), allow_pickle=False) as stored:
        orders = Orders._make(stored[f"orders.{name}"] for name in Orders._fields)
        book = Book(stored["cash"], stored["positions"])
        return Venue(book, orders, stored["closes"], stored["rates"], stored["at"])
