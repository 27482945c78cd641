"""The pool's demand for pods, judged by `wanted_pods` with its memory in Postgres."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import Pool
from backend.pods import repository, scaling
from backend.pods.look import Look
from backend.pods.scaling import Demand, Wanted


@dataclass(frozen=True)
class Judged:
    """The verdict on a pool; `removable` pods are drained and empty, `leaving` still have desks."""

    pool: str
    demand: Demand
    wanted: Wanted
    reason: str
    ready: tuple[str, ...]
    leaving: tuple[str, ...]
    removable: tuple[str, ...]

    @property
    def pods(self) -> int:
        """Pods to run: the number falls only when the pods that go are empty."""
        return self.wanted.pods + len(self.leaving)


async def judge(
    session: AsyncSession, pool: str, look: Look | None, hold_down: timedelta
) -> Judged:
    """Judge the pool's demand now, and remember the verdict.

    Without a look at the pods, every pod that is being emptied and has desks still counts as there,
    and none as ready or removable.
    """
    row = await repository.lock_pool(session, pool)
    seated, waiting = await repository.counts(session, pool)
    demand = Demand(seated=seated, waiting=waiting, prewarm=row.prewarm)
    previous = Wanted(row.wanted, row.lower_since, row.lower_peak) if row.wanted else None
    now = datetime.now(UTC)
    wanted = scaling.wanted_pods(demand, previous, now, hold_down)
    _remember(row, wanted)
    drained = await repository.drained(session)
    taken = await repository.taken_seats(session, pool)
    seen = look or Look({})
    going = list(drained) if look is None else [pod.pod for pod in look.leaving(pool, drained)]
    return Judged(
        pool=pool,
        demand=demand,
        wanted=wanted,
        reason=scaling.reason(demand, wanted, now, hold_down),
        ready=tuple(sorted(seen.ready(pool, drained))),
        leaving=tuple(pod for pod in going if taken.get(pod)),
        removable=tuple(pod for pod in going if look and not taken.get(pod)),
    )


async def mark_surplus(session: AsyncSession, judged: Judged, look: Look) -> list[str]:
    """Choose the emptiest of more ready pods than wanted, to be emptied; the names.

    Of equally empty ones the youngest goes. Nobody may be waiting meanwhile.
    """
    surplus = len(judged.ready) - judged.wanted.pods
    if surplus <= 0 or judged.demand.waiting:
        return []
    taken = await repository.taken_seats(session, judged.pool)
    emptiest = sorted(
        judged.ready,
        key=lambda pod: (len(taken.get(pod, set())), -look.pods[pod].started_at),
    )[:surplus]
    for pod in emptiest:
        await repository.mark_drained(session, pod, judged.pool, look.pods[pod].started_at)
    return emptiest


def _remember(row: Pool, wanted: Wanted) -> None:
    row.wanted = wanted.pods
    row.lower_since = wanted.lower_since
    row.lower_peak = wanted.lower_peak
