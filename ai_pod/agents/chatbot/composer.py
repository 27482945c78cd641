"""Answers without a language model: what the tools state, and the passages found, as they are."""

from collections.abc import Mapping, Sequence

from ai_pod.agents.chatbot.examples import Intent
from ai_pod.agents.chatbot.facts import FactBook
from ai_pod.agents.chatbot.guard import REFUSAL
from ai_pod.memory.shipped import Passage


def compose(
    statements: Mapping[Intent, Sequence[str]],
    passages: Sequence[Passage],
    book: FactBook,
    complete: bool,
) -> list[str]:
    """The answer's sentences, with references. A part that nothing answers is refused in words."""
    lines = [line for stated in statements.values() for line in stated]
    lines += [f"{passage.text} {book.cite(passage)}" for passage in passages]
    if not complete:
        lines.append(REFUSAL)
    return lines
