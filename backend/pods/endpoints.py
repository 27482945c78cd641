"""Pods and scaling, for those who run the platform, and for autoscalers."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.auth.dependencies import Overseer, ServiceOrOperator
from backend.dependencies import CurrentState, Session
from backend.errors import NotFound
from backend.pods import repository, views
from backend.pods.demand import Rules
from backend.pods.schemas import PodsView, PodView, ScalingView

router = APIRouter(tags=["pods"])


@router.get("/pods")
async def get_pods(caller: Overseer, session: Session, state: CurrentState) -> PodsView:
    """Who holds each pod and why, who sits where, and what scaling does next."""
    rules = Rules.of(state.settings)
    items = await views.pods(session, state.redis, caller.organisation)
    pools = {pod.pool for pod in items} | await repository.pools(session)
    scaling = [await views.scaling(session, state.redis, pool, rules) for pool in sorted(pools)]
    return PodsView(items=items, scaling=scaling)


@router.get("/pods/{pod}")
async def get_pod(pod: str, caller: Overseer, session: Session, state: CurrentState) -> PodView:
    """One pod."""
    for view in await views.pods(session, state.redis, caller.organisation):
        if view.pod == pod:
            return view
    raise NotFound(f"there is no pod {pod!r}", code="pod_not_found")


@router.get("/scaling")
async def get_scaling(
    _caller: ServiceOrOperator,
    session: Session,
    state: CurrentState,
    pool: Annotated[str | None, Query(max_length=60)] = None,
) -> ScalingView:
    """How many pods the pool needs, and why. An autoscaler follows `wanted_pods`."""
    return await views.scaling(
        session, state.redis, pool or state.settings.pool, Rules.of(state.settings)
    )
