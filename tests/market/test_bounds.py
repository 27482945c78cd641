"""A request is bounded in size and time; a stream that has begun is not."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

from market.bounds import Bounded


class Service:
    """An app with the bounds, in tenths of seconds."""

    def __init__(self) -> None:
        self.cancelled = False
        self.app = FastAPI()
        self.app.add_middleware(Bounded, body_bytes=100, body_seconds=0.1, answer_seconds=0.3)
        self.app.add_api_route("/echo", self.echo, methods=["POST"])
        self.app.add_api_route("/never", self.never)
        self.app.add_api_route("/stream", self.stream, response_model=None)

    async def echo(self, request: Request) -> int:
        return len(await request.body())

    async def never(self) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise

    async def stream(self) -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            yield b"begun "
            await asyncio.sleep(0.5)
            yield b"ended"

        return StreamingResponse(parts())


@pytest.fixture
async def service() -> AsyncIterator[tuple[Service, httpx.AsyncClient]]:
    its = Service()
    transport = httpx.ASGITransport(its.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://bounds.test") as client:
        yield its, client


Both = tuple[Service, httpx.AsyncClient]


async def _pieces(*pieces: bytes, pause: float = 0.0) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
        await asyncio.sleep(pause)


async def test_bodies_are_bounded_announced_or_not(service: Both) -> None:
    _, client = service
    assert (await client.post("/echo", content=b"x" * 100)).json() == 100
    announced = await client.post("/echo", content=b"x" * 101)
    assert (announced.status_code, announced.json()["code"]) == (413, "too_large")
    unannounced = await client.post("/echo", content=_pieces(b"x" * 60, b"x" * 60))
    assert unannounced.status_code == 413


async def test_a_body_that_dawdles_is_refused(service: Both) -> None:
    _, client = service
    slow = await client.post("/echo", content=_pieces(b"a", b"b", pause=0.25))
    assert slow.status_code == 408


async def test_a_request_that_takes_too_long_is_cancelled_and_told(service: Both) -> None:
    its, client = service
    late = await client.get("/never")
    assert (late.status_code, late.json()["code"]) == (503, "too_slow")
    assert late.headers["content-type"] == "application/problem+json"
    assert its.cancelled


async def test_a_stream_may_go_on_for_longer(service: Both) -> None:
    _, client = service
    assert (await client.get("/stream")).text == "begun ended"
