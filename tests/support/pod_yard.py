"""Pods in front of the local cluster's scaler without processes: real sockets, real heartbeats, and
frames for whatever desks the seat records name.
"""

import asyncio
import contextlib
import time
from collections import defaultdict
from dataclasses import dataclass, field

import msgspec
from fastapi import FastAPI, WebSocket
from redis.asyncio import Redis
from starlette.websockets import WebSocketDisconnect

from ai_pod.contracts import keys
from ai_pod.contracts.live import Frame, FrameKind
from ai_pod.contracts.seats import PodSeats
from shiftdesk.local.supervisor import Service
from tests.support.build_trading import T0
from tests.support.fake_pod import FakePod, beat, serving

EVERY_SECONDS = 0.4


@dataclass
class LivePod(FakePod):
    """A fake pod whose live socket the back end may dial."""

    sockets: set[WebSocket] = field(default_factory=set)

    def app(self) -> FastAPI:
        app = super().app()

        @app.websocket("/v1/live")
        async def live(socket: WebSocket) -> None:
            await socket.accept()
            self.sockets.add(socket)
            with contextlib.suppress(WebSocketDisconnect):
                await socket.receive_text()
            self.sockets.discard(socket)

        return app

    async def send(self, frame: Frame) -> None:
        text = msgspec.json.encode(frame).decode()
        for socket in list(self.sockets):
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await socket.send_text(text)


@dataclass
class PodYard:
    """Stands in for the supervisor: `launch` and `stop` pods by name, without processes.

    `sent` counts each desk's frames over all pods; `emptied` says of each pod that was stopped how
    many desks its seat record still had.
    """

    redis: Redis
    secret: str
    sent: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    emptied: dict[str, int] = field(default_factory=dict)
    _running: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _stopping: dict[str, asyncio.Event] = field(default_factory=dict)

    def names(self) -> list[str]:
        return list(self._running)

    def fates(self) -> dict[str, str]:
        """What each pod's task came to, which should be nothing while it is there."""
        return {
            name: "lives" if not task.done() else repr(task.exception())
            for name, task in self._running.items()
        }

    def launch(self, service: Service) -> None:
        self._stopping[service.name] = asyncio.Event()
        work = self._live(LivePod(service.name, self.secret), self._stopping[service.name])
        self._running[service.name] = asyncio.create_task(work, name=service.name)

    async def stop(self, name: str) -> None:
        self.emptied[name] = len(await self._desks(name))
        self._stopping.pop(name).set()
        await self._running.pop(name)

    async def stop_all(self) -> None:
        for event in self._stopping.values():
            event.set()
        await asyncio.gather(*self._running.values())

    async def _live(self, pod: LivePod, stopping: asyncio.Event) -> None:
        started = time.time()
        async with serving(pod.app()) as pod.address:
            while not stopping.is_set():
                desks = await self._desks(pod.name)
                await beat(
                    self.redis, pod.name, address=pod.address, desks=desks, started_at=started
                )
                for desk in desks:
                    await self._say(pod, desk)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stopping.wait(), EVERY_SECONDS)
            await self.redis.delete(keys.pod(pod.name))

    async def _desks(self, pod: str) -> tuple[str, ...]:
        stored = await self.redis.get(keys.seats(pod))
        record = msgspec.json.decode(stored, type=PodSeats) if stored else None
        return tuple(seat.desk for seat in record.seats) if record else ()

    async def _say(self, pod: LivePod, desk: str) -> None:
        """A numbered frame: into the desk's stream, and at once to whoever listens."""
        number = self.sent[desk]
        self.sent[desk] += 1
        data = {"code": "load", "text": "", "severity": "info", "n": number}
        frame = Frame(
            kind=FrameKind.NOTICE, data=data, ts_source=T0, ts_sent=time.time(), desk=desk
        )
        entry = await self.redis.xadd(keys.live(desk), {keys.FIELD: msgspec.json.encode(frame)})
        assert isinstance(entry, bytes)
        await pod.send(msgspec.structs.replace(frame, seq=entry.decode()))
