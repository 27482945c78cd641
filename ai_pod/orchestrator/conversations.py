"""The chatbot on demand: woken by the first question, dormant again after idle minutes."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator

import structlog

from ai_pod.agents.messages import Cancel, GiveWay, Report, Request, RunEventSent
from ai_pod.contracts.agents import AgentState
from ai_pod.contracts.chat import ReplyRequest, RunEvent, RunEventKind
from ai_pod.errors import AgentEnded, AgentError, ChatbotUnavailable
from ai_pod.orchestrator.costs import Payer
from ai_pod.orchestrator.supervision import SupervisedAgent
from market import tracing
from market.requests import request_id
from market.tasks import told_to_end

LAST = (RunEventKind.DONE, RunEventKind.ERROR)
LONGEST_RUN_SECONDS = 180.0
MOST_EVENTS = 20_000
GIVE_WAY_SECONDS = 2.0
"""Learning gives way to a turn for so long at most: understanding and reading take a fraction of
it, and waiting for a language model needs no processor.
"""

logger = structlog.get_logger()

Events = asyncio.Queue[RunEvent | None]
"""None: the pod ends, and no more is said."""


class Conversations:
    """Runs of the chatbot of one pod, several at a time; `learning` gives way to them."""

    def __init__(
        self, agent: SupervisedAgent, learning: SupervisedAgent, idle_seconds: float
    ) -> None:
        self._agent = agent
        self._learning = learning
        self._idle_seconds = idle_seconds
        self._runs: dict[str, Events] = {}
        self._told: set[str] = set()
        self._turns: Counter[Payer] = Counter()
        self._running: Counter[Payer] = Counter()
        self._endings: set[asyncio.Task[None]] = set()
        self._waking = asyncio.Lock()
        self._last = time.monotonic()
        self._expected = False
        self.closed = False

    async def reply(self, request: ReplyRequest) -> AsyncIterator[RunEvent]:
        """The events of one run, the last of them `done` or `error`. Raises ChatbotUnavailable.

        Leaving early cancels the run. A pod that ends gives no last event: another may answer.
        """
        events: Events = asyncio.Queue(MOST_EVENTS)
        name = request.run if request.epoch == 1 else f"{request.run}.{request.epoch}"
        self._runs[name] = events
        payer = (request.desk, request.organisation)
        self._turns[payer] += 1
        self._running[payer] += 1
        finished = False
        try:
            await self._learning_gives_way(GIVE_WAY_SECONDS)
            await self._begin(request, name)
            async for event in _until_last(events):
                finished = event.kind in LAST
                yield event
        finally:
            if self._runs.get(name) is events:
                del self._runs[name]
                self._told.discard(name)
            self._running -= Counter([payer])
            self._last = time.monotonic()
            ending = asyncio.create_task(self._end(name, finished), name="run-ended")
            self._endings.add(ending)
            ending.add_done_callback(self._endings.discard)
            # A server cancels whom its caller has left again at each await.
            await asyncio.shield(ending)

    def close(self) -> None:
        """Answer no more: what is being said ends without a last event."""
        self.closed = True
        for events in self._runs.values():
            _say_last(events, None)

    @property
    def answering(self) -> int:
        """How many runs are on their way."""
        return len(self._runs)

    def take_turns(self) -> dict[Payer, float]:
        """How many turns each desk has had since the last call, those that go on among them."""
        turns, self._turns = self._turns, self._running.copy()
        return dict(turns)

    def expect(self, *, questions: bool) -> None:
        """Be quick to wake while questions may come; without, what that takes is given back."""
        self._expected = questions
        if questions:
            self._agent.source.prepare()

    def deliver(self, report: Report) -> None:
        """Take an event of a run; one of a run that is gone is dropped."""
        if isinstance(report, RunEventSent) and (events := self._runs.get(report.run)):
            try:
                events.put_nowait(report.event)
            except asyncio.QueueFull:
                logger.error("run_too_long", run=report.run)

    async def tend(self) -> None:
        """Look after the process: tell runs of its death, end it when it has been idle."""
        while not told_to_end():
            self._agent.changed.clear()
            if self._agent.state is AgentState.FAULTED:
                self._fail_all()
            elif self._agent.running and not self._runs:
                await self._rest()
            if not self._expected and self._agent.state in (AgentState.DORMANT, AgentState.FAULTED):
                await self._agent.source.end()
            try:
                async with asyncio.timeout(min(5.0, self._idle_seconds)):
                    await self._agent.changed.wait()
            except TimeoutError:
                continue

    async def end(self) -> None:
        """Once the agent has been stopped."""
        await self._agent.source.end()

    async def _rest(self) -> None:
        if time.monotonic() - self._last < self._idle_seconds:
            return
        async with self._waking:
            if not self._runs:
                logger.info("chatbot_dormant", idle_seconds=self._idle_seconds)
                await self._agent.stop()

    async def _begin(self, request: ReplyRequest, name: str) -> None:
        try:
            async with self._waking:
                if self.closed:
                    raise ChatbotUnavailable("this pod is ending; ask again")
                await self._agent.start()
                if self._agent.state is AgentState.STARTING:
                    await self._agent.activate(0)
                self._told.add(name)
                await self._agent.tell(
                    Request(
                        reply=request,
                        request_id=request_id(),
                        traceparent=tracing.traceparent(),
                        asking=name,
                    )
                )
        except AgentError as error:
            raise ChatbotUnavailable(f"the chatbot does not start: {error}") from error

    async def _end(self, name: str, finished: bool) -> None:
        if not self._runs:
            await self._learning_gives_way(0.0)
        if not finished:
            await self._cancel(name)

    async def _learning_gives_way(self, seconds: float) -> None:
        if self._learning.listening:
            await self._learning.inform(GiveWay(seconds=seconds))

    async def _cancel(self, run: str) -> None:
        try:
            await self._agent.tell(Cancel(run=run))
        except AgentEnded:
            logger.info("cancelled_run_had_ended", run=run)

    def _fail_all(self) -> None:
        """Of the process that has died; who waits for the next one is not touched."""
        detail = "the chatbot ended during the run; ask again"
        for name in self._told & self._runs.keys():
            _say_last(self._runs[name], _error("chatbot_ended", detail))


async def _until_last(events: Events) -> AsyncIterator[RunEvent]:
    deadline = time.monotonic() + LONGEST_RUN_SECONDS
    while (left := deadline - time.monotonic()) > 0:
        try:
            async with asyncio.timeout(left):
                event = await events.get()
        except TimeoutError:
            break
        if event is None:
            return
        yield event
        if event.kind in LAST:
            return
    yield _error("too_long", "the answer took too long and was stopped; ask again")


def _say_last(events: Events, last: RunEvent | None) -> None:
    while events.full():
        events.get_nowait()
    events.put_nowait(last)


def _error(code: str, detail: str) -> RunEvent:
    return RunEvent(kind=RunEventKind.ERROR, data={"code": code, "detail": detail})
