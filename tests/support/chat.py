"""Asks a chat graph, and holds its answers against the facts that its tools returned."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from ai_pod.agents.chatbot.facts import FactBook
from ai_pod.agents.chatbot.graph import ChatGraph
from ai_pod.agents.chatbot.guard import ungrounded
from ai_pod.agents.chatbot.numbers import numbers
from ai_pod.contracts.chat import Fact, ReplyRequest, RunEvent, RunEventKind, Turn
from ai_pod.memory.instructions import CurrentInstructions
from tests.support.build_chat import DESK, ORGANISATION, POD, POOL


@dataclass
class Answer:
    """A turn's events, sorted."""

    events: list[RunEvent] = field(default_factory=list)
    zone: str = "UTC"

    def data(self, kind: RunEventKind) -> list[dict[str, Any]]:
        return [event.data for event in self.events if event.kind is kind]

    @property
    def done(self) -> dict[str, Any]:
        return self.data(RunEventKind.DONE)[0]

    @property
    def text(self) -> str:
        return str(self.done["text"])

    @property
    def tools(self) -> list[str]:
        return [data["name"] for data in self.data(RunEventKind.TOOL)]

    @property
    def facts(self) -> list[Fact]:
        told = [fact for data in self.data(RunEventKind.TOOL) for fact in data["facts"]]
        return msgspec.convert(told, list[Fact])

    @property
    def streamed(self) -> str:
        """What a client has on screen: the tokens since the last restart."""
        shown = ""
        for event in self.events:
            if event.kind is RunEventKind.TOKEN:
                shown += event.data["text"]
            elif event.kind is RunEventKind.STEP and event.data.get("restart"):
                shown = ""
        return shown

    def strange_numbers(self, text: str | None = None) -> list[str]:
        """Numbers of the text, or of this one, that neither the tools' facts nor the cited passages
        hold.
        """
        book = FactBook()
        book.zone = self.zone
        book.facts = {fact.id: fact for fact in self.facts}
        passages = self.data(RunEventKind.CITATION)
        cited = " ".join(f"{data['title']} {data['excerpt']}" for data in passages)
        quoted = {number.shown for number in numbers(cited)}
        return [one for one in ungrounded(text or self.text, book) if one not in quoted]


class Chat:
    """A graph with its instructions, asked as the demo desk's user."""

    def __init__(self, graph: ChatGraph, instructions: CurrentInstructions) -> None:
        self.graph = graph
        self.instructions = instructions

    async def ask(self, text: str, history: tuple[Turn, ...] = (), **changes: object) -> Answer:
        request = ReplyRequest(
            run="run-1",
            thread="thread-1",
            desk=DESK,
            organisation=ORGANISATION,
            user="user-1",
            pool=POOL,
            text=text,
            history=history,
        )
        request = msgspec.structs.replace(request, **changes)
        current = self.instructions.choose(request.organisation, request.user).instructions
        told = [event async for event in self.graph.reply(request, current, POD)]
        return Answer(told, request.zone)
