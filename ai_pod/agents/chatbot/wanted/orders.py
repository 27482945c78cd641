"""Orders in words: `buy 10 AAPL`, `sell half of my IBM at 210 today`. Sizes are quantities, or all
or half of what is held; never amounts of money, which would have to be guessed into a quantity.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_DOWN, Decimal

from ai_pod.agents.chatbot.facts import FactBook
from ai_pod.agents.chatbot.tools.units import price_unit, quantity_unit
from ai_pod.agents.chatbot.wanted.said import NUMBER, Said, Unclear, amount
from ai_pod.contracts.desk import DeskSnapshot
from ai_pod.contracts.intents import WantedOrder
from market.simulator.words import OrderType, TimeInForce
from market.words import Instrument

_PLACED = (
    r"^(?:place|prepare|put in|enter|make|send) an? (?:(limit|market|stop) )?order (?:to|for) "
)
_VERB = r"^(buy|purchase|sell|dump|offload)\b"
_CLOSE = (
    r"^(?:get rid of|liquidate|exit|"
    r"close(?: out)?(?= (?:my|our|the|all)\b|.* position$))\b"
)

_PRICE = rf"\$?\s?({NUMBER})(?:\s?(?:usd|dollars)\b)?(?![\w%])"
_STOP = rf"\b(?:with an? |at an? )?stop(?: loss)?(?: order)?(?: price)?(?: at| of)? {_PRICE}"
_LIMIT = (
    rf"\b(?:(?:with |at )?an? )?limit(?: order)?(?: price)?(?: at| of)? {_PRICE}",
    rf"\bat(?: most| least)? {_PRICE}(?: or (?:better|less|more|lower|higher))?",
)
_AUCTIONS = {
    OrderType.MARKET_ON_OPEN: r"\b(?:at|on) the (?:next )?open\b|\bmarket on open\b",
    OrderType.MARKET_ON_CLOSE: r"\b(?:at|on) the (?:next )?close\b|\bmarket on close\b",
}
_MARKET = r"\b(?:at |a )?(?:the )?market(?: price| order)?\b"
_STANDS = {
    TimeInForce.DAY: r"\b(?:good )?(?:for )?(?:the day|today|day)(?: only| order)?\b",
    TimeInForce.GTC: r"\bgtc\b|\bgood (?:till|until) cancel(?:l)?ed\b",
    TimeInForce.IOC: r"\bioc\b|\bimmediate or cancel\b",
}
_MONEY = r"[$€£]\s?\d|\b\d[\d,.]*\s?(?:usd|dollars?|eur|euros?|bucks|k|%|percent)(?!\w)|\bworth\b"
_SHARE = r"\b(all|everything|half)\b(?: of)?"
_QUANTITY = rf"(?<![\w.])({NUMBER})\s*(?:more )?(?:shares?|units?|pieces?|coins?|x)?(?![\w%.])"
_FILLERS = "shares share stock stocks position holding holdings some more additional units order"

_KINDS = {
    OrderType.MARKET: "at the market",
    OrderType.MARKET_ON_OPEN: "at the next opening auction",
    OrderType.MARKET_ON_CLOSE: "at the next closing auction",
}
_UNTIL = {"day": ", for the day", "gtc": ", until it is cancelled", "ioc": ", at once or never"}


def read_order(
    said: Said, served: Mapping[str, Instrument], desk: DeskSnapshot | None
) -> WantedOrder | None:
    """The order that is asked for; None when none is. Raises Unclear."""
    placed = said.take(_PLACED)
    verb = said.take(_VERB)
    closes = None if verb else said.take(_CLOSE)
    if verb is None and closes is None:
        return None
    buys = verb is not None and verb.group(1) in ("buy", "purchase")
    kind, limit, stop = _terms(said, placed.group(1) if placed else None)
    stands = next((one for one, form in _STANDS.items() if said.take(form)), None)
    priced_by_value = re.search(_MONEY, said.rest)
    whole = said.take(_SHARE)
    counted = said.take(_QUANTITY)
    instrument = said.take_instrument()
    if instrument is None:
        if whole or counted:
            _check_named(said, served)
        return None
    if priced_by_value:
        raise Unclear("I prepare orders by quantity, not by value: say how many shares.")
    if not said.check_read(_FILLERS):
        return None
    if whole and buys:
        raise Unclear("A part of a position, or all of it, can only be sold: say how many to buy.")
    if whole and counted:
        raise Unclear("Say either a number or how much of the position, not both.")
    number = _number(counted)
    if whole or closes:
        quantity = _part(_held(desk, instrument), number, whole, served[instrument])
    elif number is None:
        raise Unclear(f"Say how many of {instrument}: the number is missing.")
    else:
        quantity = number
    if verb and quantity < 0:
        raise Unclear(f"The desk is short of {instrument}: buy to close that.")
    return WantedOrder(
        instrument=instrument,
        side="buy" if buys or quantity < 0 else "sell",
        quantity=abs(quantity),
        order_type=kind,
        limit_price=limit,
        stop_price=stop,
        time_in_force=stands,
    )


def _terms(said: Said, placed: str | None) -> tuple[OrderType, Decimal | None, Decimal | None]:
    """Type, limit and stop. Raises Unclear for a type whose price is missing."""
    for kind, form in _AUCTIONS.items():
        if said.take(form):
            return kind, None, None
    stop = said.take(_STOP)
    limit = next((found for form in _LIMIT if (found := said.take(form))), None)
    said.take(_MARKET)
    if placed in ("limit", "stop") and limit is None and stop is None:
        raise Unclear(f"A {placed} order needs its price: say at which.")
    kinds = {
        (False, False): OrderType.MARKET,
        (True, False): OrderType.LIMIT,
        (False, True): OrderType.STOP,
        (True, True): OrderType.STOP_LIMIT,
    }
    kind = kinds[limit is not None, stop is not None]
    if placed == "stop" and kind is OrderType.LIMIT and limit is not None:
        return OrderType.STOP, None, amount(limit.group(1))
    return kind, _number(limit), _number(stop)


def _number(found: re.Match[str] | None) -> Decimal | None:
    return amount(found.group(1)) if found else None


def _check_named(said: Said, served: Mapping[str, Instrument]) -> None:
    """Raises Unclear where a size is told, and what it is of is none of our instruments."""
    left = said.left(_FILLERS)
    if left:
        known = ", ".join(sorted(one.symbol for one in served.values())[:12])
        raise Unclear(
            f"I cannot prepare that: “{{}}” is none of the instruments ({known}).",
            said.quoted(left),
        )


def _held(desk: DeskSnapshot | None, instrument: str) -> Decimal:
    """What is held, signed. Raises Unclear where it is nothing."""
    positions = desk.positions if desk else ()
    held = next((one.quantity for one in positions if one.instrument == instrument), Decimal(0))
    if not held:
        raise Unclear(f"The desk holds nothing of {instrument}.")
    return held


def _part(
    held: Decimal, number: Decimal | None, whole: re.Match[str] | None, instrument: Instrument
) -> Decimal:
    """So many, all or half of what is held, signed; half is rounded down. Raises Unclear."""
    if number is not None and number > abs(held):
        raise Unclear(f"The desk holds less of {instrument.id} than that.")
    if number is not None:
        return number.copy_sign(held)
    if whole is None or whole.group(1) != "half":
        return held
    step = Decimal(1).scaleb(-instrument.quantity_decimals)
    half = (held / 2).quantize(step, rounding=ROUND_DOWN)
    if not half:
        raise Unclear(f"That part of the position in {instrument.id} is less than can be ordered.")
    return half


def order_in_words(wanted: WantedOrder, currency: str, book: FactBook, as_of: datetime) -> str:
    """`buy 10 shares of XNYS:AAPL at the market`, with references."""
    source = "your words, with the desk snapshot"
    unit = quantity_unit(wanted.instrument)
    quantity = book.add("order quantity", wanted.quantity, unit, as_of, source)
    words = [f"{wanted.side} {quantity} of {wanted.instrument}"]
    words += [_KINDS[kind] for kind in _KINDS if kind == wanted.order_type]
    for name, price in (("stop", wanted.stop_price), ("limit", wanted.limit_price)):
        if price is not None:
            shown = book.add(f"{name} price", price, price_unit(currency), as_of, source)
            words.append(f"with a {name} at {shown}")
    return " ".join(words) + _UNTIL.get(wanted.time_in_force or "", "")
