"""Splits and dividends: they change no book's worth, and keep open orders where they were meant."""

import numpy as np

from market.simulator.matching import gathered
from market.simulator.money import Floats
from market.simulator.orders import whole_lots
from market.simulator.resting import Orders, Status
from market.simulator.words import OrderType


def split_positions(
    positions: Floats, ratios: Floats, closes: Floats, lots: Floats | float
) -> tuple[Floats, Floats]:
    """(positions (..., k), money in lieu (..., k) in the instruments' currencies).

    `ratios` are new units for an old one (4 for 4:1, 0.1 for a reverse split of ten), `closes` the
    last prices before it. A fraction of a lot is paid out at the last price.
    """
    exact = positions * ratios
    whole = whole_lots(exact, lots)
    price = np.where(exact != whole, closes / ratios, 0.0)
    return whole, (exact - whole) * price


def split_orders(orders: Orders, ratios: Floats, lots: Floats | float) -> Orders:
    """Quantities times, prices divided by the ratio; working orders are cancelled by a reverse
    split and where no lot is left of them (FINRA Rule 5330).
    """
    ratio = gathered(ratios, orders.instrument)
    sizes = np.broadcast_to(np.asarray(lots, dtype=np.float64), ratios.shape[-1:])
    filled = orders.filled * ratio
    left = whole_lots(orders.remaining * ratio, gathered(sizes, orders.instrument))
    gone = orders.working & ((ratio < 1) | (left <= 0))
    return orders._replace(
        quantity=np.where(orders.working & ~gone, filled + left, orders.quantity * ratio),
        filled=filled,
        limit=orders.limit / ratio,
        stop=orders.stop / ratio,
        trail=orders.trail / ratio,
        extreme=orders.extreme / ratio,
        status=np.where(gone, int(Status.CANCELLED), orders.status),
    )


def dividend_orders(orders: Orders, dividends: Floats) -> Orders:
    """Limits to buy and stops to sell are lowered by the dividend (..., k) per unit, others stay
    (FINRA Rule 5330); an order without a positive price left is cancelled.
    """
    paid = gathered(dividends, orders.instrument)
    lower_stop = np.where(orders.side < 0, orders.stop - paid, orders.stop)
    resting_buy = orders.of_kind(OrderType.LIMIT) & (orders.side > 0)
    stop_sale = orders.of_kind(OrderType.STOP_LIMIT) & (orders.side < 0)
    lower_limit = np.where(resting_buy | stop_sale, orders.limit - paid, orders.limit)
    gone = orders.working & ((lower_stop <= 0) | (lower_limit <= 0))
    # A trailing sale follows the best price, which the dividend lowers for all the same.
    best = np.where(orders.side < 0, orders.extreme - paid, orders.extreme)
    return orders._replace(
        stop=lower_stop,
        limit=lower_limit,
        extreme=best,
        status=np.where(gone, int(Status.CANCELLED), orders.status),
    )
