"""How language models have done, over all pods: counted in Redis by the chatbots, who choose by it.

People's thumbs come from the backend, and so does the end of a rollback.
"""

from collections.abc import Sequence
from decimal import Decimal

from redis.asyncio import Redis

from ai_pod.contracts import keys
from market.words import Word


class Standing(Word, frozen=True, kw_only=True):
    """One model's answers so far. `first_token_ms` and `usd` are sums over those that it gave."""

    asked: int = 0
    failed: int = 0
    ungrounded: int = 0
    answered: int = 0
    first_token_ms: int = 0
    nano_usd: int = 0
    up: int = 0
    down: int = 0

    @property
    def bad(self) -> int:
        """Requests that failed, or stated what nothing entails."""
        return min(self.asked, self.failed + self.ungrounded)

    @property
    def mean_seconds(self) -> float:
        return self.first_token_ms / 1000 / self.answered if self.answered else 0.0

    @property
    def mean_usd(self) -> float:
        return float(Decimal(self.nano_usd) / 10**9) / self.answered if self.answered else 0.0


NEW = Standing()


class Standings:
    """Reads and adds to what is counted. Redis' errors pass through."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def of(self, models: Sequence[str]) -> dict[str, Standing]:
        async with self._redis.pipeline(transaction=False) as pipe:
            for model in models:
                pipe.hgetall(keys.model_standing(model))
            found = await pipe.execute()
        return {model: _read(counts) for model, counts in zip(models, found, strict=True)}

    async def models(self) -> list[str]:
        """The models that have been asked, by name."""
        names = await self._redis.smembers(keys.models())
        return sorted(name.decode() for name in names if isinstance(name, bytes))

    async def add(self, model: str, **counts: int) -> None:
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.sadd(keys.models(), model)
            for name, by in counts.items():
                if by:
                    pipe.hincrby(keys.model_standing(model), name, by)
            await pipe.execute()

    async def rate(self, model: str, *, up: int, down: int) -> None:
        """What people think of the model's answers, whole."""
        await self._redis.hset(keys.model_standing(model), mapping={"up": up, "down": down})

    async def rolled_back(self, model: str) -> str | None:
        """Why the canary was taken back, if it was."""
        why = await self._redis.hget(keys.models_rolled_back(), model)
        return why.decode() if isinstance(why, bytes) else None

    async def roll_back(self, model: str, why: str) -> bool:
        """Take the canary out everywhere; whether this was the first to do so."""
        return bool(await self._redis.hsetnx(keys.models_rolled_back(), model, why))

    async def forgive(self, model: str) -> None:
        """Let a canary that was taken back begin anew, without its counts."""
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.delete(keys.model_standing(model))
            pipe.hdel(keys.models_rolled_back(), model)
            await pipe.execute()


def _read(counts: dict[bytes, bytes]) -> Standing:
    known = {name.decode(): int(value) for name, value in counts.items()}
    return Standing(**{name: known.get(name, 0) for name in Standing.__struct_fields__})
