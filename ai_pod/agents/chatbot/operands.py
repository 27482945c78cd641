"""What may stand in a calculation: figures of the desk, prices, and numbers of the person's own."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from ai_pod.agents.chatbot.calculator import CalculationError
from ai_pod.agents.chatbot.facts import NUMBER, PERCENT, FactBook
from ai_pod.agents.chatbot.numbers import SPELLED, currency
from ai_pod.agents.chatbot.sources import Sources
from ai_pod.agents.chatbot.tools.market import SOURCE as PRICES
from ai_pod.agents.chatbot.tools.units import price_unit, quantity_unit
from ai_pod.agents.chatbot.wanted.said import LONGEST_NUMBER, amount
from ai_pod.agents.chatbot.wanted.said import NUMBER as DIGITS
from ai_pod.contracts.desk import DeskSnapshot
from market.words import Instrument

_OWN = r"(?:(?:the|my|our|this|desk's|desk|total|current) )*"
_FIGURES = {
    "cash": rf"{_OWN}cash(?: balance)?",
    "equity": rf"{_OWN}(?:equity|account value|net worth)",
    "fees": rf"{_OWN}(?:fees|commissions)(?: paid)?",
    "starting cash": rf"{_OWN}(?:starting|initial) cash",
    "market value of positions": rf"{_OWN}(?:positions|market value|exposure)",
    "unrealised result": rf"{_OWN}unreali[sz]ed (?:result|gain|loss|profit)",
}
_MASK = r"(i\d+i)(?:'s)?"
_VALUE = (
    rf"{_OWN}(?:market )?value of {_OWN}{_MASK}(?: (?:position|shares|holding))?",
    rf"{_OWN}{_MASK} (?:position|holding|market value|position value)",
)
_QUANTITY = (rf"{_OWN}(?:number of )?{_OWN}shares of {_MASK}", rf"{_OWN}{_MASK} shares")
_PRICE = (
    rf"{_OWN}(?:last |share )*price of (?:an? share of )?{_MASK}",
    rf"{_OWN}{_MASK} (?:last |share )?price",
    rf"{_OWN}{_MASK}",
)
_NUMBER = re.compile(rf"([$€£]?)({DIGITS})\s?(%|percent|per cent|{SPELLED})?")
_SNAPSHOT = "desk snapshot"
_SAID = "your words"

Operand = tuple[str, str]
"""Its name in an expression, and its words with the reference."""


class Operands:
    """Enters operands as facts; `instruments` by the masks that stand for them in the text."""

    def __init__(
        self, sources: Sources, book: FactBook, instruments: Mapping[str, Instrument]
    ) -> None:
        self._sources = sources
        self._book = book
        self.instruments = instruments

    async def operand(self, phrase: str) -> Operand | None:
        """The fact that `phrase` names; None when nothing here does."""
        plain, desk = phrase.strip(), await self._sources.desk()
        if desk is None:
            return None
        if number := _NUMBER.fullmatch(plain):
            return self._number(number, desk)
        for label, form in _FIGURES.items():
            if re.fullmatch(form, plain):
                return self._entered(label, _figures(desk)[label], desk.currency, desk)
        for forms, kind in ((_VALUE, "market value"), (_QUANTITY, "quantity")):
            if held := self._named(forms, plain):
                return self._held(held.id, kind, desk)
        if traded := self._named(_PRICE, plain):
            return await self._price(traded)
        return None

    async def _price(self, instrument: Instrument) -> Operand | None:
        """The last trade's price, in the instrument's currency and to its decimals."""
        tick = await self._sources.last_tick(instrument.id)
        if tick is None:
            return None
        value = round(Decimal(str(tick.price)), instrument.price_decimals)
        label, unit = f"{instrument.id} last price", price_unit(instrument.currency)
        source = PRICES + (" (synthetic)" if tick.synthetic else "")
        reference = self._book.add(label, value, unit, tick.at, source)
        return _operand(label, reference)

    def _number(self, found: re.Match[str], desk: DeskSnapshot) -> Operand:
        """Raises CalculationError for a number that is too long, or of another currency."""
        if len(found.group(2)) > LONGEST_NUMBER:
            raise CalculationError("That number has more digits than I calculate with.")
        value, sign, unit = amount(found.group(2)), found.group(1), found.group(3) or ""
        if unit in ("%", "percent", "per cent"):
            value, kind, unit = value / 100, PERCENT, ""
        else:
            kind = desk.currency if sign or unit else NUMBER
        if {currency(one) for one in (sign, unit) if one} - {desk.currency}:
            raise CalculationError(f"I calculate in {desk.currency} and convert nothing into it.")
        reference = self._book.add("your number", value, kind, self._sources.now, _SAID)
        return reference[1:-1], reference

    def _held(self, instrument: str, kind: str, desk: DeskSnapshot) -> Operand:
        held = next((one for one in desk.positions if one.instrument == instrument), None)
        if kind == "quantity":
            value, unit = held.quantity if held else Decimal(0), quantity_unit(instrument)
        else:
            value, unit = held.market_value if held else Decimal(0), desk.currency
        return self._entered(f"{instrument} {kind}", value, unit, desk)

    def _entered(self, label: str, value: Decimal, unit: str, desk: DeskSnapshot) -> Operand:
        return _operand(label, self._book.add(label, value, unit, desk.as_of, _SNAPSHOT))

    def _named(self, forms: Sequence[str], plain: str) -> Instrument | None:
        """The instrument whose mask stands in the first form that fits."""
        found = next(filter(None, (re.fullmatch(form, plain) for form in forms)), None)
        return self.instruments.get(found.group(1)) if found else None


def _operand(label: str, reference: str) -> Operand:
    return reference[1:-1], f"{label} {reference}"


def _figures(desk: DeskSnapshot) -> dict[str, Decimal]:
    return {
        "cash": desk.cash,
        "equity": desk.equity,
        "fees": desk.fees,
        "starting cash": desk.starting_cash,
        "market value of positions": sum((one.market_value for one in desk.positions), Decimal(0)),
        "unrealised result": sum((one.unrealised for one in desk.positions), Decimal(0)),
    }
