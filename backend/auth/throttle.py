"""Sign-in attempts are counted before they are checked, so that many at once count too."""

from dataclasses import dataclass

from redis.asyncio import Redis

from backend import keys
from backend.errors import TooMany

WINDOW_SECONDS = 15 * 60


@dataclass(frozen=True)
class Allowance:
    """Attempts in the window by one person from one address, on one login, from one address."""

    pair: int = 8
    login: int = 60
    address: int = 200


async def count_attempt(
    redis: Redis, login: str, address: str, allowed: Allowance | None = None
) -> None:
    """Count one attempt. Raises TooMany once one of the three counters is above what is allowed.

    A login's counter from everywhere is higher than one person's, so that a stranger cannot lock
    its owner out with a few attempts.
    """
    allowed = allowed or Allowance()
    counters = (
        (_pair(login, address), allowed.pair),
        (keys.throttle("login", login), allowed.login),
        (keys.throttle("address", address), allowed.address),
    )
    async with redis.pipeline(transaction=True) as pipe:
        for key, _ in counters:
            pipe.incr(key)
            pipe.expire(key, WINDOW_SECONDS, nx=True)
            pipe.ttl(key)
        answers = await pipe.execute()
    for (_, most), count, left in zip(counters, answers[::3], answers[2::3], strict=True):
        if count > most:
            raise TooMany(
                "too many sign-in attempts; wait and try again",
                seconds=max(int(left), 1),
                code="too_many_attempts",
            )


async def forget_attempts(redis: Redis, login: str, address: str) -> None:
    """After a success: this person's counter starts again."""
    await redis.delete(_pair(login, address))


def _pair(login: str, address: str) -> str:
    return keys.throttle("pair", f"{login}@{address}")
