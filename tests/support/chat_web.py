"""Chat over HTTP, from a client's side: threads, questions, and what a run's stream says."""

import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

import httpx

from tests.support.build_backend import Backend
from tests.support.fake_pod import serving

THREADS = "/api/v1/threads"

Headers = Mapping[str, str]


@contextlib.asynccontextmanager
async def client_of(backend: Backend, headers: Headers) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the running back end over a socket of its own, signed in by its headers."""
    async with (
        serving(_without_lifespan(backend)) as url,
        httpx.AsyncClient(base_url=url, headers=headers, timeout=20) as client,
    ):
        yield client


def _without_lifespan(backend: Backend) -> object:
    """The running app, served a second time: its lifespan runs already."""

    async def app(scope: dict[str, object], receive: object, send: object) -> None:
        if scope["type"] == "lifespan":
            raise RuntimeError("runs already")
        await backend.app(scope, receive, send)  # type: ignore[arg-type]  # ASGI's own types

    return app


@dataclass
class Heard:
    """What a stream of server-sent events said."""

    run: str
    events: list[tuple[str, str, dict[str, object]]] = field(default_factory=list)

    @property
    def kinds(self) -> list[str]:
        return [kind for _, kind, _ in self.events]

    @property
    def last(self) -> dict[str, object]:
        return self.events[-1][2]

    def take(self, lines: list[str]) -> None:
        parts = dict(line.split(": ", 1) for line in lines if not line.startswith(":"))
        if parts:
            data = json.loads(parts["data"])
            self.events.append((parts.get("id", ""), parts["event"], data))


async def listen(response: httpx.Response, most: int = 1000) -> Heard:
    heard, lines = Heard(response.headers["x-run-id"]), list[str]()
    async for line in response.aiter_lines():
        if line:
            lines.append(line)
        else:
            heard.take(lines)
            lines = []
            if len(heard.events) >= most:
                break
    return heard


async def thread_of(web: httpx.AsyncClient) -> str:
    answer = await web.post(THREADS)
    assert answer.status_code == 201
    return str(answer.json()["id"])


async def ask(web: httpx.AsyncClient, thread: str, text: str, most: int = 1000) -> Heard:
    body = {"text": text}
    async with web.stream("POST", f"{THREADS}/{thread}/messages", json=body) as response:
        assert response.status_code == 200, await response.aread()
        return await listen(response, most)


async def resume(web: httpx.AsyncClient, heard: Heard) -> Heard:
    """What came after the last event that was heard."""
    seen = {"Last-Event-ID": heard.events[-1][0]}
    url = f"/api/v1/runs/{heard.run}/events"
    async with web.stream("GET", url, headers=seen) as response:
        assert response.status_code == 200, await response.aread()
        return await listen(response)
