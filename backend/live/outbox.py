"""One browser's queue of frames, bounded: a newer tick takes an older one's place, an old bar gives
way, and a durable frame is never dropped: who stays behind with those has to go.
"""

import asyncio
import time
from collections import deque

MOST_FRAMES = 3_000
MOST_CHARACTERS = 8_000_000
MOST_LATEST = 500
MOST_BEHIND_SECONDS = 15.0


class Outbox:
    """Frames as encoded text. `behind` is final."""

    def __init__(self, most: int = MOST_FRAMES) -> None:
        self._most = most
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
        if len(self._durable) >= self._most or self._characters > MOST_CHARACTERS:
            self._overflowed = True
        else:
            self._durable.append(frame)
            self._characters += len(frame)
        self._wake()

    def put_latest(self, key: tuple[str, ...], frame: str) -> None:
        """A snapshot of the moment: takes the place of an older one with the same key."""
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
            await self._news.wait()
        frames = [*self._durable, *self._latest.values()]
        self._durable.clear()
        self._characters = 0
        self._latest.clear()
        self._waiting_since = time.monotonic()
        return frames

    def _wake(self) -> None:
        if self._waiting_since is None:
            self._waiting_since = time.monotonic()
        self._news.set()
