"""One live socket from its admission to its end: what it is told, what it asks for, and why it is
closed.
"""

import asyncio
import time
from collections import deque
from collections.abc import Collection
from typing import Any

import msgspec
import structlog
from fastapi import WebSocket
from pydantic import ValidationError
from starlette.websockets import WebSocketDisconnect

from ai_pod.contracts import keys
from ai_pod.contracts.desk import DeskSnapshot
from ai_pod.contracts.live import CloseCode, Frame, FrameKind
from backend.auth.dependencies import Caller
from backend.live import desk_streams
from backend.live.admission import MESSAGE, Refused
from backend.live.schemas import Resume, Subscribe, Unsubscribe
from backend.live.service import Live
from backend.live.sockets import writer
from backend.live.viewer import Viewer
from backend.models import Desk
from backend.streams import FIRST, last_id

GRACE_SECONDS = 0.25
"""So long durable frames wait for a resume that the client may send first."""

CANCEL_AGAIN_SECONDS = 0.5
SEND_SECONDS = 30.0
MOST_MESSAGES = 100
PER_SECONDS = 10.0
MOST_INSTRUMENTS = 200

logger = structlog.get_logger()


class Connection:
    """Admitted; `run` lasts as long as the socket."""

    def __init__(self, live: Live, socket: WebSocket, caller: Caller, desk: Desk | None) -> None:
        self._live = live
        self._socket = socket
        self.caller = caller
        self.own = desk is not None and desk.user_id == caller.id
        self.viewer = Viewer(desk.id if desk else None, caller.organisation, writer(socket))
        if desk is not None:
            self.viewer.instruments = set(desk.instruments)
            self.viewer.intervals = {desk.interval}
        self.beaten = 0.0
        self.renewed: float | None = None
        self._ended: asyncio.Future[Refused] = asyncio.get_running_loop().create_future()
        self._spoken: deque[float] = deque(maxlen=MOST_MESSAGES)

    async def run(self) -> None:
        """Raises Refused with the code to close with, WebSocketDisconnect when it has gone."""
        position = FIRST
        if self.viewer.desk is not None:
            position = await last_id(self._live.state.redis, keys.live(self.viewer.desk))
        if not self._live.hub.epoch:
            await desk_streams.check_epoch(self._live.state.redis, self._live.hub)
        self._live.hub.join(self.viewer, position)
        self._live.attendance.join(self)
        release = asyncio.get_running_loop().call_later(GRACE_SECONDS, self._release)
        try:
            await self._snapshot(None, 0)
            await self._work()
        finally:
            release.cancel()
            self._live.attendance.leave(self)
            self._live.hub.leave(self.viewer)

    def end(self, refused: Refused) -> None:
        """Have the socket closed with this; the first reason counts."""
        if not self._ended.done():
            self._ended.set_result(refused)

    async def _work(self) -> None:
        """Until the first of these ends; the others are ended with it."""
        works = {"live-send": self._send(), "live-listen": self._listen()}
        tasks = [asyncio.create_task(work, name=name) for name, work in works.items()]
        try:
            awaited: list[asyncio.Future[Any]] = [*tasks, self._ended]
            await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
            if self._ended.done():
                raise self._ended.result()
            for task in tasks:
                if task.done():
                    task.result()
        finally:
            await _end(tasks)

    async def _send(self) -> None:
        """What could not be written at once."""
        while True:
            for frame in await self.viewer.outbox.take():
                await self._socket.send_text(frame)

    def _release(self) -> None:
        if self.viewer.holding:
            self.viewer.release()

    async def _listen(self) -> None:
        while True:
            text = await self._socket.receive_text()
            self._count()
            try:
                message = MESSAGE.validate_json(text)
            except ValidationError as error:
                wrong = "; ".join(str(one["msg"]) for one in error.errors()[:3])
                self.viewer.outbox.put(
                    self._live.framer.notice("invalid_message", wrong, "warning")
                )
                continue
            if isinstance(message, Resume):
                await self._resume(message)
            elif isinstance(message, Subscribe | Unsubscribe):
                self._change(message)

    def _count(self) -> None:
        now = time.monotonic()
        self._spoken.append(now)
        if len(self._spoken) == MOST_MESSAGES and now - self._spoken[0] < PER_SECONDS:
            raise Refused(CloseCode.SLOW_DOWN, "too many messages")

    def _change(self, message: Subscribe | Unsubscribe) -> None:
        viewer = self.viewer
        if isinstance(message, Subscribe):
            if len(viewer.instruments | set(message.instruments)) > MOST_INSTRUMENTS:
                text = f"{MOST_INSTRUMENTS} instruments at most"
                viewer.outbox.put(self._live.framer.notice("too_many_instruments", text, "warning"))
                return
            viewer.instruments |= set(message.instruments)
            viewer.intervals |= set(message.intervals)
        else:
            viewer.instruments -= set(message.instruments)
            viewer.intervals -= set(message.intervals)

    async def _resume(self, asked: Resume) -> None:
        """What was missed, or word that it cannot be had."""
        hub, viewer = self._live.hub, self.viewer
        entries = None
        if viewer.desk is not None and asked.epoch == hub.epoch:
            entries = await desk_streams.missed(self._live.state.redis, viewer.desk, asked.seq)
        if entries is None:
            await self._snapshot(False, 0)
        else:
            previous = asked.seq
            missed = []
            for seq, message in entries:
                frame = msgspec.json.decode(message, type=Frame)
                text = self._live.framer.durable(frame, seq=seq, prev=previous, epoch=hub.epoch)
                missed.append((seq, text))
                previous = seq
            await self._snapshot(True, len(missed))
            viewer.replay(asked.seq, missed)
        viewer.release()

    async def _snapshot(self, recovered: bool | None, replayed: int) -> None:
        """The desk as it is now; `seq` is how far the socket has come in its stream."""
        viewer, hub = self.viewer, self._live.hub
        channel = hub.channels.get(viewer.desk or "")
        stored = None
        if viewer.desk is not None:
            stored = await self._live.state.redis.get(keys.desk(viewer.desk))
        desk = msgspec.json.decode(stored, type=DeskSnapshot) if stored else None
        data = {
            "desk": msgspec.to_builtins(desk) if desk else None,
            "phase": channel.phase if channel else None,
            "pod": channel.pod if channel else None,
            "instruments": sorted(viewer.instruments),
            "intervals": sorted(viewer.intervals),
            "recovered": recovered,
            "replayed": replayed,
        }
        frame = self._live.framer.frame(
            FrameKind.SNAPSHOT,
            data,
            at=desk.as_of if desk else None,
            desk=viewer.desk,
            seq=viewer.position,
            epoch=hub.epoch,
        )
        viewer.outbox.put(frame)

    async def tell_lost(self) -> None:
        """The desk's stream has begun anew."""
        await self._snapshot(False, 0)

    def beat(self) -> None:
        viewer = self.viewer
        data = {"queued": len(viewer.outbox)}
        frame = self._live.framer.frame(
            FrameKind.HEARTBEAT,
            data,
            desk=viewer.desk,
            seq=viewer.position,
            epoch=self._live.hub.epoch,
        )
        viewer.outbox.put(frame)


async def _end(tasks: Collection[asyncio.Task[None]]) -> None:
    """Cancel them until they have ended: a cancellation may be lost."""
    pending = {task for task in tasks if not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=CANCEL_AGAIN_SECONDS)
    await asyncio.gather(*tasks, return_exceptions=True)


async def close(socket: WebSocket, refused: Refused) -> None:
    """Say why; a client that reads nothing is not waited for longer than it takes."""
    try:
        async with asyncio.timeout(SEND_SECONDS):
            await socket.close(refused.code, refused.reason[:120])
    except (TimeoutError, RuntimeError, WebSocketDisconnect):
        logger.info("socket_not_closed", code=refused.code)
