"""Units of facts, and facts that count."""

from datetime import datetime

from ai_pod.agents.chatbot.facts import PRICE_SUFFIX, FactBook


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
