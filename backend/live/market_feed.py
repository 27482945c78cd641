"""The back end's one reader of ticks and bars, for all its sockets."""

import asyncio

import msgspec
from redis.asyncio import Redis

from backend import streams
from backend.live.hub import Hub
from market import keys
from market.words import BarsClosed, Interval, Tick

TICK_SECONDS = 0.1
"""Ticks of an instrument reach a browser at most ten times a second of real time."""

BLOCK_MS = 500
IDLE_SECONDS = 0.1


async def follow_ticks(redis: Redis, hub: Hub) -> None:
    """Each instrument's last tick, when it is another, for ever. Raises redis' errors."""
    sent: dict[str, bytes] = {}
    while True:
        await asyncio.sleep(TICK_SECONDS)
        names = sorted(hub.instruments())
        if not names:
            sent.clear()
            continue
        values = await redis.hmget(keys.last_prices(), names)
        for name, value in zip(names, values, strict=True):
            if isinstance(value, bytes) and sent.get(name) != value:
                sent[name] = value
                hub.on_tick(msgspec.json.decode(value, type=Tick))


async def follow_bars(redis: Redis, hub: Hub) -> None:
    """Every closed bar that some socket wants, from now on, for ever. Raises redis' errors."""
    positions: dict[str, str] = {}
    while True:
        wanted = {keys.bars(one) for one in Interval if one in hub.intervals()}
        for name in wanted - positions.keys():
            positions[name] = await streams.last_id(redis, name)
        positions = {name: positions[name] for name in wanted}
        if not positions:
            await asyncio.sleep(IDLE_SECONDS)
            continue
        got = await streams.read(redis, positions, block_ms=BLOCK_MS)
        for name, entries in got.items():
            for entry, message in entries:
                positions[name] = entry
                for bar in BarsClosed.decode(message).bars:
                    hub.on_bar(bar)
