"""The pod's outbox: live frames toward every connected backend, each with a bounded queue.

A decision is never dropped: an older frame of another kind gives way, and a consumer that stays
behind even so is told to go.
"""

import asyncio
from collections import deque
from collections.abc import Callable

from ai_pod.agents.messages import FrameSent

MOST_FRAMES = 1000


def _unheard() -> None: ...


class Consumer:
    """One live socket's queue. `fallen` is set, for good, when it is behind."""

    def __init__(self, most: int = MOST_FRAMES, gave_way: Callable[[], None] = _unheard) -> None:
        self.fallen = asyncio.Event()
        self._most = most
        self._gave_way = gave_way
        self._frames: deque[tuple[bytes, bool]] = deque()
        self._filled = asyncio.Event()

    @property
    def waiting(self) -> int:
        return len(self._frames)

    def put(self, frame: bytes, *, decision: bool) -> None:
        if len(self._frames) >= self._most and not self._give_way():
            self.fallen.set()
        else:
            self._frames.append((frame, decision))
        self._filled.set()

    @property
    def behind(self) -> bool:
        return self.fallen.is_set()

    async def next(self, seconds: float) -> bytes | None:
        """The next frame; None when there was none for so long, or the consumer is behind."""
        if not self._frames and not self.behind:
            self._filled.clear()
            try:
                async with asyncio.timeout(seconds):
                    await self._filled.wait()
            except TimeoutError:
                return None
        if self.behind or not self._frames:
            return None
        return self._frames.popleft()[0]

    def _give_way(self) -> bool:
        """Drop the oldest frame that is no decision."""
        for index, (_, decision) in enumerate(self._frames):
            if not decision:
                del self._frames[index]
                self._gave_way()
                return True
        return False


class Outbox:
    """All consumers of the pod's frames. `gave_way` is told of every frame that was dropped."""

    def __init__(self, gave_way: Callable[[], None] = _unheard) -> None:
        self._consumers: set[Consumer] = set()
        self._gave_way = gave_way

    @property
    def longest(self) -> int:
        """Frames that wait for the consumer that is furthest behind."""
        return max((consumer.waiting for consumer in self._consumers), default=0)

    def join(self) -> Consumer:
        consumer = Consumer(gave_way=self._gave_way)
        self._consumers.add(consumer)
        return consumer

    def leave(self, consumer: Consumer) -> None:
        self._consumers.discard(consumer)

    def publish(self, sent: FrameSent) -> None:
        frame = bytes(sent.frame)
        for consumer in self._consumers:
            consumer.put(frame, decision=sent.decision)
