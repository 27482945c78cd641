"""What a pod's probes ask, and its metrics. They take no token: they tell nothing about desks."""

import time

from fastapi import APIRouter, Response

from ai_pod.api.doors import PodParts
from ai_pod.contracts.agents import PodState
from ai_pod.orchestrator.orchestrator import Orchestrator
from market.probes import STUCK_SECONDS, Findings, Probes, status

router = APIRouter()


def probes(orchestrator: Orchestrator) -> Probes:
    """One switch takes less than the time after which the control loop counts as stuck."""

    async def started() -> Findings:
        """Redis was there, and the phase record has been recovered."""
        return status(orchestrator.recovered, "waiting for Redis")

    async def lives() -> Findings:
        """The control loop turns. Before the start there is none: that is Redis' fault."""
        turns = time.monotonic() - orchestrator.turned_at < STUCK_SECONDS
        return status(turns or not orchestrator.recovered, "the control loop stands still")

    async def ready() -> Findings:
        """It takes desks: with a plan, heard by Redis, not draining."""
        if orchestrator.state is not PodState.READY:
            return status(False, orchestrator.state)
        return status(orchestrator.heart.heard, "Redis does not answer")

    return Probes(started=started, lives=lives, ready=ready)


@router.get("/metrics")
async def metrics(parts: PodParts) -> Response:
    orchestrator = parts.orchestrator
    parts.telemetry.live_queue.set(parts.outbox.longest)
    text = parts.telemetry.text(orchestrator.view().agents, len(orchestrator.seats.desks))
    return Response(text, media_type="text/plain; version=0.0.4")
