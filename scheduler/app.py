"""The scheduler as a web service: what it is made of, its health, and how it says no."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from http import HTTPStatus
from typing import Any

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from redis.asyncio import Redis
from starlette.exceptions import HTTPException

from market.clock import Clock
from market.eventlog import EventLog
from scheduler.api import Services, router
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

    app = FastAPI(title="Shiftdesk scheduler", lifespan=lifespan, openapi_url=None)
    app.include_router(router)
    _serve_health(app)
    _say_no_in_problems(app)
    return app


async def _built(app: FastAPI, settings: Settings, stack: AsyncExitStack) -> Reconciler:
    clock = Clock.parse(settings.clock)
    events = EventLog(settings.events, "scheduler", clock)
    stack.callback(events.close)
    redis = Redis.from_url(
        settings.redis_url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
    )
    stack.push_async_callback(redis.aclose)
    database = Database(settings.database_url)
    stack.push_async_callback(database.close)
    planner = Planner(database, parse_pools(settings.pools), clock)
    lateness = Lateness(clock)
    telemetry = Telemetry(settings.late_after_seconds)
    reconciler = Reconciler(planner, Publisher(redis, events), redis, lateness, telemetry)
    app.state.telemetry = telemetry
    app.state.services = Services(
        planner=planner,
        views=Views(planner, lateness, redis),
        secret=settings.secret,
        wake=reconciler.wake,
    )
    return reconciler


def _serve_health(app: FastAPI) -> None:
    @app.get("/healthz")
    async def healthz() -> Response:
        return _json({"status": "ok"}, 200)

    @app.get("/readyz")
    async def readyz(request: Request) -> Response:
        """Ready once overrides and patches were read: from then on it can plan by itself."""
        ready = request.app.state.services.planner.ready
        return _json(
            {"status": "ready" if ready else "waiting for Postgres"}, 200 if ready else 503
        )

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
