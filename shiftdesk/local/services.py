"""The local cluster's processes: commands, environments, and how one sees that they are ready."""

import asyncio
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx

from market.serving import address
from shiftdesk.local.stores import PostgresStore, RedisStore
from shiftdesk.local.supervisor import Service


@dataclass(frozen=True)
class Addresses:
    """Where everything is."""

    backend: str
    scheduler: str
    market: str


@dataclass(frozen=True)
class Urls:
    """The stores, each with the role that may use it."""

    backend_database: str
    scheduler_database: str
    redis: str


def postgres(store: PostgresStore) -> Service:
    # Fast shutdown: sessions are ended, nothing is lost.
    return Service(
        name="postgres",
        command=tuple(store.command()),
        environment={},
        ready=_in_thread(store.answers),
        folder=store.data,
        account=store.account(),
        stop_signal=signal.SIGINT,
    )


def redis(store: RedisStore) -> Service:
    return Service(
        name="redis",
        command=tuple(store.command()),
        environment={},
        ready=_in_thread(store.answers),
        folder=store.folder,
    )


def module(name: str, environment: dict[str, str], listener: socket.socket) -> Service:
    """A service of ours, `python -m name`, that answers `/readyz` on `listener`."""
    return Service(
        name=name,
        command=(sys.executable, "-m", name),
        environment=environment,
        ready=answers(f"{address(listener)}/readyz"),
        listener=listener,
        tier=1,
    )


def pod(name: str, environment: dict[str, str], ready: Callable[[], Awaitable[bool]]) -> Service:
    """An AI pod on a port of its own; its heartbeat tells the address. It leaves when drained."""
    return Service(
        name=name,
        command=(sys.executable, "-m", "ai_pod"),
        environment=environment | {"SHIFTDESK_POD": name, "SHIFTDESK_PORT": "0"},
        ready=ready,
        leaves_by_itself=True,
        grace_seconds=20.0,
        tier=2,
    )


def answers(url: str) -> Callable[[], Awaitable[bool]]:
    """A check: does the URL answer 200?"""

    async def check() -> bool:
        try:
            async with httpx.AsyncClient(timeout=2.0) as http:
                response = await http.get(url)
        except httpx.HTTPError:
            return False
        return response.status_code == httpx.codes.OK

    return check


def _in_thread(check: Callable[[], bool]) -> Callable[[], Awaitable[bool]]:
    async def in_thread() -> bool:
        return await asyncio.to_thread(check)

    return in_thread
