"""What the trading agent knows of each desk: its seat, how far it is decided, and what it holds."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast

import msgspec
from redis.asyncio import Redis

from ai_pod.agents.trading.windows import instant, micros
from ai_pod.contracts import keys
from ai_pod.contracts.seats import Seat
from ai_pod.memory.handoffs import DeskHandoff, Handoffs

_weights = msgspec.json.Decoder(dict[str, float])


@dataclass(slots=True)
class DeskBook:
    """`decided` is the end of the last bar that is done with, in microseconds since 1970;
    `snapshot` the desk's own as it was when the last bars came.
    """

    seat: Seat
    decided: int
    targets: dict[str, float] = field(default_factory=dict)
    snapshot: bytes | None = None

    def handoff(self, phase_epoch: int) -> DeskHandoff:
        return DeskHandoff(
            desk=self.seat.desk,
            bar_end=instant(self.decided),
            weights=self.targets,
            lease_epoch=self.seat.lease_epoch,
            phase_epoch=phase_epoch,
        )


_BEGIN = """
local lease = redis.call('HGET', KEYS[1], 'lease_epoch')
if lease and tonumber(lease) >= tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'lease_epoch', ARGV[1], 'bar_end', ARGV[2], 'entry', '')
return 1
"""


class DeskStore:
    """Reads from Redis where each desk stands. All methods raise redis' errors."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._handoffs = Handoffs(redis)
        self._begin = redis.register_script(_BEGIN)

    async def restore(self, seat: Seat, last_bar: int) -> DeskBook:
        """Where the desk stands under its lease: after its last decision; else after the seat's
        `resume_after`; else it begins with the bar after `last_bar`, and that is noted.
        """
        found = await self._redis.hgetall(keys.decided(seat.desk))
        record = cast("dict[bytes, bytes]", found)
        targets = await self._targets(seat.desk, record)
        if record and int(record[b"lease_epoch"]) >= seat.lease_epoch:
            return DeskBook(seat, int(record[b"bar_end"]), targets)
        if seat.resume_after is not None:
            return DeskBook(seat, micros(seat.resume_after), targets)
        await self._begin(keys=[keys.decided(seat.desk)], args=[seat.lease_epoch, last_bar])
        return DeskBook(seat, last_bar, targets)

    async def leave(self, books: Iterable[DeskBook], phase_epoch: int) -> None:
        """Write the hand-offs of desks that go. Raises HandOffFailed."""
        await self._handoffs.write([book.handoff(phase_epoch) for book in books])

    async def _targets(self, desk: str, record: dict[bytes, bytes]) -> dict[str, float]:
        """The last target weights: of the last decision, or of a newer hand-off."""
        found = await self._handoffs.read([desk])
        handoff = found.get(desk)
        done = int(record.get(b"bar_end", 0))
        if handoff is not None and micros(handoff.bar_end) >= done:
            return handoff.weights
        return _weights.decode(record.get(b"weights", b"{}"))
