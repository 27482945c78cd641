"""The pod's orchestrator: compares the wanted phase with the actual one, and acts until they agree.

Timers only wake it; a missed one, or a step that failed, is made good by the next comparison.
"""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ai_pod.agents.messages import (
    AgentContext,
    Command,
    Counted,
    FrameSent,
    Measured,
    PlanChanged,
    Report,
    RunEventSent,
    SeatsChanged,
)
from ai_pod.contracts.agents import AgentName, AgentState, PodHeartbeat, PodState, SwitchView
from ai_pod.contracts.plan import Phase, Segment
from ai_pod.errors import AgentError
from ai_pod.memory.handoffs import Handoffs
from ai_pod.orchestrator.conversations import Conversations
from ai_pod.orchestrator.heartbeat import Heart
from ai_pod.orchestrator.metering import Meter, Metered
from ai_pod.orchestrator.options import PodOptions
from ai_pod.orchestrator.phases import PhaseRecords
from ai_pod.orchestrator.plans import PlanCopy
from ai_pod.orchestrator.seats import SeatCopy
from ai_pod.orchestrator.supervision import Bonds, SupervisedAgent
from ai_pod.orchestrator.switch import HOLDER, Journey, Switch, SwitchFailed
from ai_pod.orchestrator.timetable import Timetable
from ai_pod.orchestrator.watching import follow_plan, follow_seats
from ai_pod.telemetry import Telemetry
from market import tracing
from market.clock import Clock
from market.eventlog import EventLog
from market.tasks import told_to_end

LAST_SWITCH_SECONDS = 6.0
"""For trading's quiesce and hand-off: learning, which may take longer, checkpoints by itself."""

logger = structlog.get_logger()


class Orchestrator:
    """Runs one pod. `on_frame` gets the agents' live frames."""

    def __init__(
        self,
        context: AgentContext,
        redis: Redis,
        options: PodOptions,
        on_frame: Callable[[FrameSent], None],
        telemetry: Telemetry,
    ) -> None:
        self.clock: Clock = context.market_clock()
        self.pod, self.pool = context.pod, context.pool
        folder = Path(context.events) if context.events else None
        self._events = EventLog(folder, f"pod-{self.pod}", self.clock)
        self._redis = redis
        self._options = options
        self._on_frame = on_frame
        self._telemetry = telemetry
        self._started_at = time.time()
        self._wake = asyncio.Event()
        self.seats = SeatCopy(self.pod, redis)
        self.plans = PlanCopy(self.pool, self.pod, redis)
        self._timetable = Timetable(self.plans, self.clock)
        self.records = PhaseRecords(Path(context.state), self.pool, self.pod, redis)
        self.heart = Heart(redis, self.records)
        self.meter = Meter(self.pod, self.pool, redis, telemetry)
        self.agents = {
            name: SupervisedAgent(name, options.source(name, context), context, self._bonds(name))
            for name in AgentName
        }
        chatbot, learning = self.agents[AgentName.CHATBOT], self.agents[AgentName.LEARNING]
        self.chat = Conversations(chatbot, learning, options.chat_idle_seconds)
        self._switch = Switch(self.agents, self.records, Handoffs(redis), self.clock, self._events)
        self._last_switch: SwitchView | None = None
        self._switches, self._retry_at = 0, 0.0
        self.recovered = self.draining = self.leaving = self._ending = False
        self._following: asyncio.Task[None] | None = None
        self.turned_at = time.monotonic()

    async def run(self) -> None:
        """Run until cancelled. Raises Superseded when this pod's name is somebody else's now."""
        await self._recover()
        async with asyncio.TaskGroup() as tasks:
            self._following = tasks.create_task(self._follow(), name="follow")
            tasks.create_task(follow_plan(self.plans, self._redis, self.plan_changed), name="plan")
            tasks.create_task(follow_seats(self.refresh_seats), name="seats")
            tasks.create_task(self.heart.run(self.view), name="heartbeat")
            tasks.create_task(self.chat.tend(), name="chat")
            metered = Metered(self.agents, self.chat, self.seats)
            tasks.create_task(self.meter.run(metered), name="meter")

    async def end(self) -> None:
        """End every agent, and take the heartbeat away."""
        self.chat.close()
        await self._end_following()
        await asyncio.gather(*(agent.stop() for agent in self.agents.values()))
        await asyncio.gather(self.chat.end(), self.meter.end())
        await self.heart.stop(self.pod)
        self._events.close()
        await self._redis.aclose()

    async def _end_following(self) -> None:
        """Before the agents, which it would switch or start; its last switch hands them over."""
        self._ending = True
        self._wake.set()
        if self._following is not None:
            await asyncio.wait({self._following}, timeout=LAST_SWITCH_SECONDS)
            self._following.cancel()
            await asyncio.wait({self._following}, timeout=1.0)

    def view(self) -> PodHeartbeat:
        """What the heartbeat says, now."""
        now = self.clock.now()
        record = self.records.record
        return PodHeartbeat(
            pod=self.pod,
            pool=self.pool,
            address=self._options.address,
            state=self.state,
            phase=record.phase,
            phase_epoch=record.phase_epoch,
            phase_reason=self.plans.reason_at(now),
            plan_version=self.plans.version,
            desks=self.seats.desks,
            agents=tuple(agent.view() for agent in self.agents.values()),
            beat_at=time.time(),
            market_now=now,
            started_at=self._started_at,
            switches=self._switches,
            last_switch=self._last_switch,
        )

    @property
    def state(self) -> PodState:
        if self.draining:
            return PodState.DRAINING
        ready = self.recovered and self.plans.plan is not None
        return PodState.READY if ready else PodState.STARTING

    def wanted(self) -> Phase:
        return Phase.PAUSED if self.leaving else self.plans.wanted_at(self.clock.now())

    def leave(self) -> None:
        """Be paused from now on, whatever the plan wants."""
        self.leaving = True
        self._events.write("pod_left", pod=self.pod)
        self._wake.set()

    async def plan_changed(self) -> None:
        await self._tell_all(self._plan_notices())
        self._wake.set()
        self.heart.soon()

    async def seats_changed(self) -> None:
        await self._tell_all([SeatsChanged(seats=self.seats.seats)])
        self.heart.soon()
        self.chat.expect(questions=bool(self.seats.desks))

    async def refresh_seats(self) -> None:
        """Read the seat record now. Raises redis' errors."""
        if await self.seats.fetch():
            await self.seats_changed()

    async def _recover(self) -> None:
        while not self.recovered:
            try:
                await self.records.recover()
                self.recovered = True
                epoch = self.records.record.phase_epoch
                self._events.write("pod_started", pod=self.pod, phase_epoch=epoch)
            except (RedisError, OSError) as error:
                logger.warning("waiting_for_redis", error=str(error))
                await asyncio.sleep(0.5)

    async def _follow(self) -> None:
        while not told_to_end():
            self.turned_at = time.monotonic()
            self._wake.clear()
            last = self._ending
            await self._compare()
            if last:
                return
            try:
                async with asyncio.timeout(self._until_next()):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _compare(self) -> None:
        early = None if self.leaving else self._timetable.ending(self.records.record.phase)
        if early or self.wanted() is not self.records.record.phase:
            if time.monotonic() >= self._retry_at:
                await self._change(early)
        else:
            self._retry_at = 0.0
            await self._keep_holder()
        await self._warm_next()

    async def _change(self, early: Segment | None) -> None:
        """One switch toward the wanted phase, or to that of the segment which begins soon."""
        segment = early or (None if self.leaving else self.plans.segment_at(self.clock.now()))
        planned = segment.starts if segment else None
        if planned is not None and planned < self.clock.at_wall(self._started_at):
            planned = None
        try:
            to = early.phase if early else self.wanted()
            journey = Journey(to, planned, self.wanted, self._options.cold_seconds)
            with tracing.span("switch", pod=self.pod, to=to) as span:
                view = await self._switch.run(journey)
                span.note(from_phase=view.from_phase, cold=view.cold, late=view.late_seconds)
        except (SwitchFailed, OSError) as error:
            logger.error("switch_failed", error=str(error))
            self._telemetry.rolled_back()
            self._retry_at = time.monotonic() + self._options.retry_seconds
        else:
            logger.info("switched", to=view.to_phase, seconds=view.seconds, late=view.late_seconds)
            self._telemetry.switched(view)
            self._switches += 1
            self._last_switch = view
            self._retry_at = 0.0
        self.heart.soon()

    async def _keep_holder(self) -> None:
        """The phase's agent works; one that died is started again, one that is done is ended."""
        agent = self._switch.holder(self.records.record.phase)
        if agent is None or (agent.state is AgentState.ACTIVE and not agent.idle):
            return
        if agent.idle:
            await agent.stop()
            return
        try:
            await agent.start_within(self._options.cold_seconds)
            await agent.activate(self.records.record.phase_epoch)
        except (AgentError, TimeoutError) as error:
            logger.error("restart_failed", agent=agent.name, error=repr(error))
            if isinstance(error, AgentError):  # A start that works on is not begun anew.
                await agent.kill()
        self.heart.soon()

    async def _warm_next(self) -> None:
        """Start the next phase's agent in its lead; end one that is neither held nor next."""
        near = None if self.leaving else self._timetable.near()
        named = HOLDER.get(near.phase) if near else None
        current = HOLDER.get(self.records.record.phase)
        wanted = HOLDER.get(self.wanted())
        for name in HOLDER.values():
            agent = self.agents[name]
            if name == named and agent.state is AgentState.DORMANT:
                agent.warm_up()
            elif name not in (named, current, wanted) and agent.state is not AgentState.DORMANT:
                await agent.stop()

    def _until_next(self) -> float:
        """Real seconds until something is due by the plan, or a retry."""
        pause = self._timetable.until_next()
        if self._retry_at:
            pause = min(pause, max(0.05, self._retry_at - time.monotonic()))
        return pause

    async def _tell_all(self, notices: list[Command]) -> None:
        for agent in self.agents.values():
            if agent.listening:
                for notice in notices:
                    await agent.inform(notice)

    def _notices(self) -> list[Command]:
        """What a new process has to know."""
        return [*self._plan_notices(), SeatsChanged(seats=self.seats.seats)]

    def _plan_notices(self) -> list[Command]:
        plan = self.plans.plan
        return [PlanChanged(plan=plan)] if plan else []

    def _bonds(self, name: AgentName) -> Bonds:
        changed = asyncio.Event() if name is AgentName.CHATBOT else self._wake
        return Bonds(self._events, self._notices, self._report, changed, self.meter.ending)

    def _report(self, report: Report) -> None:
        match report:
            case FrameSent():
                self._on_frame(report)
            case RunEventSent():
                self.chat.deliver(report)
            case Measured(metric=metric, seconds=seconds):
                self._telemetry.measured(metric, seconds)
            case Counted(metric=metric, by=by):
                self._telemetry.counted(metric, by)
