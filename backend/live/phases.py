"""What holds each connected desk's pod now, why and until when; told when it changes."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

import msgspec
import structlog
from redis.asyncio import Redis

from ai_pod.contracts import keys
from ai_pod.contracts.agents import PodHeartbeat
from ai_pod.contracts.directory import living_pods
from ai_pod.contracts.live import FrameKind
from ai_pod.contracts.plan import Plan
from backend.database import transaction
from backend.live import repository
from backend.live.frames import Framer
from backend.live.hub import Hub
from backend.live.repository import Sitting
from backend.live.schemas import PhaseData, PodData
from backend.state import State

PERIOD_SECONDS = 1.0

logger = structlog.get_logger()


class Phases:
    """Watches heartbeats, plans and seats; `addresses` are the pods that connected desks sit on."""

    def __init__(self, state: State, hub: Hub, framer: Framer) -> None:
        self._state = state
        self._hub = hub
        self._framer = framer
        self.addresses: dict[str, str] = {}

    async def run(self) -> None:
        """Until the service ends. Raises what a store raises; start it again."""
        tasks = self._state.tasks
        while not tasks.stopping.is_set():
            with tasks.step():
                await self.look()
            await asyncio.sleep(PERIOD_SECONDS)

    async def look(self) -> None:
        desks = list(self._hub.channels)
        if not desks:
            self.addresses = {}
            return
        pods = {pod.pod: pod for pod in await living_pods(self._state.redis)}
        async with transaction(self._state.sessions) as session:
            sittings = await repository.sittings(session, desks)
        plans = await read_plans(self._state.redis, {sitting.pool for sitting in sittings})
        used = {sitting.pod for sitting in sittings if sitting.pod}
        self.addresses = {name: pods[name].address for name in used if name in pods}
        for sitting in sittings:
            self._tell(sitting, pods, plans.get(sitting.pool))

    def _tell(self, sitting: Sitting, pods: Mapping[str, PodHeartbeat], plan: Plan | None) -> None:
        channel = self._hub.channels.get(sitting.desk)
        if channel is None:
            return
        beat = pods.get(sitting.pod or "")
        pod = pod_data(sitting, beat).model_dump(mode="json")
        if _differs(channel.pod, pod):
            frame = self._framer.frame(FrameKind.POD, pod, desk=sitting.desk)
            self._hub.send(sitting.desk, frame)
        channel.pod = pod
        if beat is None:
            return
        phase = phase_data(beat, plan, self._state.clock.now()).model_dump(mode="json")
        if phase != channel.phase:
            frame = self._framer.frame(FrameKind.PHASE, phase, desk=sitting.desk)
            self._hub.send(sitting.desk, frame)
        channel.phase = phase


async def read_plans(redis: Redis, pools: set[str]) -> dict[str, Plan]:
    """The current plan of each pool that has one."""
    names = sorted(pools)
    values = await redis.mget([keys.plan(pool) for pool in names]) if names else []
    return {
        pool: msgspec.json.decode(value, type=Plan)
        for pool, value in zip(names, values, strict=True)
        if value
    }


def phase_data(beat: PodHeartbeat, plan: Plan | None, now: datetime) -> PhaseData:
    """What the pod says it is, and what the plan says comes next."""
    segment = plan.segment_at(beat.pod, now) if plan else None
    following = plan.next_after(beat.pod, now) if plan else None
    return PhaseData(
        pod=beat.pod,
        pool=beat.pool,
        phase=beat.phase,
        phase_epoch=beat.phase_epoch,
        reason=segment.reason if segment else beat.phase_reason,
        plan_version=beat.plan_version,
        until=following.starts if following else None,
        next_phase=following.phase if following else None,
        next_reason=following.reason if following else None,
    )


def pod_data(sitting: Sitting, beat: PodHeartbeat | None) -> PodData:
    if beat is None:
        without = "waiting" if sitting.waiting is not None else "unseated"
        return PodData(
            pod=sitting.pod,
            state="lost" if sitting.pod else without,
            place=sitting.waiting,
            seats=0,
            desks=0,
            agents={},
            beat_at=None,
            market_now=None,
        )
    return PodData(
        pod=beat.pod,
        state=beat.state,
        seats=beat.seats,
        desks=len(beat.desks),
        agents={agent.name: agent.state for agent in beat.agents},
        beat_at=beat.beat_at,
        market_now=beat.market_now,
    )


def _differs(before: dict[str, object] | None, now: dict[str, object]) -> bool:
    """But for the time of the beat, which always differs."""
    of_beat = {"beat_at", "market_now"}
    return before is None or any(before[key] != now[key] for key in now.keys() - of_beat)
