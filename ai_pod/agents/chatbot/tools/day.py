"""What the market day has brought so far, from the desk's snapshot."""

from decimal import Decimal

from ai_pod.agents.chatbot.facts import INSTANT, PERCENT, WORD, FactBook, instant
from ai_pod.agents.chatbot.question import Question
from ai_pod.contracts.desk import DayView, DeskSnapshot

SOURCE = "desk snapshot: day"


def of_today(desk: DeskSnapshot, question: Question, book: FactBook) -> list[str]:
    """The desk's change in equity since its day began, and what it is made of; of the instruments
    named, what was realised. Nothing from a back end that does not tell of days.
    """
    if desk.day is None:
        return []
    told = _Told(desk, desk.day, book)
    day = desk.as_of.date()
    today = "Today" if question.day in (None, day) else f"On {told.word('day', day.isoformat())}"
    if question.instruments:
        return [told.instrument(name, today) for name in question.instruments]
    return [told.change(today), told.parts()]


class _Told:
    """Sentences of one day, and the facts that they enter."""

    def __init__(self, desk: DeskSnapshot, day: DayView, book: FactBook) -> None:
        self._desk, self._day, self._book = desk, day, book
        self._gained = desk.equity - day.opening

    def change(self, today: str) -> str:
        desk, opening = self._desk, self._day.opening
        verb = "gained" if self._gained >= 0 else "lost"
        gained = self._money("result today", abs(self._gained))
        share = f", {self._share(abs(self._gained / opening))}" if opening else ""
        since = "with which it began"
        if self._day.marked_at is not None:
            since = f"its equity at {self._at('equity marked', instant(self._day.marked_at))}"
        return (
            f"{today} the desk has {verb} {gained}{share}: from "
            f"{self._money('equity before today', opening)}, {since}, to "
            f"{self._money('equity', desk.equity)}."
        )

    def parts(self) -> str:
        realised, fees = sum(self._day.realised.values(), Decimal(0)), self._day.fees
        held = self._gained - realised + fees
        return (
            f"Of this, {self._money('realised result today', realised)} was realised, "
            f"{self._money('unrealised change today', held)} came from the prices of what it "
            f"holds, and {self._money('fees today', fees)} went in fees."
        )

    def instrument(self, name: str, today: str) -> str:
        """The price at which the day began is not on record by instrument: no change is told."""
        realised = self._money(
            f"{name} realised result today", self._day.realised.get(name, Decimal(0))
        )
        held = next((one for one in self._desk.positions if one.instrument == name), None)
        if held is None or not held.quantity:
            return f"{today} {realised} was realised in {name}, of which nothing is held now."
        unrealised = self._money(f"{name} unrealised result", held.unrealised)
        return (
            f"{today} {realised} was realised in {name}; what is held of it has an unrealised "
            f"result of {unrealised} since it was opened, which may be before today."
        )

    def word(self, label: str, word: str) -> str:
        return self._book.add(label, word, WORD, self._desk.as_of, SOURCE)

    def _money(self, label: str, value: Decimal) -> str:
        return self._book.add(label, value, self._desk.currency, self._desk.as_of, SOURCE)

    def _share(self, value: Decimal) -> str:
        return self._book.add("return today", value, PERCENT, self._desk.as_of, SOURCE)

    def _at(self, label: str, value: str) -> str:
        return self._book.add(label, value, INSTANT, self._desk.as_of, SOURCE)
