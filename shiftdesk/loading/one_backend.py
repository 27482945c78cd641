"""One back end under sockets: how much a core of it delivers, how late, and what open sockets cost.

The stores, the pod and the crowd run in processes of their own on the same machine. What a core
delivers is what was delivered over the CPU time that the back end's process took meanwhile, all its
loops included; every socket must have got every frame, or the figures are not given.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import psutil
from redis.asyncio import Redis
from sqlalchemy import select

from ai_pod.contracts import keys
from ai_pod.contracts.agents import SEATS
from backend import keys as backend_keys
from backend.auth.dependencies import Caller
from backend.auth.service import digest_of
from backend.auth.tickets import issue_ticket
from backend.database import transaction
from backend.migrate import migrate
from backend.models import Desk, Role, User
from backend.state import State, open_state
from market.serving import raise_file_limit
from market.tasks import in_time
from shiftdesk.checkout import tool
from shiftdesk.loading.loud_pods import LoudPods, loud_pods

TICKET_SECONDS = 600
"""Opening thousands of sockets may take longer than a ticket's half minute."""

SETTLE_SECONDS = 3.0
POLL_SECONDS = 0.2
MOST_BEHIND = 1.05
"""Times as long as was asked: a pod that speaks more slowly would make the back end look quick."""

LATE_SECONDS = 60.0
"""So long what is on its way is waited for: on a busy machine it counts as late, not as lost."""


@dataclass(frozen=True)
class Load:
    """`rate` is of frames; each goes to all sockets of its desk."""

    sockets: int
    desks: int
    rate: float
    seconds: float
    frame_bytes: int


async def loaded(asked: Load) -> dict[str, float]:
    """At the rate, then at half of it."""
    async with set_up(asked) as scene:
        return await measured(scene)


async def measured(scene: "Scene") -> dict[str, float]:
    asked = scene.asked
    full = await scene.listen(asked.rate, asked.seconds)
    half = await scene.listen(asked.rate / 2, asked.seconds)
    return {
        "clients": float(asked.sockets),
        "messages_per_core_s": full["messages"] / full["cpu_seconds"],
        "ms_p99": full["ms_p99"],
        "half_messages_per_s": half["messages"] / half["seconds"],
        "half_ms_p50": half["ms_p50"],
        "half_ms_p99": half["ms_p99"],
    }


async def held(asked: Load) -> dict[str, float]:
    """The first sixth, or ten seconds, is not counted: caches fill then."""
    async with set_up(asked) as scene:
        await scene.listen(asked.rate, max(10.0, asked.seconds / 6))
        before = scene.memory()
        told = await scene.listen(asked.rate, asked.seconds)
        after = scene.memory()
    return {
        "held_sockets": float(asked.sockets),
        "held_seconds": told["seconds"],
        "held_bytes_per_socket": (before - scene.bare_bytes) / asked.sockets,
        "memory_growth_percent": 100 * (after / before - 1),
        "held_cpu_percent": 100 * told["cpu_seconds"] / told["seconds"],
        "held_ms_p99": told["ms_p99"],
    }


@dataclass
class Scene:
    """A back end, pods that speak to it, and a crowd that listens."""

    asked: Load
    backend: psutil.Process
    pods: LoudPods
    crowd: asyncio.subprocess.Process
    bare_bytes: int

    def memory(self) -> int:
        return int(self.backend.memory_info().rss)

    async def listen(self, rate: float, seconds: float) -> dict[str, float]:
        """What the crowd reports of frames at this rate, and the back end's CPU meanwhile."""
        await self._ask(b"reset")
        began, until = self._cpu_seconds(), time.monotonic() + seconds + LATE_SECONDS
        frames, spoke = await self.pods.speak(rate, seconds, self.asked.frame_bytes)
        if spoke > seconds * MOST_BEHIND:
            raise RuntimeError(f"{frames} frames took {spoke:.1f} s to say, not {seconds:g} s")
        wanted = frames * self.asked.sockets // self.asked.desks
        told = await self._ask(b"report")
        while told["messages"] < wanted and not told["closed"] and time.monotonic() < until:
            await asyncio.sleep(POLL_SECONDS)
            told = await self._ask(b"report")
        spent = self._cpu_seconds() - began
        if told["messages"] != wanted or told["closed"]:
            raise RuntimeError(f"{wanted} messages were due, and this came: {told}")
        numbers = {name: float(told[name]) for name in _NUMBERS}
        return {**numbers, "cpu_seconds": spent, "seconds": spoke}

    async def _ask(self, line: bytes) -> dict[str, float]:
        assert self.crowd.stdin is not None
        self.crowd.stdin.write(line + b"\n")
        return await _line(self.crowd)

    def _cpu_seconds(self) -> float:
        times = self.backend.cpu_times()
        return float(times.user + times.system)


_NUMBERS = ("messages", "ms_p50", "ms_p99", "ms_max")


@asynccontextmanager
async def set_up(asked: Load) -> AsyncIterator[Scene]:
    """Raises ValueError for sockets that cannot be dealt to the desks."""
    if asked.sockets % asked.desks:
        raise ValueError("every desk has the same number of sockets")
    raise_file_limit()
    stores, live = tool("stores"), tool("build_live")
    with stores.running_stores() as (postgres, redis_store):
        database_url = stores.fresh_database(postgres.store)
        await asyncio.to_thread(migrate, database_url)
        redis_url = redis_store.store.url
        tickets, seated = await _people(database_url, redis_url, asked)
        beat = tool("fake_pod").heartbeat
        async with Redis.from_url(redis_url) as redis, loud_pods(redis, seated, beat) as pods:
            environment = {"SHIFTDESK_CLOCK": "wall", "SHIFTDESK_RELEASE_SECONDS": "3600"}
            with live.backend_process(database_url, redis_url, **environment) as server:
                process = psutil.Process(server.process.pid)
                bare = int(process.memory_info().rss)
                async with _crowd(server.url, tickets) as crowd:
                    await in_time(pods.dialled.wait(), 60)
                    await asyncio.sleep(SETTLE_SECONDS)
                    yield Scene(asked, process, pods, crowd, bare)


async def _people(
    database_url: str, redis_url: str, asked: Load
) -> tuple[list[str], dict[str, list[str]]]:
    """A ticket for every socket, and pod → its desks; each desk has one owner."""
    build, trading, backend = tool("build_desks"), tool("build_trading"), tool("build_backend")
    async with open_state(backend.settings_for(database_url, redis_url)) as state:
        await trading.serve_instruments(state.redis)
        names = [f"trader{number}" for number in range(asked.desks)]
        desks = await build.make_desks(state, names)
        seated: dict[str, list[str]] = {}
        for number, desk in enumerate(desks):
            pod, seat = f"pod-{number // SEATS}", number % SEATS
            seated.setdefault(pod, []).append(desk)
            await trading.seat(state, desk, number=seat, lease_epoch=number + 1, pod=pod)
        tickets = []
        for caller in await _owners(state, desks):
            for _ in range(asked.sockets // asked.desks):
                ticket = await issue_ticket(state.redis, caller)
                await state.redis.expire(backend_keys.ticket(digest_of(ticket)), TICKET_SECONDS)
                tickets.append(ticket)
        await state.redis.delete(*(keys.live(desk) for desk in desks))
    return tickets, seated


async def _owners(state: State, desks: Sequence[str]) -> list[Caller]:
    async with transaction(state.sessions) as session:
        statement = select(User).join(Desk, Desk.user_id == User.id).where(Desk.id.in_(desks))
        users = (await session.scalars(statement)).all()
    return [
        Caller(user.id, user.organisation_id, Role(user.role), user.name, user.login)
        for user in users
    ]


@asynccontextmanager
async def _crowd(url: str, tickets: Sequence[str]) -> AsyncIterator[asyncio.subprocess.Process]:
    place = urlsplit(url)
    told = {"host": place.hostname, "port": place.port, "tickets": tickets}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "shiftdesk.loading.crowd",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    try:
        process.stdin.write(json.dumps(told).encode() + b"\n")
        await in_time(_line(process), 120)
        yield process
    finally:
        process.kill()
        await process.wait()


async def _line(process: asyncio.subprocess.Process) -> dict[str, float]:
    assert process.stdout is not None
    line = await in_time(process.stdout.readline(), 60)
    answer: dict[str, float] = json.loads(line)
    return answer
