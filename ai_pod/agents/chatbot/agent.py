"""The chatbot as an agent of the pod: each request is a task of its own, and can be cancelled.

It issues nothing by itself, so a switch of the pod's phase does not concern it.
"""

import asyncio
import time

import structlog
from redis.asyncio import Redis

from ai_pod.agents.agent import Link
from ai_pod.agents.chatbot import events
from ai_pod.agents.chatbot.binding import bind, told
from ai_pod.agents.chatbot.calls import ToolCalls
from ai_pod.agents.chatbot.graph import ChatGraph
from ai_pod.agents.chatbot.mind import Mind
from ai_pod.agents.chatbot.retrieval import Retrieval
from ai_pod.agents.chatbot.routing.choices import Choices
from ai_pod.agents.chatbot.routing.routes import Routes
from ai_pod.agents.chatbot.routing.writing import Writing
from ai_pod.agents.chatbot.sources import Stores
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
from ai_pod.contracts.chat import RunEvent, RunEventKind
from ai_pod.contracts.instructions import UnknownVersion
from ai_pod.memory.instructions import CurrentInstructions
from ai_pod.memory.notes import OwnNotes
from ai_pod.memory.vectors import PassageIndex
from market import tracing
from market.stores import open_redis

REDIS_SECONDS = 10.0

MOST_TURNS = 32
"""More turns at a time are refused, so that nothing queues without bound."""

MOST_CHARACTERS = 4_000

FIRST_TOKEN = "chat_first_token_seconds"
UNGROUNDED = "chat_ungrounded_numbers_total"
GUARDED = "chat_guarded_sentences_total"
KEPT = "chat_kept_from_model_total"
EMBEDDED = "chat_embedded_texts_total"
PASSES = "chat_embedding_passes_total"

logger = structlog.get_logger()


class ChatbotAgent:
    """Answers requests from the pod; see `ChatGraph` for how."""

    name = AgentName.CHATBOT

    def __init__(self, mind: Mind | None = None) -> None:
        self._mind = mind
        self._runs: dict[str, asyncio.Task[None]] = {}
        self._cancelled: set[str] = set()
        self._clients: list[Redis] = []
        self._counted: dict[str, int] = {}

    async def warm(self, context: AgentContext, link: Link) -> None:
        """Connect, fill the index, read the instructions; load the mind if no template has."""
        self._link = link
        self._pod = context.pod
        redis = self._connect(context.redis_url)
        vectors = self._connect(context.vectors_url or context.redis_url)
        mind = self._mind
        if mind is None:
            mind = await asyncio.to_thread(Mind.load)
        index = PassageIndex(vectors, mind.embedder)
        self._instructions = CurrentInstructions(redis)
        async with asyncio.TaskGroup() as together:
            together.create_task(index.ensure(mind.passages), name="passages")
            together.create_task(self._instructions.refresh(), name="instructions")
        self._watching = link.start(self._instructions.watch(), "instructions")
        retrieval = Retrieval(index, OwnNotes(redis, index), mind.embedder, mind.vocabulary)
        stores = Stores(redis, context.market_clock(), context.history)
        routes = Routes.configured(redis, Choices.of(context))
        self._writing = Writing(redis, routes, mind.embedder) if routes else None
        self._graph = ChatGraph(stores, mind.classifier, retrieval, self._writing)
        self._calls = ToolCalls(stores, retrieval)
        self._embedder = mind.embedder
        self._counted = self._counts()

    def _connect(self, url: str) -> Redis:
        client = open_redis(url, seconds=REDIS_SECONDS)
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
                await self._send(notice.name, busy)
            case Request(reply=request) if len(request.text) > MOST_CHARACTERS:
                detail = f"A question may have {MOST_CHARACTERS} characters at most."
                await self._send(notice.name, events.error("too_long", detail))
            case Request(reply=request):
                task = self._link.start(self._turn(notice), f"run {request.run}")
                name = notice.name
                self._runs[name] = task
                task.add_done_callback(lambda _: self._forget(name))
            case Cancel(run=run) if run in self._runs:
                self._cancelled.add(run)
                self._runs[run].cancel()
            case _:
                pass

    async def end(self) -> None:
        """Stop first what uses the connections: a cancel that meets a closing one can get lost.

        A turn that is cut off by this has no last event: it can be had elsewhere.
        """
        tasks = [self._watching, *self._runs.values()]
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        for client in self._clients:
            await client.aclose()

    async def _turn(self, asked: Request) -> None:
        """One request's events, to their end whatever happens but the agent's own."""
        request, name = asked.reply, asked.name
        run, desk = request.run, request.desk
        asker = {"request_id": asked.request_id} if asked.request_id else {}
        structlog.contextvars.bind_contextvars(run=run, desk=desk, **asker)
        try:
            with tracing.span("answer", parent=asked.traceparent, run=run, desk=desk) as span:
                await (self._call(asked) if request.tool else self._answer(asked, span))
        except asyncio.CancelledError:
            if name in self._cancelled:
                await self._send(name, events.error("cancelled", "The answer was cancelled."))
            raise
        except UnknownVersion as error:
            await self._send(name, events.error("unknown_instructions", f"{error}."))
        # A turn's boundary: what goes wrong in one ends that one alone.
        except Exception:
            logger.exception("chat_turn_failed", run=request.run)
            failed = events.error("internal", "The answer failed; ask again, or see the log.")
            await self._send(name, failed)
        finally:
            await self._count()

    async def _answer(self, asked: Request, span: tracing.Span) -> None:
        started, first = time.monotonic(), True
        chosen = await bind(asked.reply, self._instructions)
        async for event in self._graph.reply(asked.reply, chosen.instructions, self._pod):
            if first and event.kind is RunEventKind.TOKEN:
                first = False
                span.happened("first token")
                seconds = (time.monotonic() - started,)
                await self._link.send(Measured(metric=FIRST_TOKEN, seconds=seconds))
            await self._send(asked.name, told(event, chosen))

    async def _call(self, asked: Request) -> None:
        async for event in self._calls.reply(asked.reply, self._pod):
            await self._send(asked.name, event)

    def _forget(self, name: str) -> None:
        self._runs.pop(name, None)
        self._cancelled.discard(name)

    async def _count(self) -> None:
        """Tell what has grown since the last time, by whichever turn."""
        before, self._counted = self._counted, self._counts()
        for metric, total in self._counted.items():
            if by := total - before[metric]:
                await self._link.send(Counted(metric=metric, by=by))

    def _counts(self) -> dict[str, int]:
        """Totals of this process; what was embedded before the first question is taken off."""
        return {
            UNGROUNDED: self._graph.ungrounded_total,
            GUARDED: self._graph.guarded_total,
            KEPT: self._graph.kept_from_model_total,
            EMBEDDED: self._embedder.texts,
            PASSES: self._embedder.passes,
            **(self._writing.totals() if self._writing else {}),
        }

    async def _send(self, name: str, event: RunEvent) -> None:
        await self._link.send(RunEventSent(run=name, event=event))
