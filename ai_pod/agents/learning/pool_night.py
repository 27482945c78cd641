"""A pod's night over the lines of its pool: what is watched is reported first, then line after line
is learned, by whichever pod gets hold of it.

Redis, the artifact store and the history may be away for a while; what needs them is tried again.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import structlog
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisSlow

from ai_pod.agents.learning.budget import Budget
from ai_pod.agents.learning.crew import Crew, TrialFailed
from ai_pod.agents.learning.evaluate import TooFewBars
from ai_pod.agents.learning.lines import Lines
from ai_pod.agents.learning.night import Night, Outside, night_of
from ai_pod.agents.learning.ownership import Claim, Lives, Ownership, OwnershipLost
from ai_pod.agents.learning.shadow import reports
from ai_pod.agents.learning.worlds import WorldLost
from ai_pod.agents.messages import Progressed, Report
from ai_pod.contracts.learning import (
    LearningEvent,
    LearningProgressed,
    PolicyLine,
    VerdictReached,
)
from ai_pod.policies.artifacts import PolicyStore
from ai_pod.policies.backtest import Terms
from ai_pod.policies.errors import PolicyError
from market.clock import Clock
from market.errors import MarketError
from market.series import Panel
from market.tasks import end_if_told, in_time

RETRY_SECONDS = 0.5
REDIS_TROUBLE = (RedisAway, RedisSlow)
TRY_AGAIN = (OwnershipLost, WorldLost, OSError)

Answer = TypeVar("Answer")

logger = structlog.get_logger()


@dataclass(frozen=True)
class Around:
    """What a pod's night has about it; `owner` is the pod and its phase epoch."""

    owner: str
    redis: Redis
    artifacts: str
    clock: Clock
    tell: Callable[[Report], Awaitable[None]]
    budget: Budget
    lives: Lives


class PoolNight:
    """`run` returns when nothing is left to do tonight, here or on another pod; cancel it to stop.

    `done` are the lines that were learned here, `current` the one that was interrupted.
    """

    def __init__(self, lines: Lines, around: Around, crew: Crew, stop: asyncio.Event) -> None:
        self._lines, self._around, self._crew, self._stop = lines, around, crew, stop
        self._unreported: list[PolicyLine] = []
        self.done: list[str] = []
        self.current = ""

    async def run(self, pod: str, pool: str) -> None:
        """Raises redis' errors once the agent is told to stop."""
        left = await self._patiently(lambda: self._lines.of(pod, pool))
        self._unreported = [line for line in left if line.watched]
        while left or self._unreported:
            await self._report()
            left = [line for line in left if not await self._attend(line)]
            if left or self._unreported:
                await asyncio.sleep(self._around.lives.renew_seconds)

    async def _report(self) -> None:
        """A policy that must be rolled back does not wait until other lines are learned."""
        unreported = self._unreported
        self._unreported = [line for line in unreported if not await self._reported(line)]

    async def _reported(self, line: PolicyLine) -> bool:
        """Announce what the line's watched policies did; True when nothing is left to tell."""
        panel = await self._panel(line)
        if not isinstance(panel, Panel):
            # What cannot be read at all is told when the line's turn comes.
            return isinstance(panel, MarketError)
        # Once for the same bars: a later beginning of this night may have more of them.
        owned = self._ownership(line, f"reports:{int(panel.end.max())}")
        claim = await self._patiently(owned.claim)
        if claim is not Claim.OURS:
            return claim is Claim.DONE
        store, terms = PolicyStore(self._around.artifacts), Terms(profile=line.risk_profile)
        now = self._around.clock.now()
        try:
            async with self._letting_go(owned):
                for report in await asyncio.to_thread(reports, line, panel, store, terms, now):
                    await self._announce(owned, report)
        except (OwnershipLost, OSError) as reason:
            logger.warning("reports_put_off", line=line.id, reason=str(reason))
            return False
        await self._patiently(owned.finish)
        return True

    async def _attend(self, line: PolicyLine) -> bool:
        """Learn the line if it can be owned. True when nothing is left to do for it tonight."""
        await self._report()
        panel = await self._panel(line)
        if isinstance(panel, MarketError):
            await self._skip(line, panel)
            return True
        if isinstance(panel, OSError):
            await self._put_off(line, panel)
            return False
        owned = self._ownership(line, night_of(panel))
        claim = await self._patiently(owned.claim)
        if claim is not Claim.OURS:
            return claim is Claim.DONE
        self.current = line.id
        await self._around.tell(Progressed(detail=f"learning {line.id}"))
        try:
            async with self._letting_go(owned):
                verdict = await self._learned(owned, line, panel)
        except TRY_AGAIN as reason:
            self.current = ""
            await self._put_off(line, reason)
            return False
        await self._patiently(owned.finish)
        self.done.append(line.id)
        self.current = ""
        if verdict is not None:
            await self._tell(verdict)
        return True

    async def _learned(
        self, owned: Ownership, line: PolicyLine, panel: Panel
    ) -> VerdictReached | None:
        """The verdict; None, and a word to the operators, when there can be none tonight."""
        around = self._around
        outside = Outside(
            crew=self._crew,
            artifacts=around.artifacts,
            now=around.clock.now,
            announce=lambda event: self._announce(owned, event),
        )
        try:
            return await self._owning(owned, Night(line, panel, around.budget, outside))
        except (TooFewBars, PolicyError, TrialFailed) as reason:
            await self._skip(line, reason)
            return None

    async def _owning(self, owned: Ownership, learning: Night) -> VerdictReached | None:
        """Run the night while the ownership is renewed. Raises OwnershipLost."""
        night = asyncio.create_task(learning.run(), name=f"night-{self.current}")
        renewal = asyncio.create_task(self._renew(owned), name="renewal")
        try:
            await asyncio.wait({night, renewal}, return_when=asyncio.FIRST_COMPLETED)
            if not night.done():
                raise OwnershipLost(f"another pod owns {self.current} by now")
            return night.result()
        finally:
            for working in (night, renewal):
                working.cancel()
            await asyncio.wait({night, renewal})

    async def _renew(self, owned: Ownership) -> None:
        """Returns when the night is not ours any more."""
        claim = Claim.OURS
        while claim is Claim.OURS:
            await asyncio.sleep(self._around.lives.renew_seconds)
            try:
                claim = await owned.claim()
            except RedisError as error:
                # The claim lives on for a while; announcements are fenced in any case.
                logger.warning("claim_not_renewed", error=str(error))
            end_if_told()

    def _ownership(self, line: PolicyLine, work: str) -> Ownership:
        around = self._around
        return Ownership(around.redis, line.id, work, around.owner, around.lives)

    @contextlib.asynccontextmanager
    async def _letting_go(self, owned: Ownership) -> AsyncIterator[None]:
        """Whatever ends the work early, another pod may take it at once; without Redis, the claim
        runs out by itself.
        """
        try:
            yield
        except BaseException:
            with contextlib.suppress(RedisError):
                await owned.release()
            raise

    async def _panel(self, line: PolicyLine) -> Panel | MarketError | OSError:
        """The line's history, or why it cannot be read: for good, or (OSError) for now."""
        try:
            return await self._lines.panel(line)
        except (MarketError, OSError) as reason:
            return reason

    async def _announce(self, owned: Ownership, event: LearningEvent) -> None:
        """Out at once, or as soon as Redis is back; progress that cannot go out is dropped."""
        if isinstance(event, LearningProgressed):
            with contextlib.suppress(*REDIS_TROUBLE):
                await owned.announce(event)
            end_if_told()
        else:
            await self._patiently(lambda: owned.announce(event))

    async def _tell(self, verdict: VerdictReached) -> None:
        logger.info("verdict_reached", line=verdict.policy_line, sentence=verdict.sentence)
        figures = {"sharpe_difference": verdict.sharpe_difference, "trials": verdict.trials}
        await self._around.tell(Progressed(detail=verdict.sentence, figures=figures))

    async def _skip(self, line: PolicyLine, reason: Exception) -> None:
        logger.warning("line_skipped", line=line.id, reason=str(reason))
        await self._around.tell(Progressed(detail=f"{line.id} is not learned tonight: {reason}"))

    async def _put_off(self, line: PolicyLine, reason: Exception) -> None:
        logger.warning("line_put_off", line=line.id, reason=str(reason))
        await self._around.tell(Progressed(detail=f"{line.id} is tried again: {reason}"))

    async def _patiently(self, call: Callable[[], Awaitable[Answer]]) -> Answer:
        """The call's answer, as soon as Redis gives one; its error once the agent is to stop."""
        while True:
            try:
                answer = await call()
            except REDIS_TROUBLE:
                if self._stop.is_set():
                    raise
            else:
                end_if_told()
                return answer
            with contextlib.suppress(TimeoutError):
                await in_time(self._stop.wait(), RETRY_SECONDS)
            end_if_told()
