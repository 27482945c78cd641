"""Has an answer written: by whoever wrote it before, else by the models in their order, as long as
the budgets allow it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from redis.asyncio import Redis

from ai_pod.agents.chatbot import events
from ai_pod.agents.chatbot.facts import FactBook
from ai_pod.agents.chatbot.model import ModelFailed
from ai_pod.agents.chatbot.prompt import prompt
from ai_pod.agents.chatbot.routing.answers import Answers, Asking
from ai_pod.agents.chatbot.routing.definitions import Definitions
from ai_pod.agents.chatbot.routing.routes import OutOfBudget, RoutedTurn, Routes
from ai_pod.agents.chatbot.safety.canary import new_canary
from ai_pod.agents.chatbot.safety.door import inspector_of
from ai_pod.agents.chatbot.writer import Writer
from ai_pod.contracts.chat import ReplyRequest, RunEvent
from ai_pod.contracts.instructions import Instructions
from ai_pod.memory.embeddings import Embedder

HITS = "chat_answers_reused_total"

RESTING = "The language models failed lately and are left alone for a while."

Emit = Callable[[RunEvent], None]

logger = structlog.get_logger()


@dataclass(frozen=True)
class Asked:
    """A turn whose facts are known."""

    request: ReplyRequest
    instructions: Instructions
    book: FactBook


@dataclass
class Written:
    """What became of it; without `lines` nobody wrote, and the composer does. `notice` tells the
    reader why, where there is something to be done about it.
    """

    lines: list[str] = field(default_factory=list)
    written_by: str = ""
    ungrounded: int = 0
    guarded: int = 0
    tokens: tuple[int, int] = (0, 0)
    notice: str = ""


class Writing:
    """The models of a process, and what they wrote."""

    def __init__(self, redis: Redis, routes: Routes, embedder: Embedder) -> None:
        self._routes = routes
        self._answers = Answers(redis)
        self._definitions = Definitions(redis, embedder)

    def totals(self) -> dict[str, int]:
        """What is counted, by the metric's name."""
        return {**self._routes.totals(), HITS: self._answers.hits + self._definitions.hits}

    async def write(self, asked: Asked, emit: Emit) -> Written:
        """Sentences are shown by `emit` as they come; a failure takes them back."""

        def rerouted(model: str, why: str) -> None:
            emit(events.step("rerouted", model=model, detail=why))

        turn = await self._routes.turn(asked.request, rerouted)
        asking = Asking.of(asked.request, asked.instructions.version, turn.name, asked.book)
        answer = await self._answers.find(asking)
        if kept := answer or await self._definitions.find(asking, asked.book):
            emit(events.step("reused", model=kept.written_by))
            for line in kept.lines:
                emit(events.token(asked.book.fill(line) + " "))
            return Written(lines=list(kept.lines), written_by=kept.written_by)
        written = await self._anew(asked, turn, emit)
        if written.lines and not (written.ungrounded or written.guarded):
            await self._answers.keep(asking, written.lines, written.written_by)
            await self._definitions.keep(asking, asked.book, written.lines, written.written_by)
        return written

    async def _anew(self, asked: Asked, turn: RoutedTurn, emit: Emit) -> Written:
        """By one model after the other while they break off; a lie ends it."""
        request, book, written = asked.request, asked.book, Written()
        instructions, canary = asked.instructions.text, new_canary()
        inspector = inspector_of(book, instructions, canary)
        messages = prompt(instructions, book, request.text, request.history, canary)
        if not turn.left:
            emit(events.step("fallback", detail=RESTING, restart=True))
        while turn.left:
            emit(events.step("write", model=turn.name))
            writer = Writer(turn, book, inspector, lambda text: emit(events.token(text + " ")))
            try:
                await writer.write(messages)
            except ModelFailed as error:
                logger.warning("chat_fell_back", run=request.run, why=str(error))
                budget = isinstance(error, OutOfBudget)
                emit(
                    events.step("budget" if budget else "fallback", detail=str(error), restart=True)
                )
                written.notice = str(error) if budget else ""
            else:
                written.lines, written.written_by = writer.lines, turn.wrote
                written.tokens = (writer.usage.input_tokens, writer.usage.output_tokens)
            written.ungrounded += writer.ungrounded
            written.guarded += writer.guarded
            if writer.ungrounded:
                await turn.judged(ungrounded=True)
            if written.lines or not turn.broke_off:
                break
        return written
