"""Pods × leases × heartbeats, compared every ten seconds: what differs is mended or told.

A pod reads its seats every two seconds and beats every three, so a difference counts when it is
seen twice in a row.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import structlog

from ai_pod.contracts.agents import PodHeartbeat, PodState
from backend import telemetry
from backend.database import transaction
from backend.look import Look
from backend.pods import records, repository, service
from backend.pods.fleets.port import Fleet, FleetAway, FleetPod
from backend.pods.repository import Held
from backend.state import State

PERIOD_SECONDS = 10.0

logger = structlog.get_logger()


class Kind(StrEnum):
    """UNSERVED: a pod does not report a desk that is leased to it. UNLEASED: it reports one that is
    not. SILENT: the fleet has a pod that does not beat. UNKNOWN: one beats that the fleet has not,
    and that is not about to end. WRONG_COST: the fleet would end a pod first that is not being
    emptied.
    """

    UNSERVED = "unserved"
    UNLEASED = "unleased"
    SILENT = "silent"
    UNKNOWN = "unknown"
    WRONG_COST = "wrong_cost"


@dataclass(frozen=True)
class Difference:
    kind: Kind
    pod: str
    desk: str = ""


def differences(
    fleet: Iterable[FleetPod] | None,
    leases: Iterable[Held],
    beats: Mapping[str, PodHeartbeat],
    marked: Iterable[str],
) -> set[Difference]:
    """What the three do not agree on. Leases of silent pods are left to `liveness`."""
    leased: dict[str, set[str]] = defaultdict(set)
    for lease in leases:
        leased[lease.pod].add(lease.desk_id)
    found = set()
    for pod, beat in beats.items():
        served = set(beat.desks)
        found |= {Difference(Kind.UNSERVED, pod, desk) for desk in leased[pod] - served}
        found |= {Difference(Kind.UNLEASED, pod, desk) for desk in served - leased[pod]}
    if fleet is None:
        return found
    there = {pod.name: pod for pod in fleet}
    found |= {Difference(Kind.SILENT, pod) for pod in there.keys() - beats.keys()}
    staying = {name for name, beat in beats.items() if beat.state is not PodState.DRAINING}
    found |= {Difference(Kind.UNKNOWN, pod) for pod in staying - there.keys()}
    emptied = set(marked)
    costly = {pod.name for pod in there.values() if pod.ends_first} - emptied
    return found | {Difference(Kind.WRONG_COST, pod) for pod in costly}


class Reconciliation:
    """Remembers what differed the last time, and when that was."""

    def __init__(self, state: State, fleet: Fleet) -> None:
        self._state = state
        self._fleet = fleet
        self._before: set[Difference] = set()
        self._again_at = 0.0

    @property
    def due(self) -> bool:
        return time.monotonic() >= self._again_at

    def soon(self) -> None:
        """Compare at the next step: something failed, so a write may be missing."""
        self._again_at = 0.0

    async def compare(self, seen: Look, leases: Sequence[Held]) -> set[Difference]:
        """Mend what can be mended; the differences that were seen twice."""
        self._again_at = time.monotonic() + PERIOD_SECONDS
        await self._repair_records(seen, leases)
        try:
            fleet = await self._fleet.pods()
        except FleetAway as error:
            logger.warning("fleet_away", error=str(error))
            fleet = None
        async with transaction(self._state.sessions) as session:
            drained = await repository.drained(session)
        marked = {pod.pod for pool in seen.pools() for pod in seen.leaving(pool, drained)}
        # Whoever is silent for a while may be the same process: it goes on to be emptied.
        marked |= drained.keys() - seen.pods.keys()
        now = differences(fleet, leases, seen.pods, marked)
        lasting, self._before = now & self._before, now
        await self._mend(lasting, seen)
        counts = Counter(difference.kind for difference in lasting)
        for kind in Kind:
            telemetry.pod_differences.labels(kind=kind.value).set(counts[kind])
        return lasting

    async def _repair_records(self, seen: Look, leases: Sequence[Held]) -> None:
        """Seat records that say something else than Postgres are written again."""
        pools = {lease.pod: lease.pool for lease in leases}
        pools |= {name: pod.pool for name, pod in seen.pods.items()}
        async with transaction(self._state.sessions) as session:
            await repository.register(session, {name: pod.pool for name, pod in seen.pods.items()})
            stale = await records.stale_records(session, self._state.redis, sorted(pools))
        for pod in stale:
            await records.publish(self._state.sessions, self._state.redis, [pod], pools[pod])

    async def _mend(self, lasting: Iterable[Difference], seen: Look) -> None:
        for one in sorted(lasting, key=lambda one: (one.kind, one.pod, one.desk)):
            logger.warning("pods_differ", kind=one.kind, pod=one.pod, desk=one.desk)
            if one.kind in (Kind.UNSERVED, Kind.UNLEASED):
                attach = one.kind is Kind.UNSERVED
                service.nudge(self._state, seen.pods[one.pod], one.desk, attach=attach)
            elif one.kind is Kind.WRONG_COST:
                try:
                    await self._fleet.end_first(one.pod, first=False)
                except FleetAway as error:
                    logger.warning("fleet_not_told", pod=one.pod, error=str(error))
