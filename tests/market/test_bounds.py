"""A request is bounded in size and time; a stream that has begun is not."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

from market.bounds import Bounded

BEGINS_WITHIN_SECONDS = 1.5


class Service:
    """An app with the bounds: tenths of seconds for what is late, long ones for what is not."""

    def __init__(self, body_seconds: float = 30.0, answer_seconds: float = 30.0) -> None:
        self.cancelled = False
        self.app = FastAPI()
        self.app.add_middleware(
            Bounded,
            body_bytes=100,
            body_seconds=body_seconds,
            answer_seconds=answer_seconds,
            longer={"/slow": 30.0},
        )
        self.app.add_api_route("/echo", self.echo, methods=["POST"])
        self.app.add_api_route("/never", self.never)
        self.app.add_api_route("/slow", self.slow)
        self.app.add_api_route("/stream", self.stream, response_model=None)

    async def echo(self, request: Request) -> int:
        return len(await request.body())

    async def never(self) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise

    async def slow(self) -> str:
        await asyncio.sleep(0.5)
        return "whole"

    async def stream(self) -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            yield b"begun "
            await asyncio.sleep(BEGINS_WITHIN_SECONDS + 0.2)
            yield b"ended"

        return StreamingResponse(parts())


@contextlib.asynccontextmanager
async def asked(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(service.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://bounds.test") as client:
        yield client


async def _pieces(*pieces: bytes, pause: float = 0.0) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
        await asyncio.sleep(pause)


async def test_bodies_are_bounded_announced_or_not() -> None:
    async with asked(Service()) as client:
        assert (await client.post("/echo", content=b"x" * 100)).json() == 100
        announced = await client.post("/echo", content=b"x" * 101)
        assert (announced.status_code, announced.json()["code"]) == (413, "too_large")
        unannounced = await client.post("/echo", content=_pieces(b"x" * 60, b"x" * 60))
        assert unannounced.status_code == 413


async def test_a_body_that_dawdles_is_refused() -> None:
    async with asked(Service(body_seconds=0.1)) as client:
        slow = await client.post("/echo", content=_pieces(b"a", b"b", pause=0.25))
        assert slow.status_code == 408


async def test_a_request_that_takes_too_long_is_cancelled_and_told() -> None:
    its = Service(answer_seconds=0.3)
    async with asked(its) as client:
        late = await client.get("/never")
    assert (late.status_code, late.json()["code"]) == (503, "too_slow")
    assert late.headers["content-type"] == "application/problem+json"
    assert its.cancelled


async def test_a_path_may_take_longer_than_others() -> None:
    async with asked(Service(answer_seconds=0.3)) as client:
        assert (await client.get("/slow")).json() == "whole"


async def test_a_stream_may_go_on_for_longer() -> None:
    async with asked(Service(answer_seconds=BEGINS_WITHIN_SECONDS)) as client:
        assert (await client.get("/stream")).text == "begun ended"
