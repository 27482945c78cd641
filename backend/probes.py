"""What the back end's probes ask; `market.probes` says what each of them means."""

import asyncio
from collections.abc import Awaitable

from fastapi import FastAPI
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from backend.state import State
from market.probes import OK, STUCK_SECONDS, Findings, Probes, status

ANSWER_SECONDS = 2.0


def probes(app: FastAPI) -> Probes:
    """Of the app whose lifespan has opened `app.state.backend`."""

    async def stores() -> Findings:
        state: State = app.state.backend
        postgres, redis = await asyncio.gather(_said(_ask(state)), _said(state.redis.time()))
        return {"postgres": postgres, "redis": redis}

    async def loops() -> Findings:
        """Whether the stores are away is no question of being alive: a restart brings none back."""
        state: State = app.state.backend
        stuck = state.tasks.stuck(STUCK_SECONDS)
        return status(not stuck, f"stands still: {', '.join(stuck)}")

    return Probes(started=stores, lives=loops, ready=stores)


async def _said(asked: Awaitable[object]) -> str:
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await asked
    except (SQLAlchemyError, RedisError, TimeoutError, OSError) as error:
        return type(error).__name__
    return OK


async def _ask(state: State) -> None:
    async with state.engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
