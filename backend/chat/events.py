"""A run's events: a Redis stream that one back end writes and any back end serves, resumably.

Each entry names the epoch of its writer: once a later one has written, or the last event is there,
an earlier one is refused.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable

import msgspec
from redis.asyncio import Redis

from ai_pod.contracts import keys
from ai_pod.contracts.chat import RunEvent, RunEventKind
from backend.errors import Invalid
from backend.state import BLOCK_MS

LIFE_SECONDS = 3600
LONGEST_SILENCE_SECONDS = 180.0
"""A run that says nothing for so long is given up by whoever reads it."""

TERMINAL = frozenset({RunEventKind.DONE, RunEventKind.ERROR})
BEGINNING = "0-0"

_ID = re.compile(r"\d{1,20}-\d{1,20}")

# KEYS stream; ARGV event, epoch, its field's name, life in seconds, 1 if it is the last, 1 if the
# stream may begin. One that is gone was lost or deleted: nobody goes on in it.
_APPEND = """
    local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
    if not newest and ARGV[6] == '0' then return 0 end
    if newest then
        local entry = {}
        for at = 1, #newest[2], 2 do entry[newest[2][at]] = newest[2][at + 1] end
        if entry['last'] or tonumber(entry['epoch'] or 0) > tonumber(ARGV[2]) then return 0 end
    end
    local fields = {ARGV[3], ARGV[1], 'epoch', ARGV[2]}
    if ARGV[5] == '1' then fields[5], fields[6] = 'last', '1' end
    redis.call('XADD', KEYS[1], '*', unpack(fields))
    redis.call('EXPIRE', KEYS[1], ARGV[4])
    return 1
"""


class RunLost(Exception):
    """The run is another's by now, or has ended, or its stream is gone."""


class RunWriter:
    """Writes a run's events as the holder of one epoch."""

    def __init__(self, redis: Redis, run: str, epoch: int) -> None:
        self._append = redis.register_script(_APPEND)
        self._run = run
        self._epoch = epoch
        self._begun = False

    async def append(self, event: RunEvent) -> None:
        """Raises RunLost where it may not."""
        last = event.kind in TERMINAL
        begins = last or not self._begun
        text = msgspec.json.encode(event)
        written = await self._append(
            keys=[keys.run(self._run)],
            args=[text, self._epoch, keys.FIELD, LIFE_SECONDS, int(last), int(begins)],
        )
        if not written:
            raise RunLost(self._run)
        self._begun = True


async def ended(redis: Redis, run: str) -> bool:
    """Whether the stream's last event is terminal."""
    last = _pairs(await redis.xrevrange(keys.run(run), count=1))
    return bool(last) and _decode(last[0][1]).kind in TERMINAL


End = Callable[[], Awaitable[RunEvent | None]]
"""The last event of a run that has ended; None while it goes on."""


Place = tuple[str | None, RunEvent | None]
"""An event with its id, where it has one; None for silence."""


async def follow(
    redis: Redis, run: str, after: str = BEGINNING, *, end: End
) -> AsyncGenerator[Place]:
    """The events after the id `after`, until the terminal one; in silence `end` is asked for that,
    since a stream can be lost, and None says that nothing came.
    """
    last, silent_since = None, asyncio.get_running_loop().time()
    while asyncio.get_running_loop().time() - silent_since < LONGEST_SILENCE_SECONDS:
        # Whatever was written before the run ended is there by now, and comes first.
        wait = None if last else BLOCK_MS
        entries = _entries(await redis.xread({keys.run(run): after}, count=200, block=wait))
        if not entries:
            if last is None:
                last = await end()
                if last is None:
                    yield None, None
                continue
            yield None, last
            return
        silent_since = asyncio.get_running_loop().time()
        for entry, fields in entries:
            after = entry.decode()
            event = _decode(fields)
            yield after, event
            if event.kind in TERMINAL:
                return
    yield None, RunEvent(kind=RunEventKind.ERROR, data={"code": "silent", "detail": _SILENT})


async def serve(
    redis: Redis, run: str, after: str = BEGINNING, *, end: End
) -> AsyncIterator[bytes]:
    """`follow`, as server-sent events."""
    async for event_id, event in follow(redis, run, after, end=end):
        yield STILL_WORKING if event is None else encode(event, event_id)


STILL_WORKING = b": still working\n\n"
"""A comment, so that nobody in between takes the silence for an end."""

_SILENT = "the answer stopped coming; ask again"


def encode(event: RunEvent, event_id: str | None = None) -> bytes:
    """The event in the form of `text/event-stream`."""
    name = b"" if event_id is None else f"id: {event_id}\n".encode()
    data = msgspec.json.encode(event.data)
    return b"%bevent: %b\ndata: %b\n\n" % (name, event.kind.encode(), data)


def parse_id(last_event_id: str | None) -> str:
    """Where to go on from. Raises Invalid for an id that is none of ours."""
    if last_event_id is None:
        return BEGINNING
    if not _ID.fullmatch(last_event_id):
        raise Invalid(f"{last_event_id!r} is no event id of ours", code="invalid_event_id")
    return last_event_id


Fields = dict[bytes, bytes]


def _entries(found: object) -> list[tuple[bytes, Fields]]:
    """XREAD's answer for one stream, in either version of Redis' protocol."""
    if isinstance(found, dict):
        return [entry for chunks in found.values() for chunk in chunks for entry in _pairs(chunk)]
    streams = _pairs(found)
    return _pairs(streams[0][1]) if streams else []


def _pairs(found: object) -> list[tuple[bytes, Fields]]:
    assert found is None or isinstance(found, list)
    pairs: list[tuple[bytes, Fields]] = found or []
    return pairs


def _decode(fields: Fields) -> RunEvent:
    return msgspec.json.decode(fields[keys.FIELD.encode()], type=RunEvent)
