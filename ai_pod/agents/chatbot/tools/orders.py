"""Open orders and recent fills, from the desk's snapshot."""

from ai_pod.agents.chatbot.facts import INSTANT, FactBook, instant
from ai_pod.agents.chatbot.question import Question
from ai_pod.agents.chatbot.sources import Sources
from ai_pod.agents.chatbot.tools.units import about, counted, price_unit, quantity_unit
from ai_pod.contracts.desk import DeskSnapshot, FillView, OrderView

ORDERS = "desk snapshot: open orders"
FILLS = "desk snapshot: recent fills"
SHOWN = 5

_PLAIN = ("market", "limit")
"""Kinds that are called an order and no more."""

_DONE = {"buy": "Bought", "sell": "Sold"}


async def open_orders(sources: Sources, question: Question, book: FactBook) -> list[str]:
    """The open orders, of the instruments and the side named."""
    desk = await sources.desk()
    if desk is None:
        return []
    orders = [one for one in desk.open_orders if _asked(one, question)]
    orders = [one for one in orders if question.day in (None, one.created_at.date())]
    count = counted(book, "open orders", len(orders), desk.as_of, ORDERS)
    lines = [_order(desk, one, book) for one in orders[:SHOWN]]
    return [f"The desk has {count}{about(question)}.", *lines]


def _order(desk: DeskSnapshot, order: OrderView, book: FactBook) -> str:
    unit = quantity_unit(order.instrument)
    source = f"{ORDERS}: {order.client_order_id}"
    quantity = book.add("order quantity", order.quantity, unit, desk.as_of, source)
    filled = book.add("filled quantity", order.filled, unit, desk.as_of, source)
    since = book.add("order time", instant(order.created_at), INSTANT, desk.as_of, source)
    side, state = order.side.lower(), order.state.lower()
    kind = "" if order.kind in _PLAIN else order.kind.replace("_", "-") + " "
    called = f"{kind}order".capitalize()
    return (
        f"{called} to {side} {quantity} of {order.instrument}, {state}, {filled} filled, "
        f"since {since}."
    )


async def fills(sources: Sources, question: Question, book: FactBook) -> list[str]:
    """The recent fills, newest first, of the instruments, the side and the day named."""
    desk = await sources.desk()
    if desk is None:
        return []
    found = [one for one in desk.recent_fills if _asked(one, question)]
    found = [one for one in found if question.day in (None, one.at.date())]
    found.sort(key=lambda one: one.at, reverse=True)
    count = counted(book, "fills", len(found), desk.as_of, FILLS)
    concerning = about(question)
    if not found:
        return [f"The desk's recent fills: {count}{concerning}."]
    lines = [_fill(desk, one, book) for one in found[:SHOWN]]
    return [f"The desk's recent fills: {count}{concerning}, the newest first.", *lines]


def _fill(desk: DeskSnapshot, fill: FillView, book: FactBook) -> str:
    source, as_of = f"{FILLS}: {fill.id}", desk.as_of
    unit = quantity_unit(fill.instrument)
    quantity = book.add("fill quantity", fill.quantity, unit, as_of, source)
    price = book.add("fill price", fill.price, price_unit(desk.currency), as_of, source)
    fee = book.add("fill fee", fill.fee, desk.currency, as_of, source)
    at = book.add("fill time", instant(fill.at), INSTANT, as_of, source)
    done = _DONE[fill.side.lower()]
    return f"{done} {quantity} of {fill.instrument} at {price} on {at}, with a fee of {fee}."


def _asked(one: OrderView | FillView, question: Question) -> bool:
    return (not question.instruments or one.instrument in question.instruments) and (
        question.side in (None, one.side.lower())
    )
