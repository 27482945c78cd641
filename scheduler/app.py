"""The scheduler as a web service: what it is made of, its health, and how it says no."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from http import HTTPStatus
from typing import Any

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from market.bounds import Bounded
from market.clock import Clock
from market.eventlog import EventLog
from market.probes import STUCK_SECONDS, Findings, Probes, add_probes, status
from market.requests import Arriving, traced
from market.stores import open_redis
from scheduler.api import LARGEST_BODY_BYTES, Services, router
from scheduler.database import Database
from scheduler.errors import SchedulerError
from scheduler.jobs import Reconciler
from scheduler.lateness import Lateness
from scheduler.planner import Planner
from scheduler.pools import parse_pools
from scheduler.publish import Publisher
from scheduler.settings import Settings
from scheduler.telemetry import Telemetry
from scheduler.views import Views

REDIS_SECONDS = 3.0


def create_app(settings: Settings) -> FastAPI:
    """The service. Its stores may be away when it starts; it serves, and waits for them."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            reconciler = await _built(app, settings, stack)
            tasks = await stack.enter_async_context(asyncio.TaskGroup())
            loop = tasks.create_task(reconciler.run(settings.reconcile_seconds), name="reconcile")
            yield
            reconciler.stop()
            loop.cancel()

    app = FastAPI(
        title="Shiftdesk scheduler", lifespan=lifespan, openapi_url=None, telemetry=traced()
    )
    app.add_middleware(Arriving)
    app.include_router(router)
    app.add_middleware(Bounded, body_bytes=LARGEST_BODY_BYTES)
    add_probes(app, _probes(app))
    _serve_metrics(app)
    _say_no_in_problems(app)
    return app


async def _built(app: FastAPI, settings: Settings, stack: AsyncExitStack) -> Reconciler:
    clock = Clock.parse(settings.clock)
    events = EventLog(settings.events, "scheduler", clock)
    stack.callback(events.close)
    redis = open_redis(settings.redis, seconds=REDIS_SECONDS)
    stack.push_async_callback(redis.aclose)
    database = Database(settings.database)
    stack.push_async_callback(database.close)
    planner = Planner(database, parse_pools(settings.pools), clock)
    lateness = Lateness(clock)
    telemetry = Telemetry(settings.late_after_seconds)
    reconciler = Reconciler(planner, Publisher(redis, events), redis, lateness, telemetry)
    app.state.telemetry = telemetry
    app.state.reconciler = reconciler
    app.state.services = Services(
        planner=planner,
        views=Views(planner, lateness, redis),
        secret=settings.key,
        wake=reconciler.wake,
    )
    return reconciler


def _probes(app: FastAPI) -> Probes:
    async def can_plan() -> Findings:
        """Once overrides and patches were read it can plan by itself, whatever is away."""
        return status(app.state.services.planner.ready, "waiting for Postgres")

    async def lives() -> Findings:
        turns = time.monotonic() - app.state.reconciler.turned_at < STUCK_SECONDS
        return status(turns, "the reconciliation stands still")

    return Probes(started=can_plan, lives=lives, ready=can_plan)


def _serve_metrics(app: FastAPI) -> None:
    @app.get("/metrics")
    async def metrics(request: Request) -> Response:
        return Response(request.app.state.telemetry.text(), media_type="text/plain; version=0.0.4")


def _say_no_in_problems(app: FastAPI) -> None:
    @app.exception_handler(SchedulerError)
    async def refused(_request: Request, error: SchedulerError) -> Response:
        return _problem(error.status, error.code, error.detail, error.title)

    @app.exception_handler(RequestValidationError)
    async def misread(_request: Request, error: RequestValidationError) -> Response:
        said = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        return _problem(422, "request_invalid", said)

    @app.exception_handler(HTTPException)
    async def failed(_request: Request, error: HTTPException) -> Response:
        return _problem(error.status_code, "http_error", str(error.detail))


def _problem(status: int, code: str, detail: str, title: str = "") -> Response:
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": title or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }
    return _json(problem, status, "application/problem+json")


def _json(content: object, status: int, media_type: str = "application/json") -> Response:
    return Response(msgspec.json.encode(content), status, media_type=media_type)
