"""A pod's routes and heartbeat without agents: real HTTP on a real socket, answers by script."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse
from redis.asyncio import Redis

from ai_pod.contracts import keys, tokens
from ai_pod.contracts.agents import PodHeartbeat, PodState
from ai_pod.contracts.chat import ReplyRequest, RunEvent, RunEventKind
from ai_pod.contracts.plan import Phase
from ai_pod.contracts.tools import ToolAnswer
from market.serving import listen

Script = Callable[[ReplyRequest], AsyncIterator[RunEvent | None]]
"""What a reply streams; None breaks the connection off."""

HOLDS_SECONDS = 600
"""A heartbeat holds however long a test's steps take; a test that wants it gone deletes it."""


def heartbeat(name: str, **others: object) -> PodHeartbeat:
    fields: dict[str, object] = {
        "pool": "XNYS",
        "address": "http://127.0.0.1:9",
        "state": PodState.READY,
        "phase": Phase.TRADING,
        "phase_epoch": 1,
        "phase_reason": "market session",
        "plan_version": 1,
        "desks": (),
        "agents": (),
        "beat_at": time.time(),
        "market_now": datetime.now(UTC),
        "started_at": 1000.0,
    }
    return msgspec.convert({"pod": name} | fields | others, PodHeartbeat)


async def beat(redis: Redis, name: str, **others: object) -> PodHeartbeat:
    """Write one heartbeat."""
    its = heartbeat(name, **others)
    await redis.set(keys.pod(name), msgspec.json.encode(its), ex=HOLDS_SECONDS)
    return its


async def answer_in_words(request: ReplyRequest) -> AsyncIterator[RunEvent | None]:
    """The default script."""
    yield RunEvent(kind=RunEventKind.STEP, data={"name": "thinking"})
    for word in ("You ", "asked: ", request.text):
        yield RunEvent(kind=RunEventKind.TOKEN, data={"text": word})
    yield RunEvent(kind=RunEventKind.CITATION, data={"id": "n1", "title": "A note"})
    text = f"You asked: {request.text}"
    done = {"text": text, "instructions": 1, "grounded": True}
    yield RunEvent(kind=RunEventKind.DONE, data=done)


@dataclass
class FakePod:
    """`calls` are what the backend asked for; `asked` the reply requests, `carried` the headers of
    those; `beating` is its heart.
    """

    name: str
    secret: str
    script: Script = answer_in_words
    tells: Callable[[ReplyRequest], ToolAnswer | str] = lambda _: "it has no tools"
    calls: list[str] = field(default_factory=list)
    asked: list[ReplyRequest] = field(default_factory=list)
    carried: list[Mapping[str, str]] = field(default_factory=list)
    address: str = ""
    beating: "asyncio.Task[None] | None" = None

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/v1/threads/{thread}/reply")
        async def reply(thread: str, request: Request) -> Response:
            self._check(request)
            asked = msgspec.json.decode(await request.body(), type=ReplyRequest)
            assert asked.thread == thread
            self.asked.append(asked)
            self.carried.append(request.headers)
            return StreamingResponse(self._stream(asked), media_type="text/event-stream")

        @app.post("/v1/desks/{desk}/tools/{tool}")
        async def call(desk: str, tool: str, request: Request) -> Response:
            self._check(request)
            asked = msgspec.json.decode(await request.body(), type=ReplyRequest)
            assert asked.tool is not None
            assert (asked.desk, asked.tool.name) == (desk, tool)
            self.asked.append(asked)
            said = self.tells(asked)
            if isinstance(said, ToolAnswer):
                return Response(msgspec.json.encode(said))
            return Response(msgspec.json.encode({"detail": said}), 422)

        @app.post("/v1/desks/{desk}")
        async def attach(desk: str, request: Request) -> Response:
            return self._note(request, f"attach {desk}")

        @app.delete("/v1/desks/{desk}")
        async def detach(desk: str, request: Request) -> Response:
            return self._note(request, f"detach {desk}")

        return app

    async def _stream(self, asked: ReplyRequest) -> AsyncIterator[bytes]:
        async with contextlib.aclosing(self.script(asked)) as events:  # type: ignore[type-var]
            async for event in events:
                if event is None:
                    return
                data = msgspec.json.encode(event.data)
                yield b"event: %b\ndata: %b\n\n" % (event.kind.encode(), data)

    def _note(self, request: Request, call: str) -> Response:
        self._check(request)
        self.calls.append(call)
        return Response(status_code=204)

    def _check(self, request: Request) -> None:
        token = request.headers["authorization"].removeprefix("Bearer ")
        tokens.verify(self.secret, token, audience="ai-pod")


class _Server(uvicorn.Server):
    """Leaves signals alone, and says when it serves."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@contextlib.asynccontextmanager
async def serving(app: object, **options: Any) -> AsyncIterator[str]:
    """Serve an ASGI app on a free port of this machine; its URL. `options` are uvicorn's."""
    listener = listen("127.0.0.1", 0)
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]  # any ASGI app
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=1,
        **({"ws": "websockets-sansio"} | options),
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]), name="test-server")
    await asyncio.wait_for(server.ready.wait(), 30)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
        listener.close()


@contextlib.asynccontextmanager
async def running_pod(
    redis: Redis, name: str, secret: str, script: Script = answer_in_words
) -> AsyncIterator[FakePod]:
    """A fake pod that serves and beats until the end."""
    pod = FakePod(name, secret, script)
    async with serving(pod.app()) as pod.address:

        async def go_on() -> None:
            while True:
                await beat(redis, name, address=pod.address)
                await asyncio.sleep(1.0)

        await beat(redis, name, address=pod.address)
        pod.beating = beating = asyncio.create_task(go_on(), name=f"beat-{name}")
        try:
            yield pod
        finally:
            beating.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await beating
            await redis.delete(keys.pod(name))
