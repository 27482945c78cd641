"""A real back end process with people, and their live sockets."""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec
import websockets
from redis.asyncio import Redis

from ai_pod.contracts import keys
from ai_pod.contracts.live import Frame, FrameKind
from tests.support.build_backend import PASSWORD
from tests.support.build_trading import T0
from tests.support.people import Live


@dataclass
class Server:
    """`python -m backend` in a process; `url` is where it listens."""

    process: subprocess.Popen[bytes]
    url: str
    tokens: dict[str, str] = field(default_factory=dict)

    async def healthy(self) -> bool:
        return await self.says("/healthz", 200)

    async def says(self, path: str, status: int) -> bool:
        async with httpx.AsyncClient(base_url=self.url, timeout=5.0) as http:
            return (await http.get(path)).status_code == status

    async def ticket(self, login: str) -> str:
        async with httpx.AsyncClient(base_url=f"{self.url}/api/v1", timeout=30.0) as http:
            if login not in self.tokens:
                body = {"login": login, "password": PASSWORD}
                answer = await http.post("/auth/login", json=body)
                self.tokens[login] = answer.raise_for_status().json()["access_token"]
            header = {"Authorization": f"Bearer {self.tokens[login]}"}
            answer = await http.post("/ws-ticket", headers=header)
            ticket: str = answer.raise_for_status().json()["ticket"]
            return ticket

    async def connect(self, query: str, **others: Any) -> websockets.ClientConnection:
        url = self.url.replace("http", "ws", 1) + f"/api/v1/live{query}"
        return await websockets.connect(url, max_size=2**24, proxy=None, **others)

    @contextlib.asynccontextmanager
    async def live(self, login: str) -> AsyncIterator[Live]:
        """A socket of this person's, which has had its snapshot."""
        live = Live(await self.connect(f"?ticket={await self.ticket(login)}"))
        try:
            await live.wait_for(lambda frame: frame["kind"] == "snapshot")
            yield live
        finally:
            await live.close()


@contextlib.contextmanager
def backend_process(database_url: str, redis_url: str, **settings: str) -> Iterator[Server]:
    environment = {
        **os.environ,
        "SHIFTDESK_DATABASE_URL": database_url,
        "SHIFTDESK_REDIS_URL": redis_url,
        "SHIFTDESK_SUPERVISED": "1",
        **settings,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "backend"], stdout=subprocess.PIPE, env=environment
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        yield Server(process, json.loads(line)["listening"])
    finally:
        process.kill()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()


async def add_frame(redis: Redis, desk: str, number: int, *, filler: int = 0) -> str:
    """A durable frame as a committer writes it; its place in the stream."""
    data = {"code": "test", "text": "x" * filler, "severity": "info", "n": number}
    frame = Frame(kind=FrameKind.NOTICE, data=data, ts_source=T0, ts_sent=0.0, desk=desk)
    entry = await redis.xadd(keys.live(desk), {keys.FIELD: msgspec.json.encode(frame)})
    assert isinstance(entry, bytes)
    return entry.decode()


def numbers(live: Live) -> list[int]:
    return [frame["data"]["n"] for frame in live.of("notice") if "n" in frame["data"]]


async def closed_with(socket: websockets.ClientConnection, seconds: float = 30.0) -> int | None:
    """The code the server closes with; what comes before is read and dropped."""
    async with asyncio.timeout(seconds):
        with contextlib.suppress(websockets.ConnectionClosed):
            while True:
                await socket.recv()
    return socket.close_code
