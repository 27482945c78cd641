"""Probes and metrics. They take no token: they tell nothing about desks."""

import time

from fastapi import APIRouter, Response

from ai_pod.api.doors import PodParts, json
from ai_pod.contracts.agents import PodState

STUCK_SECONDS = 60.0
"""The control loop turns every few seconds; one switch may take half a minute."""

router = APIRouter()


@router.get("/startupz")
async def startupz(parts: PodParts) -> Response:
    """Started: Redis was there, and the phase record has been recovered."""
    return _answer(parts.orchestrator.recovered, "waiting for Redis")


@router.get("/livez")
@router.get("/healthz")
async def livez(parts: PodParts) -> Response:
    """Alive: the control loop turns."""
    orchestrator = parts.orchestrator
    turns = time.monotonic() - orchestrator.turned_at < STUCK_SECONDS
    return _answer(turns or not orchestrator.recovered, "the control loop stands still")


@router.get("/readyz")
async def readyz(parts: PodParts) -> Response:
    """Ready for desks: with a plan, heard by Redis, not draining."""
    orchestrator = parts.orchestrator
    if orchestrator.state is not PodState.READY:
        return _answer(False, orchestrator.state)
    return _answer(orchestrator.heart.heard, "Redis does not answer")


@router.get("/metrics")
async def metrics(parts: PodParts) -> Response:
    orchestrator = parts.orchestrator
    text = parts.telemetry.text(orchestrator.view().agents, len(orchestrator.seats.desks))
    return Response(text, media_type="text/plain; version=0.0.4")


def _answer(well: bool, otherwise: str) -> Response:
    return json({"status": "ok" if well else otherwise}, 200 if well else 503)
