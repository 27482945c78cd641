"""The chatbot as an agent of the pod: each request is a task of its own, and can be cancelled.

It issues nothing by itself, so a switch of the pod's phase does not concern it.
"""

import asyncio
import time

import structlog
from redis.asyncio import Redis

from ai_pod.agents.agent import Link
from ai_pod.agents.chatbot import events
from ai_pod.agents.chatbot.graph import ChatGraph
from ai_pod.agents.chatbot.mind import Mind
from ai_pod.agents.chatbot.model import configured_model
from ai_pod.agents.chatbot.retrieval import Retrieval
from ai_pod.agents.messages import (
    AgentContext,
    Cancel,
    Counted,
    Measured,
    Notice,
    Request,
    RunEventSent,
)
from ai_pod.contracts.agents import AgentName
from ai_pod.contracts.chat import ReplyRequest, RunEvent, RunEventKind
from ai_pod.memory.instructions import CurrentInstructions
from ai_pod.memory.vectors import PassageIndex
from market import tracing
from market.secret import Secret
from market.stores import open_redis

REDIS_SECONDS = 10.0

MOST_TURNS = 32
"""More turns at a time are refused, so that nothing queues without bound."""

MOST_CHARACTERS = 4_000

FIRST_TOKEN = "chat_first_token_seconds"
UNGROUNDED = "chat_ungrounded_numbers_total"

logger = structlog.get_logger()


class ChatbotAgent:
    """Answers requests from the pod; see `ChatGraph` for how."""

    name = AgentName.CHATBOT

    def __init__(self, mind: Mind | None = None) -> None:
        self._mind = mind
        self._runs: dict[str, asyncio.Task[None]] = {}
        self._clients: list[Redis] = []
        self._counted = 0

    async def warm(self, context: AgentContext, link: Link) -> None:
        """Connect, fill the index, read the instructions; load what is not loaded already."""
        self._link = link
        self._pod = context.pod
        redis = self._connect(context.redis_url)
        vectors = self._connect(context.vectors_url or context.redis_url)
        mind = self._mind
        if mind is None:
            mind = await asyncio.to_thread(Mind.load)
        await asyncio.to_thread(mind.embedder.load)
        index = PassageIndex(vectors, mind.embedder)
        await index.ensure(mind.passages)
        self._instructions = CurrentInstructions(redis)
        await self._instructions.refresh()
        self._watching = link.start(self._instructions.watch(), "instructions")
        self._graph = ChatGraph(
            redis,
            context.market_clock(),
            mind.classifier,
            Retrieval(index, mind.embedder, mind.vocabulary),
            configured_model(context.llm),
        )

    def _connect(self, url: str) -> Redis:
        client = open_redis(Secret.of(url), seconds=REDIS_SECONDS)
        self._clients.append(client)
        return client

    async def activate(self, phase_epoch: int) -> None:
        """The chatbot is on demand in every phase."""

    async def quiesce(self, deadline_seconds: float) -> bytes:
        """Let running turns finish, if they can in time; the chatbot leaves no state."""
        if self._runs:
            await asyncio.wait(self._runs.values(), timeout=deadline_seconds * 0.8)
        return b""

    async def handle(self, notice: Notice) -> None:
        match notice:
            case Request(reply=request) if len(self._runs) >= MOST_TURNS:
                busy = events.error("busy", "The chatbot answers many questions now; try again.")
                await self._send(request.run, busy)
            case Request(reply=request) if len(request.text) > MOST_CHARACTERS:
                detail = f"A question may have {MOST_CHARACTERS} characters at most."
                await self._send(request.run, events.error("too_long", detail))
            case Request(reply=request):
                task = self._link.start(self._turn(notice), f"run {request.run}")
                self._runs[request.run] = task
                task.add_done_callback(lambda _: self._runs.pop(request.run, None))
            case Cancel(run=run) if run in self._runs:
                self._runs[run].cancel()
            case _:
                pass

    async def end(self) -> None:
        """Stop first what uses the connections: a cancel that meets a closing one can get lost."""
        tasks = [self._watching, *self._runs.values()]
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        for client in self._clients:
            await client.aclose()

    async def _turn(self, asked: Request) -> None:
        """One request's events, to their end whatever happens."""
        request = asked.reply
        run, desk = request.run, request.desk
        asker = {"request_id": asked.request_id} if asked.request_id else {}
        structlog.contextvars.bind_contextvars(run=run, desk=desk, **asker)
        try:
            with tracing.span("answer", parent=asked.traceparent, run=run, desk=desk) as span:
                await self._answer(request, span)
        except asyncio.CancelledError:
            await self._send(request.run, events.error("cancelled", "The answer was cancelled."))
            raise
        # A turn's boundary: what goes wrong in one ends that one alone.
        except Exception:
            logger.exception("chat_turn_failed", run=request.run)
            failed = events.error("internal", "The answer failed; ask again, or see the log.")
            await self._send(request.run, failed)
        finally:
            await self._count()

    async def _answer(self, request: ReplyRequest, span: tracing.Span) -> None:
        started, first = time.monotonic(), True
        instructions = self._instructions.current()
        async for event in self._graph.reply(request, instructions, self._pod):
            if first and event.kind is RunEventKind.TOKEN:
                first = False
                span.happened("first token")
                seconds = (time.monotonic() - started,)
                await self._link.send(Measured(metric=FIRST_TOKEN, seconds=seconds))
            await self._send(request.run, event)

    async def _count(self) -> None:
        """Tell the numbers caught since the last time, by whichever turn."""
        caught = self._graph.ungrounded_total - self._counted
        self._counted += caught
        if caught:
            await self._link.send(Counted(metric=UNGROUNDED, by=caught))

    async def _send(self, run: str, event: RunEvent) -> None:
        await self._link.send(RunEventSent(run=run, event=event))
