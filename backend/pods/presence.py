"""Who is connected: a key in Redis for each desk, renewed by the live socket while it is open."""

from collections.abc import Sequence

from redis.asyncio import Redis

from backend import keys

LIFE_SECONDS = 60
RENEW_SECONDS = 20
"""How often the live socket renews it."""


async def connected(redis: Redis, desk: str) -> None:
    """Somebody is connected to the desk, now and for the next minute."""
    await redis.set(keys.presence(desk), b"1", ex=LIFE_SECONDS)


async def note(redis: Redis, desks: Sequence[str]) -> None:
    """Somebody is connected to each of the desks, now and for the next minute."""
    async with redis.pipeline(transaction=False) as pipe:
        for desk in desks:
            pipe.set(keys.presence(desk), b"1", ex=LIFE_SECONDS)
        await pipe.execute()


async def present(redis: Redis, desks: Sequence[str]) -> set[str]:
    """Those among the desks that somebody is connected to."""
    if not desks:
        return set()
    values = await redis.mget([keys.presence(desk) for desk in desks])
    return {desk for desk, value in zip(desks, values, strict=True) if value is not None}
