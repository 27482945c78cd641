"""Redis streams with one field a message: reading them, and consuming them in a group so that an
entry is worked on until somebody acknowledges it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias, cast

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from market.keys import FIELD

Entry: TypeAlias = tuple[str, bytes]
"""(id, message as JSON)."""

FIRST = "0-0"


@lru_cache(maxsize=4_096)
def place(entry: str) -> tuple[int, int]:
    """An entry's id as numbers, to be compared: for every socket the same few again and again."""
    ms, _, number = entry.partition("-")
    return int(ms), int(number or 0)


async def after(redis: Redis, stream: str, entry: str, *, count: int = 1_000) -> list[Entry]:
    """Entries later than `entry`, oldest first."""
    return _entries(await redis.xrange(stream, min=f"({entry}", max="+", count=count))


async def newest(redis: Redis, stream: str, *, count: int) -> list[Entry]:
    """The last `count` entries, oldest first."""
    return _entries(await redis.xrevrange(stream, count=count))[::-1]


async def last_id(redis: Redis, stream: str) -> str:
    """The id of the last entry that is there; `0-0` when there is none."""
    last = await newest(redis, stream, count=1)
    return last[-1][0] if last else FIRST


async def holds(redis: Redis, stream: str, entry: str) -> bool:
    """Whether the entry is still there."""
    return bool(await redis.xrange(stream, min=entry, max=entry, count=1))


async def was_trimmed(redis: Redis, stream: str) -> bool:
    """Whether entries have been dropped since the stream began."""
    if not await redis.exists(stream):
        return False
    about: Any = await redis.xinfo_stream(stream)
    return int(about["entries-added"]) > int(about["length"])


async def read(
    redis: Redis, positions: dict[str, str], *, block_ms: int, count: int = 500
) -> dict[str, list[Entry]]:
    """What came after each stream's position, waiting up to `block_ms` for something."""
    reply = await redis.xread(cast("dict[Any, Any]", positions), count=count, block=block_ms)
    return {_text(name): _entries(entries) for name, entries in _pairs(reply)}


@dataclass(frozen=True)
class Group:
    """A consumer group on one stream, made anew when Redis has lost it."""

    redis: Redis
    stream: str
    name: str
    consumer: str

    async def fresh(self, *, block_ms: int, count: int) -> list[Entry]:
        """Entries that no consumer has been given yet; from now on they are pending with us."""
        return await self._read(">", block_ms, count)

    async def pending(self, *, count: int) -> list[Entry]:
        """Entries that were given to us and are not acknowledged."""
        return await self._read("0", None, count)

    async def claimed(self, *, idle_ms: int, count: int) -> list[Entry]:
        """Entries that another consumer was given and has left alone for so long: now ours."""
        try:
            reply: Any = await self.redis.xautoclaim(
                self.stream, self.name, self.consumer, idle_ms, start_id=FIRST, count=count
            )
        except ResponseError as error:
            await self._make(error)
            return []
        return _entries(reply[1])

    async def acknowledge(self, entries: Sequence[str]) -> None:
        if entries:
            await self.redis.xack(self.stream, self.name, *entries)

    async def trim(self, *, keep: int) -> None:
        """Drop what every consumer is done with, but keep the newest `keep`."""
        if await self.redis.xlen(self.stream) <= keep:
            return
        groups: Any = await self.redis.xinfo_groups(self.stream)
        pending: Any = await self.redis.xpending(self.stream, self.name)
        read = [_text(group["last-delivered-id"]) for group in groups]
        waiting = [_text(pending["min"])] if pending["min"] else []
        kept = await newest(self.redis, self.stream, count=keep)
        oldest = min([*read, *waiting, kept[0][0]], key=place)
        await self.redis.xtrim(self.stream, minid=oldest)

    async def _read(self, since: str, block_ms: int | None, count: int) -> list[Entry]:
        try:
            reply = await self.redis.xreadgroup(
                self.name, self.consumer, {self.stream: since}, count=count, block=block_ms
            )
        except ResponseError as error:
            await self._make(error)
            return []
        return [entry for _, entries in _pairs(reply) for entry in _entries(entries)]

    async def _make(self, error: ResponseError) -> None:
        if "NOGROUP" not in str(error):
            raise error
        try:
            await self.redis.xgroup_create(self.stream, self.name, id=FIRST, mkstream=True)
        except ResponseError as other:
            if "BUSYGROUP" not in str(other):
                raise


def _pairs(reply: Any) -> Iterable[tuple[Any, Any]]:
    """RESP2 answers a list of pairs, RESP3 a mapping whose values are lists of lists."""
    if isinstance(reply, dict):
        return [(name, entries) for name, lists in reply.items() for entries in lists]
    return cast("Iterable[tuple[Any, Any]]", reply or [])


def _entries(reply: Any) -> list[Entry]:
    """An entry that was trimmed while it was pending has no fields any more: it is left out."""
    field = FIELD.encode()
    return [(_text(name), fields[field]) for name, fields in reply or [] if fields]


def _text(name: bytes | str) -> str:
    return name.decode() if isinstance(name, bytes) else name
