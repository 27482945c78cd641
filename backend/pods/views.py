"""What is shown of pods and scaling. Desks of other organisations are taken seats, no more."""

from collections.abc import Mapping

from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.agents import SEATS
from backend.look import Look, look
from backend.models import Desk, Seat
from backend.pods import demand, repository
from backend.pods.demand import Judged, Rules
from backend.pods.schemas import HeartbeatView, PodView, ScalingView, SeatedDesk

ANOTHERS = "another organisation's"


async def pods(session: AsyncSession, redis: Redis, organisation: str) -> list[PodView]:
    """Every pod that lives or has seats, by name."""
    seen = await look(redis)
    drained = await repository.drained(session)
    desks: dict[str, list[SeatedDesk]] = {}
    pools = {name: pod.pool for name, pod in seen.pods.items()}
    for seat, desk in await repository.seats_with_desks(session):
        desks.setdefault(seat.pod, []).append(_seated(seat, desk, organisation))
        pools.setdefault(seat.pod, seat.pool)
    leaving = [pod.pod for pool in seen.pools() for pod in seen.leaving(pool, drained)]
    told = await repository.ends_first(session)
    going = {pod: pod not in desks and demand.may_end(pod, seen, told) for pod in leaving}
    return [_pod(name, pools[name], seen, desks.get(name, []), going) for name in sorted(pools)]


async def scaling(session: AsyncSession, redis: Redis, pool: str, rules: Rules) -> ScalingView:
    """The pool's demand, judged now. Raises redis' errors: who does not know which pods have desks
    names no number, and an autoscaler without one ends nobody.
    """
    judged = await demand.judge(session, pool, await look(redis), rules)
    return ScalingView(
        pool=pool,
        wanted_pods=judged.pods,
        seated=judged.demand.seated,
        waiting=judged.demand.waiting,
        headroom=judged.demand.headroom,
        prewarm=judged.demand.prewarm,
        reason=judged.reason,
        next_action=_next_action(judged),
        ready=list(judged.ready),
        draining=list(judged.leaving),
        removable=list(judged.removable),
    )


def _next_action(judged: Judged) -> str:
    if judged.removable:
        return f"end {', '.join(judged.removable)}: drained and empty"
    with_desks = [pod for pod in judged.leaving if pod not in judged.empty]
    if with_desks:
        return f"move the desks of {', '.join(with_desks)}"
    if judged.empty:
        return f"have {', '.join(judged.empty)} end before others"
    missing = judged.wanted.pods - len(judged.ready)
    if missing > 0:
        return f"start {missing} more"
    if missing < 0:
        return f"empty {-missing}"
    if judged.wanted.lower_since is not None:
        return "go down after the hold-down"
    return "none"


def _seated(seat: Seat, desk: Desk, organisation: str) -> SeatedDesk:
    ours = seat.organisation_id == organisation
    return SeatedDesk(
        seat=seat.seat,
        desk=desk.id if ours else None,
        name=desk.name if ours else ANOTHERS,
        lease_epoch=seat.lease_epoch,
        taken_at=seat.taken_at,
        automatic=desk.automatic,
    )


def _pod(
    name: str, pool: str, seen: Look, desks: list[SeatedDesk], going: Mapping[str, bool]
) -> PodView:
    """`going`: pods that are being emptied, and whether they may be ended now."""
    beat = seen.pods.get(name)
    heartbeat = None
    if beat is not None:
        heartbeat = HeartbeatView.of(beat)
        ours = {seated.desk for seated in desks}
        heartbeat.desks = [desk for desk in heartbeat.desks if desk in ours]
    return PodView(
        pod=name,
        pool=pool,
        heartbeat=heartbeat,
        desks=desks,
        free_seats=max(0, (beat.seats if beat else SEATS) - len(desks)),
        draining=name in going,
        removable=going.get(name, False),
    )
