"""Cancelling open orders in words: `cancel my GOOG order`, `cancel all sell orders`. What is to be
cancelled are the orders that are open now, by their ids; an order that comes later is not.
"""

from decimal import Decimal

from ai_pod.agents.chatbot.facts import FactBook
from ai_pod.agents.chatbot.tools.units import counted, quantity_unit
from ai_pod.agents.chatbot.wanted.said import NUMBER, Said, Unclear, amount
from ai_pod.contracts.desk import DeskSnapshot, OrderView
from ai_pod.contracts.intents import WantedCancel

SHOWN = 5
MOST = 100

_VERB = r"^(?:cancel|withdraw|revoke|call off)\b"
_ALL = r"\b(?:all|every|everything|any)\b"
_ORDER = r"\border(s?)\b"
_SIDE = r"\b(buy|sell|buying|selling|purchase|sale)\b"
_NEWEST = r"\b(?:last|latest|newest|most recent)\b"
_EACH = r"(?![\w%.])(?! (?:shares?|units?)\b)"
_HOW_MANY = rf"(?<![\w.]){NUMBER}{_EACH}(?: \w+){{0,3}}? orders\b|{_NEWEST} {NUMBER}{_EACH}"
"""`my last 3 orders`: a number of orders, and of no order's shares."""

_QUANTITY = rf"(?<![\w.])({NUMBER})(?: shares?| units?)?(?![\w%.])"
_FILLERS = "open pending working resting for to one single placed it that this which are is shares"
_SIDES = {"buy": "buy", "buying": "buy", "purchase": "buy"}
_SOURCE = "desk snapshot: open orders"


def read_cancel(said: Said, desk: DeskSnapshot | None) -> WantedCancel | None:
    """The orders that shall be cancelled; None when none shall. Raises Unclear."""
    if said.take(_VERB) is None:
        return None
    if said.take(_HOW_MANY):
        raise Unclear("Say which orders: their instrument, their side, or all of them.")
    whole, order = said.take(_ALL), said.take(_ORDER)
    side, newest = said.take(_SIDE), said.take(_NEWEST)
    number = said.take(_QUANTITY)
    instrument = said.take_instrument()
    everything = whole is not None and "everything" in whole.group()
    if order is None and instrument is None and not everything:
        return None
    if not said.check_read(_FILLERS):
        return None
    fitting = [
        one
        for one in (desk.open_orders if desk else ())
        if instrument in (None, one.instrument)
        and (side is None or one.side.lower() == _SIDES.get(side.group(1), "sell"))
        and (number is None or one.quantity == amount(number.group(1)))
    ]
    if newest is not None:
        fitting = sorted(fitting, key=lambda one: one.created_at)[-1:]
    several = whole is not None or (order is not None and order.group(1) == "s")
    return WantedCancel(orders=_ids(fitting, several), instrument=instrument)


def _ids(fitting: list[OrderView], several: bool) -> tuple[str, ...]:
    if not fitting:
        raise Unclear("The desk has no such open order: there is nothing to cancel.")
    if len(fitting) > MOST:
        raise Unclear("Those are too many orders at once: name an instrument, or halt the desk.")
    if len(fitting) > 1 and not several:
        raise Unclear(
            "Several open orders fit that: say all of them, or name the instrument, the side or "
            "the quantity."
        )
    return tuple(one.id for one in fitting)


def cancel_in_words(wanted: WantedCancel, desk: DeskSnapshot, book: FactBook) -> str:
    """`cancel 1 open order: buy 12 shares of XNYS:GOOG`, with references."""
    orders = [one for one in desk.open_orders if one.id in wanted.orders]
    count = counted(book, "open orders", len(orders), desk.as_of, _SOURCE)
    said = [_order(one, desk, book) for one in orders[:SHOWN]]
    more = " and more" if len(orders) > SHOWN else ""
    return f"cancel {count}: {'; '.join(said)}{more}"


def _order(order: OrderView, desk: DeskSnapshot, book: FactBook) -> str:
    unit, left = quantity_unit(order.instrument), Decimal(order.quantity - order.filled)
    source = f"{_SOURCE}: {order.client_order_id}"
    rest = book.add("quantity not filled", left, unit, desk.as_of, source)
    return f"{order.side.lower()} {rest} of {order.instrument}"
