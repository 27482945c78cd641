"""Units of facts, facts that count, and what they are about."""

from datetime import datetime

from ai_pod.agents.chatbot.facts import PRICE_SUFFIX, FactBook
from ai_pod.agents.chatbot.question import Question, When


def quantity_unit(instrument: str) -> str:
    """Shares on a stock exchange (its venue is a market identifier code, X…), units elsewhere."""
    venue = instrument.partition(":")[0]
    return "shares" if len(venue) == 4 and venue.startswith("X") else "units"


def price_unit(currency: str) -> str:
    """Prices keep all their decimals; money is shown to the cent."""
    return currency + PRICE_SUFFIX


def counted(book: FactBook, unit: str, number: int, as_of: datetime, source: str) -> str:
    """A count as a fact: `3 positions`, `1 order`."""
    return book.add(f"number of {unit}", str(number), unit, as_of, source)


def about(question: Question) -> str:
    """The side, the instruments and the day that a question names, after a blank; or nothing."""
    parts = []
    if question.side:
        parts.append(f"to {question.side}")
    if question.instruments:
        parts.append("in " + " and ".join(question.instruments))
    if question.day:
        weekday = question.when is When.WEEKDAY
        parts.append(f"on {question.day:%A}" if weekday else str(question.when))
    return " " + " ".join(parts) if parts else ""
