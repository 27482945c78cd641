"""Answers that say what a word of the product means, kept for everybody: they rest on one shipped
passage, and the question holds no word but the passage's own and those that one asks with.

Likeness alone does not tell such questions apart (`test_definitions.py`): the words must be the
same, and likeness confirms it.
"""

import asyncio
from collections.abc import Sequence

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ai_pod.agents.chatbot.facts import FactBook
from ai_pod.agents.chatbot.question import normalised
from ai_pod.agents.chatbot.routing.answers import LIFE_SECONDS, Asking
from ai_pod.agents.chatbot.vocabulary import stem
from ai_pod.contracts import keys
from ai_pod.memory.embeddings import Embedder
from ai_pod.memory.shipped import PUBLIC, Passage
from market.words import Word

LIKE = 0.75
MOST_WORDS = 4

_ASKING = """
what is are was an a the explain define definition describe mean means meaning meant by of does do
tell me about please exactly you s
"""
ASKING_WORDS = frozenset(_ASKING.split())

logger = structlog.get_logger()


class Definition(Word, frozen=True, kw_only=True):
    """An answer's sentences; `passage` is the digest of the text that they rest on."""

    question: str
    passage: str
    lines: tuple[str, ...]
    written_by: str


class Definitions:
    """Kept in Redis, for an hour. Without Redis nothing is found and nothing kept."""

    def __init__(self, redis: Redis, embedder: Embedder) -> None:
        self._redis = redis
        self._embedder = embedder
        self.hits = 0

    async def find(self, asking: Asking, book: FactBook) -> Definition | None:
        passage = public_passage(asking, book)
        if passage is None:
            return None
        try:
            data = await self._redis.hget(*_place(asking, passage))
        except (RedisError, OSError) as error:
            logger.warning("definitions_away", error=str(error))
            return None
        kept = msgspec.json.decode(data, type=Definition) if data else None
        if kept is None or kept.passage != passage.content_hash:
            return None
        if await asyncio.to_thread(self.likeness, kept.question, asking.question) < LIKE:
            return None
        self.hits += 1
        return kept

    async def keep(
        self, asking: Asking, book: FactBook, lines: Sequence[str], written_by: str
    ) -> None:
        """Keep the answer if the question is everybody's; else nothing happens."""
        passage = public_passage(asking, book)
        if passage is None:
            return
        kept = Definition(
            question=asking.question,
            passage=passage.content_hash,
            lines=tuple(lines),
            written_by=written_by,
        )
        key, field = _place(asking, passage)
        try:
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.hset(key, field, msgspec.json.encode(kept))
                pipe.expire(key, LIFE_SECONDS, nx=True)
                await pipe.execute()
        except (RedisError, OSError) as error:
            logger.warning("definitions_away", error=str(error))

    def likeness(self, one: str, other: str) -> float:
        """The cosine of the two questions. Blocks."""
        vectors = self._embedder.embed([normalised(one), normalised(other)])
        return float(vectors[0] @ vectors[1])


def public_passage(asking: Asking, book: FactBook) -> Passage | None:
    """The one shipped passage that the question asks the meaning of; None when it asks anything
    else, or says a word of its own.
    """
    passage = next(iter(book.passages.values()), None)
    if asking.history or book.facts or len(book.passages) != 1 or passage is None:
        return None
    words = content(asking.question)
    named = {stem(word) for word in normalised(f"{passage.title} {passage.also}").split()}
    meant = 0 < len(words) <= MOST_WORDS and words <= named
    return passage if meant and passage.organisation == PUBLIC else None


def content(question: str) -> frozenset[str]:
    """The stems of a question's words beside those that one asks with."""
    return frozenset(stem(word) for word in normalised(question).split()) - _ASKING_STEMS


_ASKING_STEMS = frozenset(stem(word) for word in ASKING_WORDS) | ASKING_WORDS


def _place(asking: Asking, passage: Passage) -> tuple[str, str]:
    words = " ".join(sorted(content(asking.question)))
    field = f"{asking.policy} {asking.model} {words}"
    return keys.public_answers(asking.instructions, passage.id), field
