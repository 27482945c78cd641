"""Answers of models, kept for whoever asks the same question of the same data again: exactly the
same, and the same user.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Self

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ai_pod.agents.chatbot.facts import FactBook
from ai_pod.agents.chatbot.safety.advice import POLICY
from ai_pod.contracts import keys
from ai_pod.contracts.chat import ReplyRequest, Turn
from market.words import Word

LIFE_SECONDS = 3600
MOST_ANSWERS = 200
"""Of one user; when there are more, all are forgotten."""

logger = structlog.get_logger()


class Asking(Word, frozen=True, kw_only=True):
    """All that an answer depends on. `data` is the version of the desk's data: a digest of the
    facts and passages that were found for the question, values and units, but not their time.
    """

    user: str
    organisation: str
    desk: str
    instructions: int
    policy: int
    model: str
    data: str
    history: tuple[Turn, ...]
    question: str
    zone: str

    @classmethod
    def of(cls, request: ReplyRequest, instructions: int, model: str, book: FactBook) -> Self:
        return cls(
            user=request.user,
            organisation=request.organisation,
            desk=request.desk,
            instructions=instructions,
            policy=POLICY.version,
            model=model,
            data=data_version(book),
            history=request.history,
            question=request.text,
            zone=request.zone,
        )

    @property
    def digest(self) -> str:
        return sha256(msgspec.json.encode(self)).hexdigest()


class Kept(Word, frozen=True, kw_only=True):
    """An answer's sentences, with references instead of values; `user` is whose it is."""

    user: str
    lines: tuple[str, ...]
    written_by: str


class Answers:
    """Kept in Redis, for an hour. Without Redis nothing is found and nothing kept."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self.hits = 0

    async def find(self, asking: Asking) -> Kept | None:
        try:
            data = await self._redis.hget(keys.answers(asking.user), asking.digest)
        except (RedisError, OSError) as error:
            logger.warning("answers_away", error=str(error))
            return None
        kept = msgspec.json.decode(data, type=Kept) if data else None
        if kept is None or kept.user != asking.user:
            return None
        self.hits += 1
        return kept

    async def keep(self, asking: Asking, lines: Sequence[str], written_by: str) -> None:
        kept = Kept(user=asking.user, lines=tuple(lines), written_by=written_by)
        key = keys.answers(asking.user)
        try:
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.hset(key, asking.digest, msgspec.json.encode(kept))
                pipe.expire(key, LIFE_SECONDS, nx=True)
                pipe.hlen(key)
                *_, held = await pipe.execute()
            if held > MOST_ANSWERS:
                await self._redis.delete(key)
        except (RedisError, OSError) as error:
            logger.warning("answers_away", error=str(error))


def data_version(book: FactBook) -> str:
    """Differs as soon as a fact or a passage does that an answer may refer to."""
    facts = [(name, one.label, one.value, one.unit) for name, one in book.facts.items()]
    passages = [(name, one.id, one.content_hash) for name, one in book.passages.items()]
    return sha256(msgspec.json.encode((facts, passages))).hexdigest()
