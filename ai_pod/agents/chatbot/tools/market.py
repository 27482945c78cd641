"""Last prices, the desk's instruments, and the market's clock."""

import re
from decimal import Decimal

from ai_pod.agents.chatbot.facts import INSTANT, FactBook, instant
from ai_pod.agents.chatbot.question import Question
from ai_pod.agents.chatbot.sources import Sources
from ai_pod.agents.chatbot.tools.statistics import statistics
from ai_pod.agents.chatbot.tools.units import counted, price_unit
from market.words import Instrument, Tick

SOURCE = "market: last trade"

_OTHER_PRICES = re.compile(
    r"\b(open|opening|high|highest|low|lowest|close|closing|volume|average)\b"
)
"""The last trade does not answer for these."""


async def last_price(sources: Sources, question: Question, book: FactBook) -> list[str]:
    """The last trade of each instrument named; other prices are those of bars."""
    if _OTHER_PRICES.search(question.words):
        return await statistics(sources, question, book)
    served = await sources.instruments()
    lines = []
    for name in question.instruments:
        tick = await sources.last_tick(name)
        if tick is not None:
            lines.append(_last(served[name], tick, book))
    return lines


def _last(instrument: Instrument, tick: Tick, book: FactBook) -> str:
    price = round(Decimal(str(tick.price)), instrument.price_decimals)
    source = SOURCE + (" (synthetic)" if tick.synthetic else "")
    label = f"{instrument.id} last price"
    shown = book.add(label, price, price_unit(instrument.currency), tick.at, source)
    at = book.add(f"{label} time", instant(tick.at), INSTANT, tick.at, source)
    synthetic = ", a synthetic price" if tick.synthetic else ""
    return f"{instrument.id} last traded at {shown} on {at}{synthetic}."


async def instruments(sources: Sources, _question: Question, book: FactBook) -> list[str]:
    desk, names = await sources.desk(), await sources.traded()
    if desk is None or not names:
        return []
    count = counted(book, "instruments", len(names), desk.as_of, "desk snapshot: policy line")
    return [f"The desk trades {count}: {', '.join(names)}."]


async def clock(sources: Sources, _question: Question, book: FactBook) -> list[str]:
    now = book.add("market time", instant(sources.now), INSTANT, sources.now, "clock")
    if sources.clock.speed == 1:
        return [f"It is {now}."]
    speed = book.add("clock speed", f"{sources.clock.speed:g}", "times", sources.now, "clock")
    return [f"It is {now} in market time; the clock runs {speed} as fast as real time."]
