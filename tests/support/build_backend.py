"""A running back end for tests: its app on real stores, people to sign in, pods that beat."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import lru_cache

import httpx
from fastapi import FastAPI
from pwdlib.hashers.argon2 import Argon2Hasher
from starlette.routing import BaseRoute

from backend.app import create_app
from backend.auth import provision
from backend.database import transaction
from backend.migrate import migrate
from backend.models import Role, User
from backend.settings import Settings
from backend.state import State

PASSWORD = "correct horse battery"
_KNOWN: dict[str, BaseRoute] = {}


@dataclass
class Backend:
    """One back end within its lifespan, and a client of it without a socket between."""

    app: FastAPI
    client: httpx.AsyncClient
    signed_in: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> State:
        state: State = self.app.state.backend
        return state

    async def user(self, login: str, role: Role, organisation: str = "Test") -> User:
        async with transaction(self.state.sessions) as session:
            owner = await provision.create_organisation(session, organisation)
            return await provision.create_user(session, owner.id, login, role, _cheaply_hashed())

    async def sign_in(self, login: str) -> dict[str, str]:
        """The Authorization header of a user."""
        if login not in self.signed_in:
            body = {"login": login, "password": PASSWORD}
            answer = await self.client.post("/api/v1/auth/login", json=body)
            assert answer.status_code == 200, answer.text
            self.signed_in[login] = answer.json()["access_token"]
        return {"Authorization": f"Bearer {self.signed_in[login]}"}


@lru_cache(maxsize=1)
def _cheaply_hashed() -> str:
    """PASSWORD as argon2 has it, at the least cost: checking it costs what its hash cost."""
    return Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def settings_for(database_url: str, redis_url: str, **others: object) -> Settings:
    values = {"database_url": database_url, "redis_url": redis_url} | others
    return Settings.model_validate(values)


@contextlib.asynccontextmanager
async def running_backend(settings: Settings) -> AsyncIterator[Backend]:
    """The app within its lifespan, which runs in a task of its own, as a server does it."""
    app = _with_known_routes(create_app(settings))
    started, stop = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.router.lifespan_context(app):
            started.set()
            await stop.wait()

    lifespan = asyncio.create_task(live(), name="lifespan")
    ready = asyncio.create_task(started.wait())
    await asyncio.wait({lifespan, ready}, return_when=asyncio.FIRST_COMPLETED, timeout=20)
    ready.cancel()
    if lifespan.done():
        lifespan.result()
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
            yield Backend(app, client)
    finally:
        stop.set()
        await asyncio.wait_for(lifespan, 20)


def _with_known_routes(app: FastAPI) -> FastAPI:
    """The API's routes are built when the first request comes, which takes a sixth of a second; all
    apps of a test run share them.
    """
    routes = app.router.routes
    at = next(n for n, route in enumerate(routes) if hasattr(route, "original_router"))
    routes[at] = _KNOWN.setdefault("api", routes[at])
    return app


async def migrated(database_url: str) -> str:
    await asyncio.to_thread(migrate, database_url)
    return database_url
