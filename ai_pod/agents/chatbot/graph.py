"""A chat turn as a graph: understand → tools → retrieve → write or compose → verify → answer.

The model only words an answer: what is read, and for whom, is decided here.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import TypedDict

import structlog
from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph
from redis.asyncio import Redis

from ai_pod.agents.chatbot import events
from ai_pod.agents.chatbot.composer import compose
from ai_pod.agents.chatbot.examples import Intent
from ai_pod.agents.chatbot.facts import FactBook
from ai_pod.agents.chatbot.followup import Understood, follow, leans
from ai_pod.agents.chatbot.guard import REFUSAL, ungrounded
from ai_pod.agents.chatbot.intents import Classifier, Understanding
from ai_pod.agents.chatbot.model import Model, ModelFailed
from ai_pod.agents.chatbot.prompt import disclaimer, prompt
from ai_pod.agents.chatbot.question import Question
from ai_pod.agents.chatbot.retrieval import TOPICS, Retrieval
from ai_pod.agents.chatbot.sources import Caller, Sources
from ai_pod.agents.chatbot.tools import TOOLS
from ai_pod.agents.chatbot.writer import Writer
from ai_pod.contracts.chat import ReplyRequest, Role, RunEvent
from ai_pod.contracts.instructions import Instructions
from ai_pod.memory.shipped import Passage
from ai_pod.memory.vectors import Scope
from market.clock import Clock
from market.words import Instrument

COMPOSER = "composer"
REMEMBERED = 8
"""So many questions back a thread is followed."""

logger = structlog.get_logger()


class State(TypedDict, total=False):
    """What a turn knows so far. `lines` are the answer's sentences, with references."""

    request: ReplyRequest
    instructions: Instructions
    sources: Sources
    book: FactBook
    question: Question
    understanding: Understanding
    statements: dict[Intent, list[str]]
    passages: list[Passage]
    lines: list[str]
    written_by: str
    streamed: bool
    ungrounded: int
    started_cpu: float
    tokens: tuple[int, int]


class ChatGraph:
    """The graph with what it needs; `model` is None when no language model is configured."""

    def __init__(
        self,
        redis: Redis,
        clock: Clock,
        classifier: Classifier,
        retrieval: Retrieval,
        model: Model | None = None,
    ) -> None:
        self._redis = redis
        self._clock = clock
        self._classifier = classifier
        self._retrieval = retrieval
        self._model = model
        self.ungrounded_total = 0
        self._graph = self._built().compile()

    def _built(self) -> StateGraph[State]:
        graph = StateGraph(State)
        graph.add_node("understand", self._understand)
        graph.add_node("tools", self._tools)
        graph.add_node("retrieve", self._retrieve)
        graph.add_node("write", self._write)
        graph.add_node("compose", self._compose)
        graph.add_node("verify", self._verify)
        graph.add_node("answer", self._answer)
        graph.add_edge(START, "understand")
        graph.add_edge("understand", "tools")
        graph.add_edge("tools", "retrieve")
        graph.add_conditional_edges("retrieve", self._who_writes, ["write", "compose"])
        graph.add_conditional_edges(
            "write", lambda state: "verify" if state["lines"] else "compose", ["verify", "compose"]
        )
        graph.add_edge("compose", "verify")
        graph.add_edge("verify", "answer")
        graph.add_edge("answer", END)
        return graph

    async def reply(
        self, request: ReplyRequest, instructions: Instructions, pod: str
    ) -> AsyncIterator[RunEvent]:
        """The turn's events, ending in `done`. `instructions` stay the same for the whole turn."""
        caller = Caller(
            desk=request.desk, organisation=request.organisation, pool=request.pool, pod=pod
        )
        state = State(
            request=request,
            instructions=instructions,
            sources=Sources(self._redis, self._clock, caller),
            book=FactBook(),
            ungrounded=0,
            tokens=(0, 0),
            started_cpu=time.process_time(),
        )
        async for event in self._graph.astream(state, stream_mode="custom"):
            assert isinstance(event, RunEvent)
            yield event

    async def _understand(self, state: State) -> State:
        _emit(events.step("understand"))
        request, sources = state["request"], state["sources"]
        before = [one.text for one in request.history if one.role is Role.USER][-REMEMBERED:]
        served, now = await sources.instruments(), sources.now
        question, understanding = await asyncio.to_thread(
            self._understood, [*before, request.text], served, now
        )
        return {"question": question, "understanding": understanding}

    def _understood(
        self, thread: list[str], served: Mapping[str, Instrument], now: datetime
    ) -> Understood:
        """The thread's last question, which may lean on those before it."""
        questions = [self._classifier.read(text, served, now) for text in thread]
        firm = max((at for at, one in enumerate(questions) if not leans(one)), default=0)
        understand = self._classifier.understand
        found = questions[firm], understand(questions[firm])
        for question in questions[firm + 1 :]:
            found = follow(question, found, understand)
        return found

    async def _tools(self, state: State) -> State:
        statements: dict[Intent, list[str]] = {}
        book = state["book"]
        for intent in state["understanding"].intents:
            if intent in TOOLS:
                known = len(book.facts)
                tool = TOOLS[intent]
                statements[intent] = await tool(state["sources"], state["question"], book)
                _emit(events.tool(intent, list(book.facts.values())[known:]))
        return {"statements": statements}

    async def _retrieve(self, state: State) -> State:
        intents = state["understanding"].intents
        passages = [self._retrieval.topic(intent) for intent in intents if intent in TOPICS]
        if Intent.NOTES in intents:
            _emit(events.step("retrieve"))
            passages += await self._retrieval.best(state["question"], _scope(state))
        for passage in passages:
            state["book"].cite(passage)
        return {"passages": passages}

    def _who_writes(self, state: State) -> str:
        """A model words what is known in all its parts; it is not asked what nothing answers."""
        return "write" if self._model is not None and _answered(state) else "compose"

    async def _write(self, state: State) -> State:
        assert self._model is not None
        _emit(events.step("write", model=self._model.name))
        request, book = state["request"], state["book"]
        writer = Writer(self._model, book, lambda text: _emit(events.token(text + " ")))
        messages = prompt(state["instructions"].text, book, request.text, request.history)
        try:
            await writer.write(messages)
        except ModelFailed as error:
            logger.warning("chat_fell_back", run=request.run, why=str(error))
            _emit(events.step("fallback", detail=str(error), restart=True))
            return {"lines": [], "ungrounded": writer.ungrounded}
        return {
            "lines": writer.lines,
            "written_by": self._model.name,
            "streamed": True,
            "ungrounded": writer.ungrounded,
            "tokens": (writer.usage.input_tokens, writer.usage.output_tokens),
        }

    async def _compose(self, state: State) -> State:
        _emit(events.step("compose"))
        lines = compose(
            state["statements"],
            state["passages"],
            state["book"],
            complete=_answered(state),
        )
        return {"lines": lines, "written_by": COMPOSER, "streamed": False}

    async def _verify(self, state: State) -> State:
        """The whole answer once more; then a composed one is shown."""
        book, caught = state["book"], state["ungrounded"]
        lines = []
        for line in state["lines"]:
            wrong = ungrounded(line, book)
            caught += len(wrong)
            lines.append(REFUSAL if wrong else line)
            if not state["streamed"]:
                _emit(events.token(("\n" if len(lines) > 1 else "") + book.fill(lines[-1])))
        self.ungrounded_total += caught
        return {"lines": lines, "ungrounded": caught}

    async def _answer(self, state: State) -> State:
        book, request = state["book"], state["request"]
        lines = [book.fill(line) for line in state["lines"]]
        text = (" " if state["streamed"] else "\n").join(lines)
        grounded = REFUSAL not in lines
        closing = disclaimer(state["instructions"].text)
        if grounded and closing and not request.history and not ungrounded(closing, FactBook()):
            _emit(events.token(f"\n\n{closing}"))
            text = f"{text}\n\n{closing}"
        cited = [events.citation(name, passage) for name, passage in _cited(state)]
        for event in cited:
            _emit(event)
        cpu = time.process_time() - state["started_cpu"]
        _emit(events.usage(state["written_by"], state["tokens"], cpu))
        _emit(
            events.done(
                text=text,
                instructions=state["instructions"].version,
                grounded=grounded,
                citations=[event.data for event in cited],
            )
        )
        return {}


def _emit(event: RunEvent) -> None:
    get_stream_writer()(event)


def _scope(state: State) -> Scope:
    sources = state["sources"]
    return Scope(
        organisation=sources.caller.organisation,
        instruments=state["question"].instruments,
        until=sources.now,
    )


def _answered(state: State) -> bool:
    """Whether every part of the question has an intent, and every intent a source."""
    understanding = state["understanding"]
    asked_notes = Intent.NOTES in understanding.intents
    return (
        understanding.complete
        and all(state["statements"].values())
        and (bool(state["passages"]) or not asked_notes)
    )


def _cited(state: State) -> Sequence[tuple[str, Passage]]:
    """The passages that the answer refers to; all of them when a model had them as sources."""
    return [
        (name, passage)
        for name, passage in state["book"].passages.items()
        if state["streamed"] or any(f"{{{name}}}" in line for line in state["lines"])
    ]
