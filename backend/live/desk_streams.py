"""The reader of the connected desks' durable streams, and of the streams' epoch."""

import asyncio
import time
import uuid

import msgspec
import structlog
from redis.asyncio import Redis

from ai_pod.contracts import keys
from ai_pod.contracts.live import Frame
from backend import streams
from backend.live.hub import Hub

BLOCK_MS = 100
PAUSE_SECONDS = 0.01
"""After something came: what comes meanwhile is read with it, however many desks there are."""

IDLE_SECONDS = 0.1
EPOCH_SECONDS = 1.0
MOST_MISSED = 2_500
"""More than a desk's stream holds."""

logger = structlog.get_logger()


async def follow(redis: Redis, hub: Hub) -> None:
    """Deliver every connected desk's frames for ever. Raises redis' errors; start it again."""
    looked_at = 0.0
    while True:
        if time.monotonic() - looked_at > EPOCH_SECONDS:
            await check_epoch(redis, hub)
            looked_at = time.monotonic()
        desks = {keys.live(desk): desk for desk in hub.channels}
        if not desks:
            await asyncio.sleep(IDLE_SECONDS)
            continue
        positions = {name: hub.channels[desk].position for name, desk in desks.items()}
        got = await streams.read(redis, positions, block_ms=BLOCK_MS)
        for name, entries in got.items():
            for entry, message in entries:
                deliver(hub, desks[name], entry, message)
        if got:
            await asyncio.sleep(PAUSE_SECONDS)


def deliver(hub: Hub, desk: str, entry: str, message: bytes) -> None:
    """One entry; one that nobody can read is left out and logged."""
    try:
        frame = msgspec.json.decode(message, type=Frame)
    except msgspec.DecodeError:
        logger.exception("frame_unreadable", desk=desk, entry=entry)
        return
    hub.on_entry(desk, entry, frame)


async def check_epoch(redis: Redis, hub: Hub) -> bool:
    """Read the streams' epoch, or begin one; True when it is another than before."""
    made = uuid.uuid4().hex
    stored = await redis.set(keys.live_epoch(), made, nx=True, get=True)
    epoch = stored.decode() if isinstance(stored, bytes) else made
    if epoch == hub.epoch:
        return False
    names = list(hub.channels)
    positions = {desk: await streams.last_id(redis, keys.live(desk)) for desk in names}
    hub.on_lost_stream(epoch, positions)
    return True


async def missed(redis: Redis, desk: str, since: str) -> list[streams.Entry] | None:
    """Entries after `since`; None when nobody can say any more whether that is all."""
    key = keys.live(desk)
    entries = await streams.after(redis, key, since, count=MOST_MISSED)
    if await streams.holds(redis, key, since):
        return entries
    untouched = since == streams.FIRST and not await streams.was_trimmed(redis, key)
    return entries if untouched else None
