"""The market process as a web service: one gateway that publishes one feed, and its health."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import msgspec
from fastapi import FastAPI, Request, Response

from market.bounds import Bounded
from market.clock import Clock
from market.eventlog import EventLog
from market.feed.choice import open_feed
from market.feed.gateway import Gateway
from market.feed.publication import Publication
from market.probes import STUCK_SECONDS, Findings, Probes, add_probes, status
from market.settings import Settings
from market.stores import open_redis
from market.telemetry import Telemetry

REDIS_SECONDS = 3.0
STALE_SECONDS = 10.0
MAX_BODY_BYTES = 1024
"""Nothing here takes a body."""


def create_app(settings: Settings) -> FastAPI:
    """The service. Redis may be away when it starts; it serves, and waits.

    Raises FeedError when the feed cannot be opened.
    """
    clock = Clock.parse(settings.clock)
    feed = open_feed(settings, clock)
    telemetry = Telemetry()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            events = EventLog(settings.events, "market", clock)
            stack.callback(events.close)
            redis = open_redis(settings.redis, seconds=REDIS_SECONDS)
            stack.push_async_callback(redis.aclose)
            gateway = Gateway(feed, Publication(redis), clock, events, telemetry)
            app.state.gateway = gateway
            tasks = await stack.enter_async_context(asyncio.TaskGroup())
            playing = tasks.create_task(gateway.run(), name="gateway")
            yield
            gateway.stop()
            playing.cancel()

    app = FastAPI(title="Shiftdesk market", lifespan=lifespan, openapi_url=None)
    app.state.telemetry = telemetry
    app.add_middleware(Bounded, body_bytes=MAX_BODY_BYTES)
    add_probes(app, _probes(app))
    _serve(app)
    return app


def _probes(app: FastAPI) -> Probes:
    def gateway() -> Gateway:
        its: Gateway = app.state.gateway
        return its

    async def started() -> Findings:
        return status(gateway().state is not None, "nothing has been published yet")

    async def lives() -> Findings:
        turns = time.monotonic() - gateway().turned_at < STUCK_SECONDS
        return status(turns, "the gateway stands still")

    async def ready() -> Findings:
        """Ready while what is published arrives."""
        state = gateway().state
        fresh = state is not None and time.time() - state.beat < STALE_SECONDS
        return status(gateway().connected and fresh, "waiting for Redis")

    return Probes(started=started, lives=lives, ready=ready)


def _serve(app: FastAPI) -> None:
    @app.get("/metrics")
    async def metrics(request: Request) -> Response:
        return Response(request.app.state.telemetry.text(), media_type="text/plain; version=0.0.4")

    @app.get("/v1/feed")
    async def feed(request: Request) -> Response:
        """The feed's state, as published last."""
        gateway: Gateway = request.app.state.gateway
        return _json(gateway.state)


def _json(content: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(content), status, media_type="application/json")
