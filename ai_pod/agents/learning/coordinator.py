"""The learning agent: a member of the night's cluster, and the owner of lines that it gets hold of.

The event loop only waits, renews the ownership and announces; the trials never hold it.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir
from typing import TypeVar

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisSlow

from ai_pod.agents.agent import Link
from ai_pod.agents.learning.budget import Budget, budget_of
from ai_pod.agents.learning.crew import Crew, TrialFailed
from ai_pod.agents.learning.evaluate import TooFewBars
from ai_pod.agents.learning.lines import Lines
from ai_pod.agents.learning.meeting import Meeting
from ai_pod.agents.learning.night import Night, Outside, night_of
from ai_pod.agents.learning.ownership import RENEW_SECONDS, Claim, Ownership, OwnershipLost
from ai_pod.agents.learning.training import Trainer
from ai_pod.agents.learning.trial import Place
from ai_pod.agents.messages import AgentContext, Counted, Idle, Notice, Progressed
from ai_pod.contracts.agents import AgentName
from ai_pod.contracts.learning import (
    LearningEvent,
    LearningProgressed,
    PolicyLine,
    VerdictReached,
)
from ai_pod.policies.errors import PolicyError
from market.errors import MarketError
from market.history import History
from market.series import Panel
from market.words import Word

RETRY_SECONDS = 0.5

LOAD_AFTER_SECONDS = 1.0
"""A warm agent that is not activated at once imports the learner meanwhile."""

REDIS_TROUBLE = (RedisAway, RedisSlow)

Answer = TypeVar("Answer")

logger = structlog.get_logger()


class LearningState(Word, frozen=True, kw_only=True):
    """What a quiesced agent leaves: lines that are done, and the one that was interrupted.

    Its checkpoints and rounds lie in the artifact store; whoever learns the line next goes on.
    """

    phase_epoch: int
    done: tuple[str, ...]
    interrupted: str = ""
    v: int = 1


@dataclass(frozen=True)
class _Task:
    """A line's night before anybody owns it."""

    line: PolicyLine
    panel: Panel
    owned: Ownership


class LearningAgent:
    """Implements the agent's port. `learner` may take seconds to give the trainer."""

    name = AgentName.LEARNING

    def __init__(self, learner: Callable[[], Trainer], budget: Budget | None = None) -> None:
        self._learner, self._budget = learner, budget
        self._stop = asyncio.Event()
        self._work: asyncio.Task[None] | None = None
        self._activated = asyncio.Event()
        self._epoch = 0
        self._done: list[str] = []
        self._current = ""

    async def warm(self, context: AgentContext, link: Link) -> None:
        self._context, self._link = context, link
        self._clock = context.market_clock()
        self._redis = Redis.from_url(context.redis_url)
        self._lines = Lines(self._redis, History(context.history), self._clock)
        self._trainer: asyncio.Future[Trainer] = asyncio.get_running_loop().create_future()
        link.start(self._load(), "load")

    async def activate(self, phase_epoch: int) -> None:
        self._activated.set()
        self._epoch, self._current, self._done = phase_epoch, "", []
        self._stop = asyncio.Event()
        self._work = self._link.start(self._learn(), "learning")

    async def quiesce(self, deadline_seconds: float) -> bytes:
        await self._halt(deadline_seconds)
        done = tuple(self._done)
        state = LearningState(phase_epoch=self._epoch, done=done, interrupted=self._current)
        return msgspec.json.encode(state)

    async def handle(self, notice: Notice) -> None:
        """Lines are read when a night begins; no notice changes that."""
        del notice

    async def end(self) -> None:
        await self._halt(2.0)
        await self._redis.aclose()

    async def _halt(self, seconds: float) -> None:
        self._stop.set()
        if self._work is not None:
            await asyncio.wait({self._work}, timeout=seconds)

    async def _load(self) -> None:
        """The learner, a little later: nobody waits with a switch for seconds of imports."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._activated.wait(), LOAD_AFTER_SECONDS)
        self._trainer.set_result(await asyncio.to_thread(self._learner))

    async def _learn(self) -> None:
        """Until every line of the pool is done tonight, here or on another pod."""
        if not await self._loaded():
            return
        async with self._crew() as crew:
            night = asyncio.create_task(self._tonight(crew), name="night")
            stopped = asyncio.create_task(self._stop.wait(), name="stopped")
            try:
                await asyncio.wait({night, stopped}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (night, stopped):
                    task.cancel()
                await asyncio.wait({night, stopped})
        if not night.cancelled() and (error := night.exception()):
            raise error
        if not self._stop.is_set():
            await self._link.send(Progressed(detail="nothing left to learn tonight"))
            await self._link.send(Idle())

    def _crew(self) -> "contextlib.AbstractAsyncContextManager[Crew]":
        from ai_pod.agents.learning.dask_crew import Camp, DaskCrew

        context = self._context
        place = Place.at(context.artifacts, self._trainer.result(), self._counter())
        camp = Camp(
            name=f"{context.pod}:{self._epoch}",
            folder=str(Path(context.state or gettempdir()) / "dask"),
            meeting=Meeting(self._redis, context.pool),
            scheduler=context.dask,
        )
        return DaskCrew(place, camp)

    def _counter(self) -> Callable[[str], None]:
        """Counts for the pod's metrics, from the trials' thread."""
        loop = asyncio.get_running_loop()

        def counted(metric: str) -> None:
            asyncio.run_coroutine_threadsafe(self._link.send(Counted(metric=metric, by=1)), loop)

        return counted

    async def _tonight(self, crew: Crew) -> None:
        try:
            tasks = [task async for task in self._tasks()]
            while tasks:
                tasks = [task for task in tasks if not await self._attend(task, crew)]
                if tasks:
                    await asyncio.sleep(RENEW_SECONDS)
        except REDIS_TROUBLE:
            # Without Redis nothing is retried any more once the agent is told to stop.
            logger.warning("learning_stopped_without_redis")

    async def _loaded(self) -> bool:
        """The learner is there; False when the agent is told to stop first."""
        while not self._trainer.done() and not self._stop.is_set():
            await self._wait(RETRY_SECONDS)
        return self._trainer.done()

    async def _tasks(self) -> AsyncIterator[_Task]:
        owner = f"{self._context.pod}:{self._epoch}"
        pod, pool = self._context.pod, self._context.pool
        for line in await self._patiently(lambda: self._lines.of(pod, pool)):
            try:
                panel = await self._lines.panel(line)
            except MarketError as reason:
                await self._skip(line, reason)
                continue
            yield _Task(line, panel, Ownership(self._redis, line.id, night_of(panel), owner))

    async def _attend(self, task: _Task, crew: Crew) -> bool:
        """Learn the line if it can be owned. True when nothing is left to do for it tonight."""
        claim = await self._patiently(task.owned.claim)
        if claim is not Claim.OURS:
            return claim is Claim.DONE
        self._current = task.line.id
        await self._link.send(Progressed(detail=f"learning {task.line.id}"))
        verdict = None
        try:
            verdict = await self._owning(task, crew)
        except asyncio.CancelledError:
            await self._let_go(task.owned)
            raise
        except OwnershipLost as reason:
            self._current = ""
            await self._skip(task.line, reason)
            return False
        except (TooFewBars, PolicyError, TrialFailed) as reason:
            await self._skip(task.line, reason)
        await self._patiently(task.owned.finish)
        self._done.append(task.line.id)
        self._current = ""
        if verdict is not None:
            await self._tell(verdict)
        return True

    async def _owning(self, task: _Task, crew: Crew) -> VerdictReached | None:
        """Run the night while the ownership is renewed. Raises OwnershipLost."""
        outside = Outside(
            crew=crew,
            artifacts=self._context.artifacts,
            now=self._clock.now,
            announce=lambda event: self._announce(task.owned, event),
        )
        told = self._context
        budget = self._budget or budget_of(told.protocol, told.algorithm, told.device)
        night = asyncio.create_task(
            Night(task.line, task.panel, budget, outside).run(), name=f"night-{task.line.id}"
        )
        renewal = asyncio.create_task(self._renew(task.owned), name="renewal")
        try:
            await asyncio.wait({night, renewal}, return_when=asyncio.FIRST_COMPLETED)
            if not night.done():
                raise OwnershipLost(task.line.id)
            return night.result()
        finally:
            for working in (night, renewal):
                working.cancel()
            await asyncio.wait({night, renewal})

    async def _let_go(self, owned: Ownership) -> None:
        """Let another pod take the night at once; without Redis its claim runs out by itself."""
        with contextlib.suppress(RedisError):
            await owned.release()

    async def _announce(self, owned: Ownership, event: LearningEvent) -> None:
        """Out at once, or as soon as Redis is back; progress that cannot go out is dropped."""
        if isinstance(event, LearningProgressed):
            with contextlib.suppress(*REDIS_TROUBLE):
                await owned.announce(event)
        else:
            await self._patiently(lambda: owned.announce(event))

    async def _renew(self, owned: Ownership) -> None:
        """Returns when the night is not ours any more."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            try:
                if await owned.claim() is not Claim.OURS:
                    return
            except RedisError as error:
                # The claim lives on for a while; announcements are fenced in any case.
                logger.warning("claim_not_renewed", error=str(error))

    async def _tell(self, verdict: VerdictReached) -> None:
        logger.info("verdict_reached", line=verdict.policy_line, sentence=verdict.sentence)
        figures = {"sharpe_difference": verdict.sharpe_difference, "trials": verdict.trials}
        await self._link.send(Progressed(detail=verdict.sentence, figures=figures))

    async def _skip(self, line: PolicyLine, reason: Exception) -> None:
        logger.warning("line_skipped", line=line.id, reason=str(reason))
        await self._link.send(Progressed(detail=f"{line.id} is not learned tonight: {reason}"))

    async def _patiently(self, call: Callable[[], Awaitable[Answer]]) -> Answer:
        """The call's answer, as soon as Redis gives one; its error once the agent is to stop."""
        while True:
            try:
                return await call()
            except REDIS_TROUBLE:
                if self._stop.is_set():
                    raise
            await self._wait(RETRY_SECONDS)

    async def _wait(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)
