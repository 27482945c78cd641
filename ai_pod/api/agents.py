"""The pod's agents and desks, and the order to leave."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Query, Response
from redis.exceptions import RedisError

from ai_pod.api.doors import Caller, Parts, PodParts, json
from ai_pod.errors import Draining

router = APIRouter(prefix="/v1", dependencies=[Caller])

logger = structlog.get_logger()


@router.get("/agents")
async def agents(parts: PodParts) -> Response:
    """Every agent's state, process, memory and CPU, and the figures that it tells of itself."""
    orchestrator = parts.orchestrator
    views = orchestrator.view().agents
    figures = {name: agent.figures for name, agent in orchestrator.agents.items() if agent.figures}
    return json({"agents": views, "figures": figures})


@router.get("/status")
async def status(parts: PodParts) -> Response:
    """The heartbeat as of now, the answers that are being given, and the memory by agent."""
    view = parts.orchestrator.view()
    memory = {agent.name: agent.pss_bytes or agent.rss_bytes for agent in view.agents}
    wanted, answers = parts.orchestrator.wanted(), parts.orchestrator.chat.answering
    told = {"pod": view, "wanted_phase": wanted, "answers": answers, "memory_bytes": memory}
    return json(told)


@router.post("/desks/{desk}")
async def attach(desk: str, parts: PodParts) -> Response:
    """A nudge to read the seat record; the record rules."""
    if parts.orchestrator.draining:
        raise Draining("this pod is draining and takes no desks")
    return await _seated(desk, parts)


@router.delete("/desks/{desk}")
async def detach(desk: str, parts: PodParts) -> Response:
    """The same nudge; a desk that has gone from the record is left with its hand-off written."""
    return await _seated(desk, parts)


@router.post("/drain")
async def drain(parts: PodParts, deadline_s: Annotated[float, Query(ge=0.0)] = 60.0) -> Response:
    """Give the desks up, and end when they have been moved and nobody is answered any more, or at
    the deadline.
    """
    parts.leaving.drain(deadline_s)
    return json({"state": parts.orchestrator.state, "deadline_s": deadline_s}, 202)


async def _seated(desk: str, parts: Parts) -> Response:
    try:
        await parts.orchestrator.refresh_seats()
    except (RedisError, OSError) as error:
        logger.warning("seats_not_read", error=str(error))
    return json({"desk": desk, "seated": desk in parts.orchestrator.seats.desks}, 202)
