"""The back end's app: every domain's endpoints and loops, in two literal lists."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from fastapi import APIRouter, FastAPI

from backend import forgetting, telemetry
from backend.audit.endpoints import audit_router
from backend.auth import endpoints as auth
from backend.auth.dependencies import requires
from backend.budgets import endpoints as budgets
from backend.chat import endpoints as chat
from backend.chat import (
    feedback_endpoints,
    history_endpoints,
    instruction_endpoints,
    instruction_serving,
    preview_endpoints,
    recovery,
)
from backend.description import DescribedApi
from backend.desks import endpoints as desks
from backend.doors import endpoints as keys
from backend.doors import openai, retention
from backend.doors.mcp import endpoints as mcp
from backend.intents import endpoints as intents
from backend.language_models import endpoints as language_models
from backend.language_models.service import bring_thumbs
from backend.learning import endpoints as learning
from backend.learning import lifecycle_endpoints, lines, recorder
from backend.live import endpoints as live
from backend.market import endpoints as market
from backend.measured import MeasuredRequests
from backend.middleware import RequestEdge
from backend.models import Role
from backend.notes import endpoints as notes
from backend.notes.service import mirror as mirror_notes
from backend.pods import endpoints as pods
from backend.pods import seating
from backend.probes import probes
from backend.problems import add_handlers
from backend.schedule import endpoints as schedule
from backend.schemas import problems
from backend.settings import Settings
from backend.signals import endpoints as signals
from backend.state import State, open_state
from backend.trading import desk_changes, detectors, executor, lost_lines, reconcile, settling
from backend.trading import endpoints as trading
from backend.trading.brokers import paper
from backend.trading.venues import endpoints as venue
from backend.trading.venues import loop as venue_loop
from backend.usage import endpoints as usage
from backend.usage import recorder as usage_recorder
from backend.users import endpoints as users
from backend.web import add_web_client
from market.bounds import Bounded
from market.probes import add_probes
from market.requests import traced

Loop = Callable[[State], Awaitable[None]]

ROUTERS: tuple[APIRouter, ...] = (
    auth.router,
    audit_router(requires(Role.OPERATOR, Role.RISK)),
    desks.router,
    pods.router,
    schedule.router,
    chat.router,
    history_endpoints.router,
    feedback_endpoints.router,
    preview_endpoints.router,
    instruction_endpoints.router,
    budgets.router,
    language_models.router,
    keys.router,
    intents.router,
    notes.router,
    market.router,
    signals.router,
    trading.router,
    venue.router,
    learning.router,
    lifecycle_endpoints.router,
    usage.router,
    users.router,
    live.router,
)

LOOPS: tuple[tuple[str, Loop], ...] = (
    ("seating", seating.run),
    ("chat_runs", recovery.recover),
    ("chat_stops", recovery.follow_stops),
    ("instructions", instruction_serving.mirror),
    ("notes", mirror_notes),
    ("executor", executor.run),
    ("paper_broker", paper.run),
    ("venue", venue_loop.run),
    ("desk_states", settling.run),
    ("risk_detectors", detectors.run),
    ("desk_snapshots", reconcile.run),
    ("lost_lines", lost_lines.run),
    ("learning_recorder", recorder.run),
    ("learning_lines", lines.run),
    ("idempotent_answers", forgetting.run),
    ("completions", retention.run),
    ("usage_recorder", usage_recorder.run),
    ("model_usage_recorder", usage_recorder.run_models),
    ("model_thumbs", bring_thumbs),
)
"""Each runs as long as the service; one that fails is started again."""

RESTART_SECONDS = 1.0

logger = structlog.get_logger()


def create_app(settings: Settings) -> FastAPI:
    """The ASGI app. Connections are opened, and loops run, within its lifespan."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_state(settings) as state:
            app.state.backend, app.state.mcp = state, mcp.McpServer()
            app.state.desk_changed = desk_changes.tell
            for name, loop in LOOPS:
                state.tasks.start(keep_running(name, loop, state), name=name)
            yield

    app = DescribedApi(
        title="Shiftdesk",
        version="1",
        summary="An AI trading desk that works in shifts.",
        lifespan=lifespan,
        telemetry=traced(),
    )
    api = APIRouter(responses=problems(401, 403, 404, 409, 422, 429, 503))
    for router in ROUTERS:
        api.include_router(router)
    # Without a prefix here FastAPI would build every route now, and build it anew when it serves.
    app.include_router(api, prefix="/api/v1")
    app.include_router(openai.router)
    app.include_router(mcp.router)
    app.include_router(telemetry.router)
    add_probes(app, probes(app))
    add_handlers(app, {openai.PATHS: openai.answer_of})
    if settings.web is not None:
        add_web_client(app, settings.web)
    app.add_middleware(Bounded, longer=openai.ANSWERED_IN)
    app.add_middleware(MeasuredRequests)
    app.add_middleware(RequestEdge, secure=settings.environment == "production")
    return app


async def keep_running(name: str, loop: Loop, state: State) -> None:
    """Run a loop until the service ends: what it raises is logged, and it starts again."""
    while not state.tasks.stopping.is_set():
        try:
            await loop(state)
        except Exception:
            logger.exception("loop_failed", loop=name)
            telemetry.loop_failures.labels(name).inc()
        if not state.tasks.stopping.is_set():
            await asyncio.sleep(RESTART_SECONDS)
