"""One browser's frames: written at once while its socket takes them, else queued, and bounded. A
newer tick takes an older one's place, an old bar gives way, and a durable frame is never dropped:
who stays behind with those has to go.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable

MOST_FRAMES = 3_000
MOST_CHARACTERS = 8_000_000
MOST_LATEST = 500
MOST_BEHIND_SECONDS = 15.0


Write = Callable[[str], bool]
"""Sends a frame now and says True, or says False where the socket does not take it now."""


class Outbox:
    """Frames as encoded text. `behind` is final. `write` is asked while nothing waits."""

    def __init__(self, write: Write | None = None, most: int = MOST_FRAMES) -> None:
        self._write = write or _never
        self._most = most
        self._idle = False
        self._durable: deque[str] = deque()
        self._characters = 0
        self._latest: dict[tuple[str, ...], str] = {}
        self._news = asyncio.Event()
        self._waiting_since: float | None = None
        self._overflowed = False

    def __len__(self) -> int:
        return len(self._durable) + len(self._latest)

    @property
    def behind(self) -> bool:
        """Too many frames wait, or the oldest has waited too long."""
        since = self._waiting_since
        late = since is not None and time.monotonic() - since > MOST_BEHIND_SECONDS
        return self._overflowed or late

    def put(self, frame: str) -> None:
        """A frame that must arrive, in its order."""
        if self._idle and self._write(frame):
            return
        if len(self._durable) >= self._most or self._characters > MOST_CHARACTERS:
            self._overflowed = True
        else:
            self._durable.append(frame)
            self._characters += len(frame)
        self._wake()

    def put_latest(self, key: tuple[str, ...], frame: str) -> None:
        """A snapshot of the moment: takes the place of an older one with the same key."""
        if self._idle and self._write(frame):
            return
        self._latest.pop(key, None)
        while len(self._latest) >= MOST_LATEST:
            self._latest.pop(next(iter(self._latest)))
        self._latest[key] = frame
        self._wake()

    async def take(self) -> list[str]:
        """What waits, durable frames first; waits for something when there is nothing."""
        if not len(self):
            self._waiting_since = None
            self._news.clear()
            self._idle = True
            try:
                await self._news.wait()
            finally:
                self._idle = False
        frames = [*self._durable, *self._latest.values()]
        self._durable.clear()
        self._characters = 0
        self._latest.clear()
        self._waiting_since = time.monotonic()
        return frames

    def _wake(self) -> None:
        if self._waiting_since is None:
            self._waiting_since = time.monotonic()
        self._idle = False
        self._news.set()


def _never(_frame: str) -> bool:
    return False
