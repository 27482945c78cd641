"""The pool's demand for pods, judged by `wanted_pods` with its memory in Postgres."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.agents import PodState
from ai_pod.contracts.plan import Plan
from backend.look import Look
from backend.models import Pool
from backend.pods import prewarm, repository, scaling, surplus
from backend.pods.scaling import Demand, Wanted
from backend.settings import Settings


@dataclass(frozen=True)
class Rules:
    """`hold_down` is real time. `replaced`: what runs the pods starts another for one that ends by
    itself, so that one counts no more.
    """

    hold_down: timedelta
    replaced: bool = False

    @classmethod
    def of(cls, settings: Settings) -> "Rules":
        hold_down = timedelta(seconds=settings.hold_down_seconds)
        return cls(hold_down, replaced=settings.fleet == "kubernetes")


@dataclass(frozen=True)
class Judged:
    """The verdict on a pool; `leaving` pods have desks still, or may not be ended yet, `removable`
    ones are empty and known as those to end.
    """

    pool: str
    demand: Demand
    wanted: Wanted
    reason: str
    ready: tuple[str, ...]
    leaving: tuple[str, ...]
    removable: tuple[str, ...]
    empty: tuple[str, ...]
    """Of the leaving pods, those that have no desks: the fleet is to be told."""
    pods: int
    """What to run: the number falls only when the pods that go are empty."""


async def judge(session: AsyncSession, pool: str, look: Look, rules: Rules) -> Judged:
    """Judge the pool's demand now, and remember the verdict."""
    row = await repository.lock_pool(session, pool)
    seated, waiting = await repository.counts(session, pool)
    demand = Demand(seated=seated, waiting=waiting, prewarm=row.prewarm)
    previous = Wanted(row.wanted, row.lower_since, row.lower_peak) if row.wanted else None
    now = datetime.now(UTC)
    wanted = scaling.wanted_pods(demand, previous, now, rules.hold_down)
    _remember(row, wanted)
    marks = await repository.drained(session, pool)
    taken = await repository.occupied(session, pool)
    ready = tuple(sorted(look.ready(pool, marks)))
    going = [pod.pod for pod in look.leaving(pool, marks)]
    told = await repository.ends_first(session)
    removable = [pod for pod in going if pod not in taken and may_end(pod, look, told)]
    leaving = [pod for pod in going if pod not in removable]
    beside = {pod for pod in going if not (rules.replaced and _ends_itself(pod, look))}
    to_run = scaling.pods_to_run(
        wanted.pods,
        len(ready),
        len(beside.intersection(leaving)),
        len(beside.intersection(removable)),
    )
    return Judged(
        pool=pool,
        demand=demand,
        wanted=wanted,
        reason=scaling.reason(demand, wanted, now, rules.hold_down),
        ready=ready,
        leaving=tuple(leaving),
        removable=tuple(removable),
        empty=tuple(pod for pod in leaving if pod not in taken),
        pods=to_run,
    )


async def mark_surplus(session: AsyncSession, judged: Judged, look: Look) -> list[str]:
    """Choose the emptiest of more ready pods than wanted, to be emptied; the names.

    Nobody may be waiting meanwhile.
    """
    count = len(judged.ready) - judged.wanted.pods
    if count <= 0 or judged.demand.waiting:
        return []
    taken = await repository.occupied(session, judged.pool)
    started = {pod: look.pods[pod].started_at for pod in judged.ready}
    chosen = surplus.emptiest(started, taken, count)
    for pod in chosen:
        await repository.mark_drained(session, pod, judged.pool, started[pod])
    return chosen


async def keep_wanted(session: AsyncSession, judged: Judged, look: Look) -> list[str]:
    """Where more pods are wanted than are ready, keep those that were to go; the names."""
    missing = judged.wanted.pods - len(judged.ready)
    marked = [pod for pod in judged.leaving if not _ends_itself(pod, look)]
    if missing <= 0 or not marked:
        return []
    taken = await repository.occupied(session, judged.pool)
    kept = surplus.worth_keeping({pod: taken.get(pod, 0) for pod in marked}, missing)
    await repository.keep(session, kept)
    return kept


async def prepare(
    session: AsyncSession, pool: str, plan: Plan | None, now: datetime, around: timedelta
) -> None:
    """Hold seats ready from `around` before an opening of the plan until `around` after it, and
    note how many desks it had. Both are market time.
    """
    row = await repository.lock_pool(session, pool)
    opens = prewarm.opening_near(plan, now, around, around) if plan else None
    if opens is None:
        row.prewarm = 0
        return
    there = sum(await repository.counts(session, pool))
    expected = prewarm.expected(row.openings, opens, await repository.desks(session, pool))
    row.prewarm = max(0, expected - there)
    if now >= opens:
        row.openings = prewarm.remembered(row.openings, opens, there)


def may_end(pod: str, look: Look, told: set[str]) -> bool:
    """Whether an empty pod would be the one to go: the fleet is `told`, or it ends by itself."""
    return pod in told or _ends_itself(pod, look)


def _ends_itself(pod: str, look: Look) -> bool:
    beat = look.pods.get(pod)
    return beat is not None and beat.state is PodState.DRAINING


def _remember(row: Pool, wanted: Wanted) -> None:
    row.wanted = wanted.pods
    row.lower_since = wanted.lower_since
    row.lower_peak = wanted.lower_peak
