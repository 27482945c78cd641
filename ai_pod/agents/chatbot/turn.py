"""What a chat turn knows so far, and what follows from it."""

from collections.abc import Sequence
from typing import TypedDict

from ai_pod.agents.chatbot.direct import Direct
from ai_pod.agents.chatbot.examples import Intent
from ai_pod.agents.chatbot.facts import FactBook
from ai_pod.agents.chatbot.intents import Understanding
from ai_pod.agents.chatbot.question import Question
from ai_pod.agents.chatbot.sources import Sources
from ai_pod.contracts.chat import ReplyRequest
from ai_pod.contracts.instructions import Instructions
from ai_pod.memory.shipped import Passage
from ai_pod.memory.vectors import Scope


class State(TypedDict, total=False):
    """What a turn knows so far. `lines` are the answer's sentences, with references."""

    request: ReplyRequest
    instructions: Instructions
    sources: Sources
    book: FactBook
    direct: Direct | None
    question: Question
    understanding: Understanding
    statements: dict[Intent, list[str]]
    passages: list[Passage]
    noted: bool
    lines: list[str]
    written_by: str
    streamed: bool
    ungrounded: int
    started_cpu: float
    tokens: tuple[int, int]
    notice: str


def scope(state: State) -> Scope:
    sources = state["sources"]
    return Scope(
        organisation=sources.caller.organisation,
        instruments=state["question"].instruments,
        until=sources.now,
    )


def answered(state: State) -> bool:
    """Whether every part of the question has an intent, and every intent a source; or else a note
    of the organisation's own speaks of it.
    """
    if state["noted"]:
        return all(state["statements"].values())
    understanding = state["understanding"]
    asked_notes = Intent.NOTES in understanding.intents
    return (
        understanding.complete
        and all(state["statements"].values())
        and (bool(state["passages"]) or not asked_notes)
    )


def cited(state: State) -> Sequence[tuple[str, Passage]]:
    """The passages that the answer refers to; all of them when a model had them as sources."""
    return [
        (name, passage)
        for name, passage in state["book"].passages.items()
        if state["streamed"] or any(f"{{{name}}}" in line for line in state["lines"])
    ]
