"""Risk limits and the kill switch, from the desk's snapshot."""

import re
from datetime import datetime
from decimal import Decimal

from ai_pod.agents.chatbot.facts import SHARE, WORD, FactBook
from ai_pod.agents.chatbot.question import Question
from ai_pod.agents.chatbot.sources import Sources
from ai_pod.contracts.desk import DeskSnapshot

SOURCE = "desk snapshot: limits"

_ASKED = {
    "order value": r"order value|largest order|biggest order|single order|one order|order size|"
    r"max(imum)? order\b|value of an order",
    "position weight": r"position|weight|concentrat",
    "gross exposure": r"exposure|leverage|gross",
    "daily loss": r"loss|lose|daily|a day",
    "orders per minute": r"minute|how many orders|order rate",
}


async def limits(sources: Sources, question: Question, book: FactBook) -> list[str]:
    """The limits asked for, or all of them."""
    desk = await sources.desk()
    if desk is None:
        return []
    asked = [name for name, words in _ASKED.items() if re.search(words, question.words)]
    chosen = asked or list(_ASKED)
    return [_SENTENCES[name].format(_fact(desk, book, name)) for name in chosen]


_SENTENCES = {
    "order value": "An order may be worth at most {}.",
    "position weight": "A position may weigh at most {} of equity.",
    "gross exposure": "Gross exposure may be at most {} of equity.",
    "daily loss": "The desk may lose at most {} of equity in a day.",
    "orders per minute": "It may send at most {} in a minute.",
}


def _fact(desk: DeskSnapshot, book: FactBook, name: str) -> str:
    values: dict[str, tuple[Decimal | float | str, str]] = {
        "order value": (desk.limits.max_order_value, desk.currency),
        "position weight": (desk.limits.max_position_weight, SHARE),
        "gross exposure": (desk.limits.max_gross_exposure, SHARE),
        "daily loss": (desk.limits.max_daily_loss, SHARE),
        "orders per minute": (str(desk.limits.max_orders_per_minute), "orders"),
    }
    value, unit = values[name]
    return book.add(f"limit of {name}", value, unit, desk.as_of, SOURCE)


async def halted(sources: Sources, _question: Question, book: FactBook) -> list[str]:
    """Whether the kill switch holds the desk, or else a condition."""
    desk = await sources.desk()
    if desk is None:
        return []
    if not desk.limits.halted:
        _state(book, "not halted", desk.as_of)
        return ["The desk is not halted.", *_reducing(desk, book)]
    _state(book, "halted", desk.as_of)
    if not desk.limits.halt_reason:
        return ["The desk is halted by the kill switch; no reason was given."]
    reason = book.add("halt reason", desk.limits.halt_reason, WORD, desk.as_of, SOURCE)
    return [f"The desk is halted by the kill switch: {reason}."]


def _reducing(desk: DeskSnapshot, book: FactBook) -> list[str]:
    """What lets the desk only make positions smaller, if anything does."""
    if not desk.limits.causes:
        return []
    causes = ", ".join(cause.replace("_", " ") for cause in desk.limits.causes)
    said = book.add("cause of reducing", causes, WORD, desk.as_of, SOURCE)
    return [f"It may only make positions smaller for now: {said}."]


def _state(book: FactBook, state: str, as_of: datetime) -> None:
    book.add("kill switch", state, WORD, as_of, SOURCE)
