"""How soon *Stop* takes effect: a run of one back end, whose pod says nothing more, is cancelled
through another, while a third client listens.
"""

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import httpx

from shiftdesk.checkout import tool

PATIENCE_SECONDS = 30.0


@dataclass(frozen=True)
class Stops:
    """Milliseconds from the wish until the listener heard the end, and until the pod was left."""

    heard: list[float]
    pod_left: list[float]


async def stops(database_url: str, redis_url: str, rounds: int) -> Stops:
    """One after another, over real sockets and stores, in one process."""
    build, web, pods = tool("build_backend"), tool("chat_web"), tool("fake_pod")
    settings = build.settings_for(await build.migrated(database_url), redis_url)
    found = Stops([], [])
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(build.running_backend(settings))
        other = await stack.enter_async_context(build.running_backend(settings))
        await one.user("asks", "trader")
        headers = await one.sign_in("asks")
        here = await stack.enter_async_context(web.client_of(one, headers))
        there = await stack.enter_async_context(web.client_of(other, headers))
        pod = await stack.enter_async_context(
            pods.running_pod(one.state.redis, "pod-1", settings.secret)
        )
        for _ in range(rounds):
            await _stop(web, pod, (here, there), found)
    return found


async def _stop(
    web: ModuleType, pod: Any, clients: tuple[httpx.AsyncClient, httpx.AsyncClient], found: Stops
) -> None:
    here, there = clients
    pod.script = stuck = tool("chat_scripts").Stuck()
    thread = await web.thread_of(here)
    first = await web.ask(here, thread, "Hello", most=1)
    listening = asyncio.create_task(web.resume(there, first))
    began = time.monotonic()
    stopping = asyncio.create_task(there.post(f"{web.THREADS}/{thread}/cancel"))
    async with asyncio.timeout(PATIENCE_SECONDS):
        heard = await listening
        found.heard.append(1000 * (time.monotonic() - began))
        await stuck.left.wait()
        found.pod_left.append(1000 * (time.monotonic() - began))
        (await stopping).raise_for_status()
    assert heard.last["code"] == "cancelled"
