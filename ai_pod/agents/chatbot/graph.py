"""A chat turn as a graph: understand → tools → retrieve → write or compose → verify → answer; what
rules alone answer goes from understand to direct → verify.

The model only words an answer: what is read, and for whom, is decided here.
"""

import asyncio
import time
from collections.abc import AsyncIterator

import structlog
from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph

from ai_pod.agents.chatbot import events
from ai_pod.agents.chatbot.composer import compose
from ai_pod.agents.chatbot.direct import directly, unprepared
from ai_pod.agents.chatbot.examples import Intent
from ai_pod.agents.chatbot.facts import FactBook
from ai_pod.agents.chatbot.guard import REFUSAL, ungrounded
from ai_pod.agents.chatbot.intents import Classifier
from ai_pod.agents.chatbot.prompt import disclaimed, disclaimer
from ai_pod.agents.chatbot.retrieval import TOPICS, Retrieval
from ai_pod.agents.chatbot.routing.writing import Asked, Writing
from ai_pod.agents.chatbot.safety.advice import POLICY
from ai_pod.agents.chatbot.safety.caps import TOOL_CALLS
from ai_pod.agents.chatbot.safety.door import acquaint, cleaned, tried
from ai_pod.agents.chatbot.sources import Caller, Stores
from ai_pod.agents.chatbot.thread import said, understood
from ai_pod.agents.chatbot.tools import TOOLS
from ai_pod.agents.chatbot.turn import State, answered, cited, scope
from ai_pod.contracts.chat import ReplyRequest, RunEvent
from ai_pod.contracts.instructions import Instructions
from ai_pod.memory.shipped import Passage

COMPOSER = "composer"

logger = structlog.get_logger()


class ChatGraph:
    """The graph with what it needs; `writing` is None when no language model is configured."""

    def __init__(
        self,
        stores: Stores,
        classifier: Classifier,
        retrieval: Retrieval,
        writing: Writing | None = None,
    ) -> None:
        self._stores = stores
        self._classifier = classifier
        self._retrieval = retrieval
        self._writing = writing
        self.ungrounded_total = 0
        self.guarded_total = 0
        self.kept_from_model_total = 0
        self._graph = self._built().compile()

    def _built(self) -> StateGraph[State]:
        graph = StateGraph(State)
        graph.add_node("understand", self._understand)
        graph.add_node("direct", self._direct)
        graph.add_node("tools", self._tools)
        graph.add_node("retrieve", self._retrieve)
        graph.add_node("write", self._write)
        graph.add_node("compose", self._compose)
        graph.add_node("verify", self._verify)
        graph.add_node("answer", self._answer)
        graph.add_edge(START, "understand")
        graph.add_conditional_edges(
            "understand",
            lambda state: "direct" if state["direct"] else "tools",
            ["direct", "tools"],
        )
        graph.add_edge("direct", "verify")
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
        request = cleaned(request)
        caller = Caller(
            desk=request.desk,
            organisation=request.organisation,
            pool=request.pool,
            pod=pod,
            zone=request.zone,
        )
        state = State(
            request=request,
            instructions=instructions,
            sources=self._stores.of(caller),
            book=FactBook(),
            ungrounded=0,
            tokens=(0, 0),
            notice="",
            started_cpu=time.process_time(),
        )
        async for event in self._graph.astream(state, stream_mode="custom"):
            assert isinstance(event, RunEvent)
            yield event

    async def _understand(self, state: State) -> State:
        _emit(events.step("understand"))
        request, sources = state["request"], state["sources"]
        await acquaint(state["book"], sources)
        served, now = await sources.instruments(), sources.now
        heard = self._classifier.heard(request.text, served)
        if direct := await directly(heard, sources, state["book"]):
            return {"direct": direct if request.prepares else unprepared(direct)}
        question, understanding = await asyncio.to_thread(
            understood, self._classifier, said(request), served, now
        )
        return {"direct": None, "question": question, "understanding": understanding}

    async def _direct(self, state: State) -> State:
        """What waits for a person is told before the words that announce it."""
        direct = state["direct"]
        assert direct is not None
        _emit(events.tool(direct.tool, list(state["book"].facts.values())))
        if direct.wanted is not None:
            _emit(events.confirm(direct.wanted))
        return {"lines": direct.lines, "written_by": COMPOSER, "streamed": False}

    async def _tools(self, state: State) -> State:
        statements: dict[Intent, list[str]] = {}
        book = state["book"]
        for intent in state["understanding"].intents[:TOOL_CALLS]:
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
            passages += await self._retrieval.best(state["question"], scope(state))
        noted: list[Passage] = []
        if not answered({**state, "passages": passages, "noted": False}):
            noted = await self._retrieval.noted(state["question"], scope(state))
        for passage in (*passages, *noted):
            state["book"].cite(passage)
        return {"passages": [*passages, *noted], "noted": bool(noted)}

    def _who_writes(self, state: State) -> str:
        """A model words what is known in all its parts; it is not asked what nothing answers, nor
        given a text that would order it about.
        """
        if self._writing is None or not answered(state):
            return "compose"
        attempt = tried(state["request"], state["book"])
        if attempt is None:
            return "write"
        self.kept_from_model_total += 1
        logger.info("chat_kept_from_model", run=state["request"].run, attempt=attempt)
        return "compose"

    async def _write(self, state: State) -> State:
        assert self._writing is not None
        asked = Asked(state["request"], state["instructions"], state["book"])
        written = await self._writing.write(asked, _emit)
        self.guarded_total += written.guarded
        return {
            "lines": written.lines,
            "written_by": written.written_by,
            "streamed": True,
            "ungrounded": written.ungrounded,
            "tokens": written.tokens,
            "notice": written.notice,
        }

    async def _compose(self, state: State) -> State:
        _emit(events.step("compose"))
        lines = compose(
            state["statements"],
            state["passages"],
            state["book"],
            complete=answered(state),
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
        closing = disclaimer(state["instructions"].text, POLICY)
        if grounded and not disclaimed(request.history, closing):
            _emit(events.token(f"\n\n{closing}"))
            text = f"{text}\n\n{closing}"
        citations = [events.citation(name, passage) for name, passage in cited(state)]
        for event in citations:
            _emit(event)
        cpu = time.process_time() - state["started_cpu"]
        _emit(events.usage(state["written_by"], state["tokens"], cpu))
        _emit(
            events.done(
                text=text,
                instructions=state["instructions"].version,
                grounded=grounded,
                policy=POLICY.version,
                citations=[event.data for event in citations],
                notice=state["notice"],
            )
        )
        return {}


def _emit(event: RunEvent) -> None:
    get_stream_writer()(event)
