"""A run's events: a Redis stream that one back end writes and any back end serves, resumably."""

import asyncio
import re
from collections.abc import AsyncIterator

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


async def append(redis: Redis, run: str, event: RunEvent) -> None:
    """Add an event to the run's stream."""
    async with redis.pipeline(transaction=True) as pipe:
        pipe.xadd(keys.run(run), {keys.FIELD: msgspec.json.encode(event)})
        pipe.expire(keys.run(run), LIFE_SECONDS)
        await pipe.execute()


async def ended(redis: Redis, run: str) -> bool:
    """Whether the stream's last event is terminal."""
    last = _pairs(await redis.xrevrange(keys.run(run), count=1))
    return bool(last) and _decode(last[0][1]).kind in TERMINAL


async def serve(redis: Redis, run: str, after: str = BEGINNING) -> AsyncIterator[bytes]:
    """The events after the id `after` as server-sent events, until the terminal one."""
    silent_since = asyncio.get_running_loop().time()
    while asyncio.get_running_loop().time() - silent_since < LONGEST_SILENCE_SECONDS:
        found = await redis.xread({keys.run(run): after}, count=200, block=BLOCK_MS)
        entries = _entries(found)
        if not entries:
            yield b": still working\n\n"
            continue
        silent_since = asyncio.get_running_loop().time()
        for entry, fields in entries:
            after = entry.decode()
            event = _decode(fields)
            yield encode(event, after)
            if event.kind in TERMINAL:
                return
    yield encode(RunEvent(kind=RunEventKind.ERROR, data={"code": "silent", "detail": _SILENT}))


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
