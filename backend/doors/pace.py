"""How often a key may be used: requests in a minute, counted before they are answered."""

from dataclasses import dataclass

from redis.asyncio import Redis

from backend import keys
from backend.errors import TooMany
from backend.models import KeyScope

WINDOW_SECONDS = 60
A_MINUTE: dict[KeyScope | None, int] = {KeyScope.CHAT: 30, KeyScope.READ: 120, None: 120}


@dataclass(frozen=True)
class Pace:
    """Requests that a key may make in a minute, how many are left of them, and for how long."""

    limit: int
    left: int
    seconds: int


async def count(redis: Redis, key: str, scope: KeyScope | None) -> Pace:
    """Count one request. Raises TooMany beyond the limit."""
    counter, limit = keys.throttle(f"key-{scope or 'any'}", key), A_MINUTE[scope]
    async with redis.pipeline(transaction=True) as pipe:
        pipe.incr(counter)
        pipe.expire(counter, WINDOW_SECONDS, nx=True)
        pipe.ttl(counter)
        number, _, left = await pipe.execute()
    seconds = max(int(left), 1)
    if number > limit:
        raise TooMany(
            f"a key makes {limit} such requests a minute at most; go on in {seconds} s",
            seconds=seconds,
            code="rate_limit_exceeded",
        )
    return Pace(limit, limit - number, seconds)
