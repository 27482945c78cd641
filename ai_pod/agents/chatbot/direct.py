"""What is answered by rules alone, before anything is compared with examples: a request to do
something, and a calculation. A model has no part in either.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from ai_pod.agents.chatbot.calculation import calculate
from ai_pod.agents.chatbot.calculator import CalculationError
from ai_pod.agents.chatbot.facts import NUMBER, WORD, FactBook
from ai_pod.agents.chatbot.german.spoken import Heard
from ai_pod.agents.chatbot.sources import Sources
from ai_pod.agents.chatbot.wanted import in_words, read_wanted
from ai_pod.agents.chatbot.wanted.said import Unclear
from ai_pod.contracts.intents import Wanted

PREPARE = "prepare"
CALCULATE = "calculate"


@dataclass(frozen=True)
class Direct:
    """The tool that answered, and its sentences with references; `wanted` waits for a person."""

    tool: str
    lines: list[str] = field(default_factory=list)
    wanted: Wanted | None = None


NOT_HERE = (
    "Nothing can be ordered or changed from here: ask for it on the desk's page, where you can "
    "confirm it."
)


def unprepared(direct: Direct) -> Direct:
    """The answer to a program, for which nobody could confirm what it asks to be done."""
    return direct if direct.tool != PREPARE else Direct(PREPARE, [NOT_HERE])


async def directly(heard: Heard, sources: Sources, book: FactBook) -> Direct | None:
    """The answer to a request or a calculation, and how its numbers were read where they could be
    others; None for any other text.
    """
    direct = await _directly(heard.text, sources, book)
    if direct is not None:
        direct.lines.extend(_reading(number, sources, book) for number in heard.either)
    return direct


def _reading(typed: str, sources: Sources, book: FactBook) -> str:
    said = book.add("number as typed", typed, WORD, sources.now, "your words")
    number = Decimal(typed.replace(".", ""))
    read = book.add("number as read", number, NUMBER, sources.now, "your words")
    return f"Your {said} was read as {read}, as German writes it; a decimal point is a comma there."


async def _directly(text: str, sources: Sources, book: FactBook) -> Direct | None:
    try:
        if wanted := await read_wanted(text, sources):
            return Direct(PREPARE, await in_words(wanted, sources, book), wanted)
    except Unclear as unclear:
        words = book.add("your words", unclear.words, WORD, sources.now, "your words")
        return Direct(PREPARE, [str(unclear).replace("{}", words)])
    try:
        lines = await calculate(text, sources, book)
    except CalculationError as error:
        return Direct(CALCULATE, [str(error)])
    return Direct(CALCULATE, lines) if lines else None
