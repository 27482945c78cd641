"""Pods that only speak: heartbeats, and durable frames at a given rate, each to its desk's stream
and to the back end's socket, as a real pod does it.
"""

import asyncio
import contextlib
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, datetime

import msgspec
from redis.asyncio import Redis
from websockets.asyncio.server import ServerConnection, serve

from ai_pod.contracts import keys
from ai_pod.contracts.agents import PodHeartbeat
from ai_pod.contracts.live import Frame, FrameKind

BEAT_SECONDS = 2.0
BEAT_LIFE_SECONDS = 10
STREAM_LENGTH = 2_000
EPOCH = "loud"
MARKET_TIME = datetime(2012, 10, 16, 14, 45, tzinfo=UTC)

Heartbeat = Callable[..., PodHeartbeat]
"""Of a pod's name, its `address` and its `desks`."""


class LoudPods:
    """`seated` is pod → its desks. `dialled` is set when a back end listens to every pod."""

    def __init__(self, redis: Redis, seated: Mapping[str, Sequence[str]]) -> None:
        self.dialled = asyncio.Event()
        self._redis = redis
        self._pod_of = {desk: pod for pod, desks in seated.items() for desk in desks}
        self._sockets: dict[str, set[ServerConnection]] = defaultdict(set)
        self._last: dict[str, str] = {}

    async def speak(self, rate: float, seconds: float, size: int) -> tuple[int, float]:
        """So many frames a second, for so long, to the desks in turn; each has `size` bytes, or as
        few as it can have, when it reaches a browser. How many frames, and how many seconds it has
        taken: more than asked where the rate is too high for us.
        """
        desks = list(self._pod_of)
        started, count = time.monotonic(), int(rate * seconds)
        for number in range(count):
            await asyncio.sleep(max(0.0, started + number / rate - time.monotonic()))
            await self._say(desks[number % len(desks)], number, size)
        await asyncio.sleep(max(0.0, started + count / rate - time.monotonic()))
        return count, time.monotonic() - started

    async def _say(self, desk: str, number: int, size: int) -> None:
        frame = _frame(desk, number, size)
        entry = {keys.FIELD: msgspec.json.encode(frame)}
        added = await self._redis.xadd(keys.live(desk), entry, maxlen=STREAM_LENGTH)  # type: ignore[arg-type]  # bytes
        assert isinstance(added, bytes)
        seq, prev = added.decode(), self._last.get(desk)
        self._last[desk] = seq
        placed = msgspec.structs.replace(frame, seq=seq, prev=prev, epoch=EPOCH)
        message = msgspec.json.encode(placed).decode()
        for socket in list(self._sockets[self._pod_of[desk]]):
            await socket.send(message)

    async def on_socket(self, socket: ServerConnection) -> None:
        """The path's first part names the pod."""
        assert socket.request is not None
        pod = socket.request.path.split("/")[1]
        self._sockets[pod].add(socket)
        if all(self._sockets[name] for name in self._pod_of.values()):
            self.dialled.set()
        try:
            await socket.wait_closed()
        finally:
            self._sockets[pod].discard(socket)


def _frame(desk: str, number: int, size: int) -> Frame:
    frame = Frame(
        kind=FrameKind.NOTICE,
        data={"n": number, "text": ""},
        ts_source=MARKET_TIME,
        ts_sent=time.time(),
        desk=desk,
    )
    place = {"seq": "0" * 15, "prev": "0" * 15, "epoch": EPOCH}
    least = len(msgspec.json.encode(msgspec.structs.replace(frame, **place)))
    return msgspec.structs.replace(frame, data={"n": number, "text": "x" * max(0, size - least)})


@contextlib.asynccontextmanager
async def loud_pods(
    redis: Redis, seated: Mapping[str, Sequence[str]], heartbeat: Heartbeat
) -> AsyncIterator[LoudPods]:
    """They beat as long as the block goes on."""
    await redis.set(keys.live_epoch(), EPOCH)
    pods = LoudPods(redis, seated)

    async def go_on(port: int) -> None:
        while True:
            for pod, desks in seated.items():
                address = f"http://127.0.0.1:{port}/{pod}"
                beat = heartbeat(pod, address=address, desks=tuple(desks))
                await redis.set(keys.pod(pod), msgspec.json.encode(beat), ex=BEAT_LIFE_SECONDS)
            await asyncio.sleep(BEAT_SECONDS)

    async with serve(pods.on_socket, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        beating = asyncio.create_task(go_on(port), name="loud-beats")
        try:
            yield pods
        finally:
            beating.cancel()
            await asyncio.wait({beating})
