"""The loop of the configured venue: one back end at a time sends, listens, looks and reconciles.

Two at once do no harm: every step is under the desk's lock, and idempotent at the venue.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from contextlib import aclosing

import structlog

from backend.leader import run_once
from backend.state import State
from backend.trading.brokers.choice import open_venue
from backend.trading.brokers.port import Venue
from backend.trading.venues.orders import VenueOrders
from backend.trading.venues.reconciling import Reconciler
from market.errors import VendorAway
from market.tasks import in_time

LOOP = "venue"
STEP_SECONDS = 3.0
PAUSE_SECONDS = 0.2
POLL_SECONDS = 2.0
RECONCILE_SECONDS = 30.0
DISAGREED_SECONDS = 3.0
"""How soon it is compared again while the books differ."""

SHORTEST_RETRY_SECONDS = 0.2
LONGEST_RETRY_SECONDS = 15.0

logger = structlog.get_logger()


async def run(state: State) -> None:
    """Trade at the configured venue for ever; without one there is nothing to do."""
    venue = open_venue(state.settings)
    if venue is None:
        await state.tasks.stopping.wait()
        return
    loop = VenueLoop(state, venue)
    try:
        await run_once(state, LOOP, lambda _: loop.run_for(STEP_SECONDS), period_seconds=0.05)
    finally:
        await loop.close()


class VenueLoop:
    """`agreed` is None until the books were compared for the first time."""

    def __init__(
        self, state: State, venue: Venue, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._state = state
        self._venue = venue
        self._clock = clock
        self.orders = VenueOrders(state, venue)
        self.reconciler = Reconciler(state, venue, self.orders)
        self.agreed: bool | None = None
        self._hints: set[str] = set()
        self._hinted = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None
        self._polled = self._compared = self._left_alone = float("-inf")
        self._retry = SHORTEST_RETRY_SECONDS

    async def run_for(self, seconds: float) -> None:
        """Steps for so long (less than the lease holds), or until the service ends."""
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(self._listen(), name="venue-updates")
        until = self._clock() + seconds
        while self._clock() < until and not self._state.tasks.stopping.is_set():
            await self.step()
            with contextlib.suppress(TimeoutError):
                await in_time(self._hinted.wait(), PAUSE_SECONDS)

    async def step(self) -> None:
        """All that is due now. While the venue does not answer it is left alone for longer and
        longer.
        """
        if self._clock() < self._left_alone:
            return
        try:
            await self._step()
        except VendorAway as error:
            pause = max(error.retry_seconds, self._retry)
            self._left_alone = self._clock() + pause
            self._retry = min(2 * self._retry, LONGEST_RETRY_SECONDS)
            logger.warning("venue_away", venue=self._venue.name, error=str(error), pause=pause)
        else:
            self._retry = SHORTEST_RETRY_SECONDS

    async def close(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.wait({self._listening})
        await self._venue.close()

    async def _step(self) -> None:
        if self._due(self._compared, RECONCILE_SECONDS if self.agreed else DISAGREED_SECONDS):
            self.agreed = await self.reconciler.step()
            self._compared = self._clock()
        await self.orders.send_due(agreed=bool(self.agreed))
        self._hinted.clear()
        while self._hints:
            hint = next(iter(self._hints))
            await self.orders.look_at(hint)
            self._hints.discard(hint)
        if self._due(self._polled, POLL_SECONDS):
            await self.orders.look_around()
            self._polled = self._clock()
        await self.orders.cancel_due()

    def _due(self, last: float, seconds: float) -> bool:
        return self._clock() - last >= seconds

    async def _listen(self) -> None:
        """Collect hints for as long as the loop lives. After a gap in them all are looked at."""
        pause = SHORTEST_RETRY_SECONDS
        while True:
            try:
                async with aclosing(self._venue.updates()) as updates:
                    async for order in updates:
                        pause = SHORTEST_RETRY_SECONDS
                        self._hints.add(order)
                        self._hinted.set()
            except VendorAway as error:
                logger.warning("venue_updates_away", venue=self._venue.name, error=str(error))
            except Exception:
                logger.exception("venue_updates_failed", venue=self._venue.name)
            self._polled = float("-inf")
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_RETRY_SECONDS)
