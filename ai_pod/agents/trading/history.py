"""Closes of before the stream, from the history store; without one the window grows bar by bar."""

import asyncio
from datetime import timedelta

import numpy as np
import structlog
from numpy.typing import NDArray

from ai_pod.agents.trading.windows import instant, micros
from ai_pod.policies.features import WINDOW, Array
from market.clock import Clock
from market.errors import MarketError
from market.history import History
from market.words import Interval

SHORTEST_REACH = timedelta(days=14)
CLOSED_FACTOR = 8
"""A market is closed most of the time: so many times the window's length is read."""

Closes = tuple[NDArray[np.int64], Array, bool]

logger = structlog.get_logger()


class PastCloses:
    """Reads the history store of the pod, in a thread."""

    def __init__(self, root: str, clock: Clock) -> None:
        self._root = root
        self._clock = clock

    def now(self) -> int:
        """Market time in microseconds since 1970."""
        return micros(self._clock.now())

    async def before(
        self, instruments: tuple[str, ...], interval: Interval, first: int | None
    ) -> Closes:
        """Bar ends (microseconds), closes (rows, k) and whether they are synthetic, up to `first`
        or up to now: at least a window of them if the store has them.
        """
        try:
            return await asyncio.to_thread(self._read, instruments, interval, first)
        except (MarketError, OSError) as error:
            logger.warning("no_history", instruments=instruments, error=str(error))
            return np.zeros(0, np.int64), np.zeros((0, len(instruments))), False

    def _read(self, instruments: tuple[str, ...], interval: Interval, first: int | None) -> Closes:
        now = self._clock.now()
        end = now if first is None else min(now, instant(first))
        reach = max(SHORTEST_REACH, WINDOW * CLOSED_FACTOR * interval.length)
        panel = History(self._root).read_panel(instruments, interval, end - reach, end)
        return panel.end // 1000, panel.close, panel.synthetic
