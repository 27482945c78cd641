"""The learning agent: which lines this pod learns tonight, one after the other, in a worker thread.

The event loop only waits, renews the ownership and announces; the trials never hold it.
"""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisSlow

from ai_pod.agents.agent import Link
from ai_pod.agents.learning.evaluate import MOST_BARS, TooFewBars
from ai_pod.agents.learning.ownership import RENEW_SECONDS, Claim, Ownership, OwnershipLost
from ai_pod.agents.learning.training import Trainer
from ai_pod.agents.learning.trials import Budget, Night, Outside, night_of
from ai_pod.agents.messages import AgentContext, Idle, Notice, Progressed
from ai_pod.contracts import keys
from ai_pod.contracts.agents import AgentName
from ai_pod.contracts.learning import (
    LearningEvent,
    LearningProgressed,
    PolicyLine,
    VerdictReached,
)
from ai_pod.contracts.seats import PodSeats
from ai_pod.policies.errors import PolicyError
from market.errors import MarketError
from market.history import History
from market.series import Panel
from market.words import Word

RETRY_SECONDS = 0.5
CLOSED_HOURS = 6
"""A market's bars fill at least a sixth of the calendar's time."""

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
    """Implements the agent's port."""

    name = AgentName.LEARNING

    def __init__(self, budget: Budget | None = None) -> None:
        self._budget = budget or Budget()
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
        self._history = History(context.history)
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
        self._trainer.set_result(await asyncio.to_thread(_learner))

    async def _learn(self) -> None:
        """Until every line of the pool is done tonight, here or on another pod."""
        if not await self._loaded():
            return
        try:
            tasks = [task async for task in self._tasks()]
            while tasks and not self._stop.is_set():
                tasks = [task for task in tasks if not await self._attend(task)]
                if tasks:
                    await self._wait(RENEW_SECONDS)
        except REDIS_TROUBLE:
            # Without Redis nothing is retried any more once the agent is told to stop.
            logger.warning("learning_stopped_without_redis")
        if not self._stop.is_set():
            await self._link.send(Progressed(detail="nothing left to learn tonight"))
            await self._link.send(Idle())

    async def _loaded(self) -> bool:
        """The learner is there; False when the agent is told to stop first."""
        while not self._trainer.done() and not self._stop.is_set():
            await self._wait(RETRY_SECONDS)
        return self._trainer.done()

    async def _tasks(self) -> AsyncIterator[_Task]:
        owner = f"{self._context.pod}:{self._epoch}"
        for line in await self._lines():
            try:
                panel = await asyncio.to_thread(self._panel, line)
            except MarketError as reason:
                await self._skip(line, reason)
                continue
            yield _Task(line, panel, Ownership(self._redis, line.id, night_of(panel), owner))

    async def _lines(self) -> list[PolicyLine]:
        """Lines of this pool; those of the desks that sit on this pod come first."""
        stored = await self._patiently(lambda: self._redis.hvals(keys.learning_lines()))
        lines = [msgspec.json.decode(value, type=PolicyLine) for value in stored]
        data = await self._patiently(lambda: self._redis.get(keys.seats(self._context.pod)))
        seats = msgspec.json.decode(data, type=PodSeats).seats if data else ()
        here = {seat.policy_line for seat in seats}
        ours = [line for line in lines if line.pool == self._context.pool]
        return sorted(ours, key=lambda line: (line.id not in here, line.id))

    def _panel(self, line: PolicyLine) -> Panel:
        """The line's history up to now; nothing that has not ended. Raises MarketError."""
        now = self._clock.now()
        since = now - line.interval.length * (MOST_BARS * CLOSED_HOURS)
        panel = self._history.read_panel(line.instruments, line.interval, since, now)
        if not len(panel):
            raise MarketError(f"{line.id}: its instruments have no bar in common")
        return panel

    async def _attend(self, task: _Task) -> bool:
        """Learn the line if it can be owned. True when nothing is left to do for it tonight."""
        if self._stop.is_set():
            return True
        claim = await self._patiently(task.owned.claim)
        if claim is not Claim.OURS:
            return claim is Claim.DONE
        self._current = task.line.id
        await self._link.send(Progressed(detail=f"learning {task.line.id}"))
        try:
            verdict = await self._owning(task)
        except OwnershipLost as reason:
            self._current = ""
            await self._skip(task.line, reason)
            return False
        except (TooFewBars, PolicyError) as reason:
            await self._skip(task.line, reason)
            verdict = None
        if self._stop.is_set() and verdict is None:
            await self._patiently(task.owned.release)
            return True
        await self._patiently(task.owned.finish)
        self._done.append(task.line.id)
        self._current = ""
        if verdict is not None:
            await self._tell(verdict)
        return True

    async def _owning(self, task: _Task) -> VerdictReached | None:
        """Run the night in a thread while the ownership is renewed. Raises OwnershipLost."""
        lost = threading.Event()
        loop = asyncio.get_running_loop()

        def announce(event: LearningEvent) -> None:
            sent = asyncio.run_coroutine_threadsafe(self._announce(task.owned, event), loop)
            sent.result()

        outside = Outside(
            train=self._trainer.result(),
            artifacts=self._context.artifacts,
            now=self._clock.now,
            announce=announce,
            stop=lambda: self._stop.is_set() or lost.is_set(),
        )
        renewal = asyncio.create_task(self._renew(task.owned, lost), name="renewal")
        try:
            verdict = await asyncio.to_thread(
                lambda: Night(task.line, task.panel, self._budget, outside).run()
            )
        finally:
            renewal.cancel()
        if lost.is_set():
            raise OwnershipLost(task.line.id)
        return verdict

    async def _announce(self, owned: Ownership, event: LearningEvent) -> None:
        """Out at once, or as soon as Redis is back; progress that cannot go out is dropped."""
        if isinstance(event, LearningProgressed):
            with contextlib.suppress(*REDIS_TROUBLE):
                await owned.announce(event)
        else:
            await self._patiently(lambda: owned.announce(event))

    async def _renew(self, owned: Ownership, lost: threading.Event) -> None:
        while not lost.is_set():
            await asyncio.sleep(RENEW_SECONDS)
            try:
                if await owned.claim() is not Claim.OURS:
                    lost.set()
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


def _learner() -> Trainer:
    """Imports torch and SB3, and compiles the environment: seconds, and most of the memory."""
    from ai_pod.agents.learning.train import train, warm_up

    warm_up()
    return train
