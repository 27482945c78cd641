"""The learning agent: a member of the night's cluster, and the owner of lines that it gets hold of.

The event loop only waits, renews the ownership and announces; the trials never hold it.
"""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir

import msgspec
import structlog

from ai_pod.agents.agent import Link
from ai_pod.agents.learning.budget import Budget, budget_of
from ai_pod.agents.learning.courtesy import Courtesy
from ai_pod.agents.learning.crew import Crew
from ai_pod.agents.learning.lines import Lines
from ai_pod.agents.learning.meeting import Meeting
from ai_pod.agents.learning.ownership import Lives
from ai_pod.agents.learning.pool_night import REDIS_TROUBLE, RETRY_SECONDS, Around, PoolNight
from ai_pod.agents.learning.training import Trainer
from ai_pod.agents.learning.trial import Place
from ai_pod.agents.messages import AgentContext, Counted, GiveWay, Idle, Notice, Progressed
from ai_pod.contracts.agents import AgentName
from market.history import History
from market.stores import open_redis
from market.tasks import end_if_told, in_time
from market.words import Word

REDIS_SECONDS = 10.0
LOAD_AFTER_SECONDS = 1.0
"""A warm agent that is not activated at once imports the learner meanwhile."""

logger = structlog.get_logger()


class LearningState(Word, frozen=True, kw_only=True):
    """What a quiesced agent leaves: lines that are done, and the one that was interrupted.

    Its checkpoints and rounds lie in the artifact store; whoever learns the line next goes on.
    """

    phase_epoch: int
    done: tuple[str, ...]
    interrupted: str = ""
    v: int = 1


class LearningAgent:
    """Implements the agent's port. `learner` may take seconds to give the trainer."""

    name = AgentName.LEARNING

    def __init__(
        self,
        learner: Callable[[], Trainer],
        budget: Budget | None = None,
        lives: Lives | None = None,
    ) -> None:
        self._learner, self._budget, self._lives = learner, budget, lives or Lives()
        self._stop = asyncio.Event()
        self._work: asyncio.Task[None] | None = None
        self._activated = asyncio.Event()
        self._epoch = 0
        self._courtesy = Courtesy()
        self._night: PoolNight | None = None

    async def warm(self, context: AgentContext, link: Link) -> None:
        self._context, self._link = context, link
        self._clock = context.market_clock()
        self._redis = open_redis(context.redis_url, seconds=REDIS_SECONDS)
        self._lines = Lines(self._redis, History(context.history), self._clock)
        self._trainer: asyncio.Future[Trainer] = asyncio.get_running_loop().create_future()
        link.start(self._load(), "load")

    async def activate(self, phase_epoch: int) -> None:
        self._activated.set()
        self._epoch, self._night = phase_epoch, None
        self._stop = asyncio.Event()
        self._work = self._link.start(self._learn(), "learning")

    async def quiesce(self, deadline_seconds: float) -> bytes:
        await self._halt(deadline_seconds)
        state = LearningState(phase_epoch=self._epoch, done=())
        if (night := self._night) is not None:
            done, current = tuple(night.done), night.current
            state = LearningState(phase_epoch=self._epoch, done=done, interrupted=current)
        return msgspec.json.encode(state)

    async def handle(self, notice: Notice) -> None:
        """Lines are read when a night begins; no notice changes that."""
        if isinstance(notice, GiveWay):
            self._courtesy.give_way(notice.seconds)

    async def end(self) -> None:
        await self._halt(2.0)
        await self._redis.aclose()

    async def _halt(self, seconds: float) -> None:
        self._stop.set()
        self._courtesy.give_way(0.0)
        if self._work is not None:
            await asyncio.wait({self._work}, timeout=seconds)

    async def _load(self) -> None:
        """The learner, a little later: nobody waits with a switch for seconds of imports."""
        with contextlib.suppress(TimeoutError):
            await in_time(self._activated.wait(), LOAD_AFTER_SECONDS)
        self._trainer.set_result(await asyncio.to_thread(self._learner))

    async def _learn(self) -> None:
        """Until every line of the pool is done tonight, here or on another pod."""
        if not await self._loaded():
            return
        async with self._crew() as crew:
            self._night = PoolNight(self._lines, self._around(), crew, self._stop)
            night = asyncio.create_task(self._tonight(self._night), name="night")
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

    def _around(self) -> Around:
        context = self._context
        return Around(
            owner=f"{context.pod}:{self._epoch}",
            redis=self._redis,
            artifacts=context.artifacts,
            clock=self._clock,
            tell=self._link.send,
            budget=self._budget or budget_of(context.protocol, context.algorithm, context.device),
            lives=self._lives,
        )

    def _crew(self) -> "contextlib.AbstractAsyncContextManager[Crew]":
        from ai_pod.agents.learning.dask_crew import Camp, DaskCrew

        context = self._context
        trainer = self._courtesy.teach(self._trainer.result())
        place = Place.at(context.artifacts, trainer, self._counter())
        camp = Camp(
            name=f"{context.pod}:{self._epoch}",
            folder=str(Path(context.state or gettempdir()) / "dask"),
            meeting=Meeting(self._redis, context.pool, self._lives.meeting_seconds),
            scheduler=context.dask,
        )
        return DaskCrew(place, camp)

    def _counter(self) -> Callable[[str], None]:
        """Counts for the pod's metrics, from the trials' thread."""
        loop = asyncio.get_running_loop()

        def counted(metric: str) -> None:
            asyncio.run_coroutine_threadsafe(self._link.send(Counted(metric=metric, by=1)), loop)

        return counted

    async def _tonight(self, night: PoolNight) -> None:
        try:
            await night.run(self._context.pod, self._context.pool)
        except REDIS_TROUBLE:
            # Without Redis nothing is retried any more once the agent is told to stop.
            logger.warning("learning_stopped_without_redis")

    async def _loaded(self) -> bool:
        """The learner is there; False when the agent is told to stop first."""
        while not self._trainer.done() and not self._stop.is_set():
            with contextlib.suppress(TimeoutError):
                await in_time(self._stop.wait(), RETRY_SECONDS)
            end_if_told()
        return self._trainer.done()
