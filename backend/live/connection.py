"""One live socket from its admission to its end: what it is told, what it asks for, and why it is
closed.
"""

import asyncio
import time
from collections import deque
from collections.abc import Collection

import msgspec
import structlog
from fastapi import WebSocket
from pydantic import ValidationError
from starlette.websockets import WebSocketDisconnect

from ai_pod.contracts import keys
from ai_pod.contracts.desk import DeskSnapshot
from ai_pod.contracts.live import CloseCode, Frame, FrameKind
from backend.auth.dependencies import Caller
from backend.auth.repository import active_user
from backend.database import transaction
from backend.errors import STORE_AWAY
from backend.live import desk_streams
from backend.live.admission import MESSAGE, Refused
from backend.live.schemas import Resume, Subscribe, Unsubscribe
from backend.live.service import Live
from backend.live.viewer import Viewer
from backend.models import Desk
from backend.pods import presence
from backend.pods import service as pods
from backend.streams import FIRST, last_id

HEARTBEAT_SECONDS = 5.0
GRACE_SECONDS = 0.25
"""So long durable frames wait for a resume that the client may send first."""

CHECK_SECONDS = 0.5
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
        self._caller = caller
        self._stays = True
        self._own = desk is not None and desk.user_id == caller.id
        self._viewer = Viewer(desk.id if desk else None, caller.organisation)
        if desk is not None:
            self._viewer.instruments = set(desk.instruments)
            self._viewer.intervals = {desk.interval}
        self._spoken: deque[float] = deque(maxlen=MOST_MESSAGES)

    async def run(self) -> None:
        """Raises Refused with the code to close with, WebSocketDisconnect when it has gone."""
        position = FIRST
        if self._viewer.desk is not None:
            position = await last_id(self._live.state.redis, keys.live(self._viewer.desk))
        if not self._live.hub.epoch:
            await desk_streams.check_epoch(self._live.state.redis, self._live.hub)
        self._live.hub.join(self._viewer, position)
        try:
            await self._snapshot(None, 0)
            await self._work()
        finally:
            self._live.hub.leave(self._viewer)

    async def _work(self) -> None:
        """Until the first of these ends; the others are ended with it."""
        works = {
            "live-send": self._send(),
            "live-listen": self._listen(),
            "live-watch": self._watch(),
            "live-presence": self._be_present(),
        }
        tasks = [asyncio.create_task(work, name=name) for name, work in works.items()]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            await _end(tasks)

    async def _send(self) -> None:
        while True:
            for frame in await self._viewer.outbox.take():
                await self._socket.send_text(frame)

    async def _watch(self) -> None:
        """Heartbeats; and the reasons for which the server closes the socket."""
        await asyncio.sleep(GRACE_SECONDS)
        if self._viewer.holding:
            self._viewer.release()
        beaten = 0.0
        while True:
            if not self._stays:
                raise Refused(CloseCode.RENEW, "sign in again")
            if self._viewer.outbox.behind:
                raise Refused(CloseCode.TOO_SLOW, "too slow: come back and resume")
            if self._viewer.lost:
                self._viewer.lost = False
                await self._snapshot(False, 0)
            if time.monotonic() - beaten >= HEARTBEAT_SECONDS:
                beaten = time.monotonic()
                self._beat()
            try:
                async with asyncio.timeout(CHECK_SECONDS):
                    await self._live.ending.wait()
            except TimeoutError:
                continue
            raise Refused(CloseCode.RESTART, "the server restarts")

    async def _be_present(self) -> None:
        """Again and again: is the caller still who may look? The owner's presence keeps the desk
        seated.

        Its queries do not end with the socket: one that is cancelled costs its connection.
        """
        while True:
            name = f"presence-{self._caller.id}"
            self._live.state.tasks.start(self._renew(), name=name)
            await asyncio.sleep(presence.RENEW_SECONDS)

    async def _renew(self) -> None:
        state, desk = self._live.state, self._viewer.desk
        try:
            async with transaction(state.sessions) as session:
                user = await active_user(session, self._caller.id)
            self._stays = user is not None and user.role == self._caller.role
            if self._stays and desk is not None and self._own:
                await pods.connect(state, desk)
        except STORE_AWAY as error:
            logger.warning("presence_not_noted", desk=desk, error=repr(error))

    async def _listen(self) -> None:
        while True:
            text = await self._socket.receive_text()
            self._count()
            try:
                message = MESSAGE.validate_json(text)
            except ValidationError as error:
                wrong = "; ".join(str(one["msg"]) for one in error.errors()[:3])
                self._viewer.outbox.put(
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
        viewer = self._viewer
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
        hub, viewer = self._live.hub, self._viewer
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
        viewer, hub = self._viewer, self._live.hub
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

    def _beat(self) -> None:
        viewer = self._viewer
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
