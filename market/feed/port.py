"""What a feed is: a live vendor, or a recording played on the clock."""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import NamedTuple, Protocol

from market.words import Instrument, Interval, Tick


class Batch(NamedTuple):
    """The trades before `until` (market time) that were not told yet, in time order."""

    ticks: list[Tick]
    until: datetime
    ended: bool = False


class Feed(Protocol):
    """The source of ticks."""

    @property
    def name(self) -> str:
        """As in `SHIFTDESK_FEED`."""

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        """What it serves."""

    @property
    def recorded(self) -> Interval | None:
        """The interval of the recorded bars behind it: shorter ones are synthetic. None: ticks."""

    def opening(self, instant: datetime) -> datetime:
        """From when to play so that no bar that is open at, or ends after, `instant` lacks ticks:
        the open of the market session that holds or follows it.
        """

    def batches(self, since: datetime) -> AsyncGenerator[Batch, None]:
        """Play from `since` on, catching up with the clock first; `until` never goes back.

        A batch comes at least twice a real second, without ticks if there are none.
        """
