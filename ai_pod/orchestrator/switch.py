"""The switch of a pod from one phase to another: warm, quiesce, hand off, commit, start.

Budgets are real time. What fails before the commit is rolled back; what fails after it goes on.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
import structlog
from redis.exceptions import RedisError

from ai_pod.agents.messages import Quiesced
from ai_pod.contracts.agents import AgentName, AgentState, SwitchView
from ai_pod.contracts.plan import Phase
from ai_pod.errors import AgentError, HandOffFailed, PodError
from ai_pod.memory.handoffs import DeskHandoff, Handoffs
from ai_pod.orchestrator.phases import PhaseRecords
from ai_pod.orchestrator.supervision import SupervisedAgent
from market.clock import Clock
from market.eventlog import EventLog
from market.tasks import in_thread

HOLDER = {Phase.TRADING: AgentName.TRADING, Phase.LEARNING: AgentName.LEARNING}
"""Which agent holds the pod in a phase; nobody holds a paused pod."""

QUIESCE_SECONDS = {AgentName.TRADING: 5.0, AgentName.LEARNING: 10.0}
"""Learning is told to stop just so long before the open, where the clock is real time."""

COLD_SECONDS = 12.0
HAND_OFF_SECONDS = 2.0
COMMIT_SECONDS = 1.0
LONGEST_LOOK_SECONDS = 0.5

logger = structlog.get_logger()


class SwitchFailed(PodError):
    """The pod could not be switched, and was rolled back."""


class NoLongerWanted(PodError):
    """The plan has changed while the switch was on its way."""


@dataclass
class Journey:
    """One switch on its way, maybe a little early. `wanted` tells what the plan wants now; `began`
    is the planned instant, if that came later than the beginning.
    """

    to: Phase
    planned_at: datetime | None
    wanted: Callable[[], Phase]
    cold_seconds: float = COLD_SECONDS
    began: float = field(default_factory=time.monotonic)
    cold: bool = False


class Switch:
    """Switches one pod. `agents` are those that hold phases."""

    def __init__(
        self,
        agents: dict[AgentName, SupervisedAgent],
        records: PhaseRecords,
        handoffs: Handoffs,
        clock: Clock,
        events: EventLog,
    ) -> None:
        self._agents = agents
        self._records = records
        self._handoffs = handoffs
        self._clock = clock
        self._events = events

    def holder(self, phase: Phase) -> SupervisedAgent | None:
        name = HOLDER.get(phase)
        return self._agents[name] if name else None

    async def run(self, journey: Journey) -> SwitchView:
        """Switch. Raises SwitchFailed after rolling back."""
        before = self._records.record.phase
        old, new = self.holder(before), self.holder(journey.to)
        journey.cold = new is not None and not new.ready
        try:
            await self._ready_and_handed_off(new, old, journey)
            await self._wait_for_its_instant(journey)
            await self._commit(journey.to, journey.planned_at)
        except (AgentError, HandOffFailed, NoLongerWanted, OSError) as failure:
            await self._roll_back(old, journey, str(failure) or repr(failure))
            raise SwitchFailed(f"{before} → {journey.to}: {failure!r}") from failure
        await self._start(new, old)
        return self._finish(before, journey)

    async def _ready_and_handed_off(
        self, new: SupervisedAgent | None, old: SupervisedAgent | None, journey: Journey
    ) -> None:
        """Both at once, and both to their end: A's state is safe even when B does not start."""
        steps: list[Coroutine[object, object, None]] = []
        if new is not None:
            steps.append(new.start_within(journey.cold_seconds))
        if old is not None and old.state is AgentState.ACTIVE:
            steps.append(self._quiesce_and_hand_off(old))
        for outcome in await asyncio.gather(*steps, return_exceptions=True):
            if outcome is not None:
                raise outcome

    async def _wait_for_its_instant(self, journey: Journey) -> None:
        """For a switch that began early. Raises NoLongerWanted when the plan changes meanwhile."""
        if self._until(journey) <= 0.0:
            return
        expected = (journey.to, self._records.record.phase)
        while (seconds := self._until(journey)) > 0.0 and journey.wanted() in expected:
            await asyncio.sleep(min(seconds, LONGEST_LOOK_SECONDS))
            journey.began = time.monotonic()
        if journey.wanted() is not journey.to:
            raise NoLongerWanted(f"the plan wants {journey.wanted()} by now")

    def _until(self, journey: Journey) -> float:
        """Real seconds until the planned instant; negative when it has passed, or there is none."""
        planned = journey.planned_at
        return -1.0 if planned is None else self._clock.real_seconds_until(planned)

    async def _quiesce_and_hand_off(self, old: SupervisedAgent) -> None:
        try:
            quiesced = await old.quiesce(QUIESCE_SECONDS[old.name])
        except AgentError as error:
            logger.error("quiesce_failed", agent=old.name, error=str(error))
            await old.kill()
            return
        async with asyncio.timeout(HAND_OFF_SECONDS):
            await self._hand_off(old.name, quiesced)

    async def _hand_off(self, name: AgentName, quiesced: Quiesced) -> None:
        """Store the state that the next agent resumes from. Learning's lies in the artifact store,
        where it checkpoints by itself.
        """
        if not quiesced.intact:
            raise HandOffFailed(f"{name}: the state does not fit its sha256")
        if name is not AgentName.TRADING:
            return
        try:
            desks = msgspec.json.decode(quiesced.state, type=tuple[DeskHandoff, ...])
            await self._handoffs.write(desks)
        except (RedisError, msgspec.DecodeError) as error:
            raise HandOffFailed(f"{name}: {error}") from error

    async def _commit(self, phase: Phase, planned_at: datetime | None) -> None:
        before = self._records.record.phase_epoch
        try:
            async with asyncio.timeout(COMMIT_SECONDS):
                await in_thread(self._records.commit, phase, planned_at)
        except TimeoutError:
            # The disk was slow, and has come to an end by now: what it holds is what counts.
            if self._records.record.phase_epoch == before:
                raise
            logger.error("commit_slow", phase=phase)
        record = self._records.record
        self._events.write(
            "phase_committed",
            pod=record.pod,
            pool=self._records.pool,
            phase=record.phase,
            phase_epoch=record.phase_epoch,
        )
        try:
            async with asyncio.timeout(COMMIT_SECONDS):
                await self._records.mirror()
        except (RedisError, OSError, TimeoutError) as error:
            logger.warning("phase_not_mirrored_yet", error=str(error))

    async def _start(self, new: SupervisedAgent | None, old: SupervisedAgent | None) -> None:
        """After the commit: B works, A's process ends. A B that fails is started again."""
        if old is not None and old is not new:
            old.retire()
        if new is None:
            return
        try:
            await new.activate(self._records.record.phase_epoch)
        except AgentError as error:
            logger.error("start_failed", agent=new.name, error=str(error))
            await new.kill()
            await self._start_again(new)

    async def _start_again(self, new: SupervisedAgent) -> None:
        try:
            await new.start_within(COLD_SECONDS)
            await new.activate(self._records.record.phase_epoch)
        except (AgentError, TimeoutError) as error:
            logger.error("start_failed_again", agent=new.name, error=str(error))
            await new.kill()

    async def _roll_back(self, old: SupervisedAgent | None, journey: Journey, reasons: str) -> None:
        """To A if the plan allows A now, else to a paused pod."""
        record = self._records.record
        logger.error("switch_rolled_back", to=journey.to, reasons=reasons)
        self._events.write("switch_rolled_back", pod=record.pod, to=journey.to, why=reasons)
        if journey.wanted() is record.phase:
            if old is not None and old.state is AgentState.STOPPING:
                await self._resume(old)
            return
        if old is not None:
            await old.stop()
        if record.phase is not Phase.PAUSED:
            await self._commit(Phase.PAUSED, None)

    async def _resume(self, old: SupervisedAgent) -> None:
        try:
            await old.activate(self._records.record.phase_epoch)
        except AgentError as error:
            logger.error("resume_failed", agent=old.name, error=str(error))
            await old.kill()

    def _finish(self, before: Phase, journey: Journey) -> SwitchView:
        late = 0.0 if journey.planned_at is None else max(0.0, -self._until(journey))
        view = SwitchView(
            from_phase=before,
            to_phase=journey.to,
            planned_at=journey.planned_at,
            seconds=time.monotonic() - journey.began,
            late_seconds=late,
            cold=journey.cold,
            phase_epoch=self._records.record.phase_epoch,
        )
        self._events.write(
            "switch_finished",
            pod=self._records.record.pod,
            from_phase=before,
            to_phase=journey.to,
            seconds=view.seconds,
            late_seconds=view.late_seconds,
            cold=view.cold,
        )
        return view
