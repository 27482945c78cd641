"""The back end's metrics, and the endpoints that say whether it lives, is ready and how it does."""

import asyncio

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from backend.dependencies import CurrentState

READY_SECONDS = 3.0

allocation_seconds = Histogram(
    "backend_allocation_seconds",
    "From asking for a seat to its commit",
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
)
waiting_desks = Gauge("backend_waiting_desks", "Desks that want a seat and have none", ["pool"])
seated_desks = Gauge("backend_seated_desks", "Desks with a seat", ["pool"])
wanted_pods = Gauge("backend_wanted_pods", "Pods that the demand asks for", ["pool"])
fenced_writes = Counter("backend_fenced_writes_total", "Writes of a lease epoch that has passed")
orders = Counter("backend_orders_total", "Orders by what became of them", ["outcome", "reason"])
live_delivery_seconds = Histogram(
    "backend_live_delivery_seconds",
    "From a frame's sending by its pod or committer to the browser's socket",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
)
chat_runs = Counter("backend_chat_runs_total", "Chat turns by how they ended", ["state"])
sign_ins = Counter("backend_sign_ins_total", "Sign-in attempts", ["outcome"])

router = APIRouter(tags=["health"], include_in_schema=False)


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(state: CurrentState, response: Response) -> dict[str, str]:
    """Both stores answer; otherwise 503, and which one does not."""
    said = {}
    for name, ask in (("postgres", _ask_postgres), ("redis", _ask_redis)):
        try:
            async with asyncio.timeout(READY_SECONDS):
                await ask(state)
            said[name] = "ok"
        except (SQLAlchemyError, RedisError, TimeoutError, OSError) as error:
            said[name] = type(error).__name__
            response.status_code = 503
    return said


@router.get("/metrics")
async def metrics() -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def _ask_postgres(state: CurrentState) -> None:
    async with state.engine.connect() as connection:
        await connection.execute(text("SELECT 1"))


async def _ask_redis(state: CurrentState) -> None:
    await state.redis.time()
