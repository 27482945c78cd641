"""What a live feed is made of: a vendor's socket for what is traded now, and its REST interface for
what was traded while nobody listened.
"""

from collections.abc import AsyncGenerator, Sequence
from typing import NamedTuple, Protocol

from market.words import Instrument


class Print(NamedTuple):
    """A trade as the vendor tells it: `at` in ns UTC, `key` the same however it is told. `number`
    counts an instrument's trades up by one where the vendor does; else it is 0.
    """

    instrument: str
    at: int
    price: float
    size: float
    key: str
    number: int = 0


class Source(Protocol):
    """One vendor. All may raise VendorAway, and are then asked again."""

    @property
    def name(self) -> str:
        """As in `SHIFTDESK_FEED`."""

    @property
    def instruments(self) -> tuple[Instrument, ...]: ...

    def stream(self) -> AsyncGenerator[list[Print], None]:
        """What is traded from now on. The first item comes once the vendor listens to us, and may
        be empty; it never ends but by VendorAway.
        """

    async def trades(self, start: int, end: int) -> list[Print]:
        """All trades in [start, end) ns, in any order."""

    async def minutes(self, start: int, end: int) -> list[Print]:
        """The minute bars of [start, end) ns, whole minutes, each as four prints that make it."""

    async def close(self) -> None: ...


def as_prints(instrument: str, start: int, bar: Sequence[float]) -> list[Print]:
    """A minute's open, high, low, close and volume as four trades: the same bar comes out again."""
    open_, high, low, close, volume = bar
    moments = (0, 20_000_000_000, 40_000_000_000, 59_000_000_000)
    return [
        Print(instrument, start + moment, price, volume / 4, f"minute-{start}-{moment}")
        for moment, price in zip(moments, (open_, high, low, close), strict=True)
    ]
