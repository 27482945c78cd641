"""The market's bar streams as the trading agent reads them: recent bars, then each new one."""

from typing import TypeAlias, cast

import msgspec
import structlog
from redis.asyncio import Redis
from redis.typing import KeyT

from market import keys
from market.words import BarsClosed, Interval

_FIELD = keys.FIELD.encode()
_decoder = msgspec.json.Decoder(BarsClosed)

Entries: TypeAlias = list[tuple[bytes, dict[bytes, bytes]]]

logger = structlog.get_logger()


def decode(data: bytes) -> BarsClosed | None:
    """None for an entry that cannot be read: it is told, and must not stop the others."""
    try:
        return _decoder.decode(data)
    except msgspec.DecodeError as error:
        logger.error("bars_unreadable", error=str(error))
        return None


class BarFeed:
    """One cursor for each interval. All methods raise redis' errors, and go on afterwards."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._cursors: dict[Interval, str] = {}

    async def recent(self, interval: Interval, count: int) -> list[BarsClosed]:
        """The last bars of the stream, ascending; `read` goes on behind them."""
        answer = await self._redis.xrevrange(keys.bars(interval), count=count)
        entries = cast("Entries", answer)
        if interval not in self._cursors:
            self._cursors[interval] = entries[0][0].decode() if entries else "0-0"
        found = (decode(fields[_FIELD]) for _, fields in reversed(entries))
        return [closed for closed in found if closed is not None]

    def forget(self, wanted: set[Interval]) -> None:
        """Stop reading intervals that are not wanted."""
        self._cursors = {i: cursor for i, cursor in self._cursors.items() if i in wanted}

    async def read(self, block_ms: int, also: list[str]) -> tuple[list[bytes], list[bytes | None]]:
        """New bars, not yet decoded, empty when none came in time; and the values of other keys as
        they were when the bars came: Redis answers the second question after the first, so both
        cost one round trip. At least one interval is read.
        """
        streams: dict[KeyT, int | bytes | str | memoryview[int]] = {
            keys.bars(interval): cursor for interval, cursor in self._cursors.items()
        }
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.xread(streams, block=block_ms, count=256)
            if also:
                pipe.mget(also)
            answer, *values = await pipe.execute()
        found: list[bytes] = []
        by_key = {keys.bars(interval).encode(): interval for interval in self._cursors}
        for key, entries in cast("list[tuple[bytes, Entries]]", answer):
            self._cursors[by_key[key]] = entries[-1][0].decode()
            found.extend(fields[_FIELD] for _, fields in entries)
        return found, values[0] if values else []

    @property
    def reading(self) -> bool:
        return bool(self._cursors)
