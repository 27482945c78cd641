"""What many ask for at once and one look can answer: heartbeats of all pods, for one."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """A value that is fetched at most every `seconds`, however many ask for it."""

    def __init__(self, fetch: Callable[[], Awaitable[T]], seconds: float) -> None:
        self._fetch = fetch
        self._seconds = seconds
        self._lock = asyncio.Lock()
        self._held: tuple[float, T] | None = None

    async def get(self) -> T:
        """Raises what the fetch raises; then the next one who asks fetches again."""
        async with self._lock:
            if self._held is not None and time.monotonic() - self._held[0] < self._seconds:
                return self._held[1]
            began = time.monotonic()
            value = await self._fetch()
            self._held = (began, value)
            return value
