"""Passages in a redisvl index, found by meaning and by words.

Every query is filtered by organisation (shipped, or one's own) before anything is compared.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, TypeVar

import numpy as np
from redis.asyncio import Redis
from redisvl.exceptions import RedisSearchError, RedisVLError
from redisvl.index import AsyncSearchIndex
from redisvl.query import FilterQuery, TextQuery, VectorQuery
from redisvl.query.filter import FilterExpression, Num, Tag

from ai_pod.contracts import keys
from ai_pod.memory.embeddings import DIMENSIONS, Embedder, Vectors
from ai_pod.memory.shipped import PUBLIC, Passage, shipped_passages
from market.words import Word

NOTES = keys.vectors("notes")

CANDIDATES = 16
TEXT_SHARE = 0.25
TITLE_SHARE = 0.15

MOST_OWN = 1_000
"""Of one organisation's own notes; the back end allows half as many."""

FIELDS = ["title", "text", "source", "organisation", "also", "instrument", "date"]

_WORDS = re.compile(r"[a-z0-9]+")

A = TypeVar("A")


class Scope(Word, frozen=True, kw_only=True):
    """What a search may see. `instruments` empty: passages of every instrument; `until`: nothing
    dated later; `shipped` False: the organisation's own alone.
    """

    organisation: str
    shipped: bool = True
    instruments: tuple[str, ...] = ()
    until: datetime | None = None

    def filter(self) -> FilterExpression:
        owners = [PUBLIC, self.organisation] if self.shipped else [self.organisation]
        allowed = Tag("owner") == [_tag(owner) for owner in owners]
        if self.instruments:
            allowed = allowed & (Tag("about") == [_tag(name) for name in ("", *self.instruments)])
        if self.until is not None:
            allowed = allowed & (Num("day") <= _day(self.until))
        return allowed


class Found(Word, frozen=True, kw_only=True):
    """`similarity` is the cosine; `score` adds what the words say, and orders the results."""

    passage: Passage
    similarity: float
    score: float


class PassageIndex:
    """The index of one Redis. `ensure` first; it is idempotent and survives a flushed Redis."""

    def __init__(self, redis: Redis, embedder: Embedder, name: str = NOTES) -> None:
        self._redis = redis
        self._embedder = embedder
        self._index = AsyncSearchIndex.from_dict(_schema(name), redis_client=redis)

    async def ensure(self, passages: Sequence[Passage] | None = None) -> int:
        """Create the index and load the passages (the shipped ones) that are not in it as they
        are; gives how many were written.
        """
        wanted = shipped_passages() if passages is None else passages
        try:
            await self._index.create(overwrite=False)
        except (RedisVLError, RedisSearchError):
            # Another pod was quicker: the index is there.
            if not await self._index.exists():
                raise
        pipeline = self._redis.pipeline(transaction=False)
        for passage in wanted:
            pipeline.hget(self._index.key(_key(passage)), "hash")
        known = await pipeline.execute()
        missing = [
            passage
            for passage, found in zip(wanted, known, strict=True)
            if found is None or found.decode() != passage.content_hash
        ]
        await self.add(missing)
        return len(missing)

    async def add(self, passages: Sequence[Passage]) -> None:
        """Write passages; one of the same organisation and id is replaced."""
        if not passages:
            return
        texts = [passage.searched for passage in passages]
        vectors = await asyncio.to_thread(self._embedder.embed, texts)
        rows = [_row(passage, vector) for passage, vector in zip(passages, vectors, strict=True)]
        await self._index.load(rows, id_field="key")

    async def revisions(self, organisation: str) -> dict[str, str]:
        """The organisation's own notes in the index: id → revision."""
        query = FilterQuery(
            filter_expression=Tag("owner") == _tag(organisation),
            return_fields=["revision", "organisation"],
            num_results=MOST_OWN,
        )
        rows = await self._filled(lambda: self._index.query(query))
        prefix = f"{self._index.prefix}:{organisation}|"
        return {row["id"].removeprefix(prefix): row.get("revision", "") for row in rows}

    async def remove(self, organisation: str, ids: Collection[str]) -> None:
        """Take passages of the organisation out."""
        if ids:
            rows = [self._index.key(f"{organisation}|{one}") for one in ids]
            await self._redis.delete(*rows)

    async def search(self, text: str, vector: Vectors, scope: Scope, limit: int = 5) -> list[Found]:
        """The passages nearest to the question `text`, whose embedding is `vector` (384,).

        A Redis that lost the index is filled again first.
        """
        return await self._filled(lambda: self._search(text, vector, scope, limit))

    async def _filled(self, act: Callable[[], Awaitable[A]]) -> A:
        try:
            return await act()
        except (RedisVLError, RedisSearchError):
            await self.ensure()
            return await act()

    async def _search(self, text: str, vector: Vectors, scope: Scope, limit: int) -> list[Found]:
        allowed = scope.filter()
        near = await self._index.query(
            VectorQuery(
                vector.tolist(),
                "embedding",
                return_fields=FIELDS,
                filter_expression=allowed,
                num_results=CANDIDATES,
            )
        )
        words = _content_words(text)
        matching = await self._matching(words, allowed) if words else {}
        return _ranked(near, matching, words)[:limit]

    async def _matching(self, words: Sequence[str], allowed: FilterExpression) -> dict[str, float]:
        """Passage key → BM25 as a share of the best."""
        query = TextQuery(
            " ".join(words),
            "searched",
            filter_expression=allowed,
            return_fields=["source"],
            num_results=CANDIDATES,
            stopwords=None,
        )
        rows = await self._index.query(query)
        scores = {row["id"]: float(row["score"]) for row in rows}
        best = max(scores.values(), default=0.0)
        return {key: score / best for key, score in scores.items()} if best else {}


def _ranked(
    near: Iterable[dict[str, Any]], matching: dict[str, float], words: Sequence[str]
) -> list[Found]:
    found = []
    for row in near:
        similarity = 1.0 - float(row["vector_distance"])
        passage = _passage(row)
        named = set(_WORDS.findall(f"{passage.title} {passage.also}".lower()))
        title = sum(word in named for word in words) / len(words) if words else 0.0
        score = similarity + TEXT_SHARE * matching.get(row["id"], 0.0) + TITLE_SHARE * title
        found.append(Found(passage=passage, similarity=similarity, score=score))
    return sorted(found, key=lambda one: -one.score)


def _passage(row: dict[str, Any]) -> Passage:
    fields = {name: row.get(name, "") for name in FIELDS}
    return Passage(id=row["id"].split(f":doc:{row['organisation']}|", 1)[1], **fields)


def _key(passage: Passage) -> str:
    return f"{passage.organisation}|{passage.id}"


def _row(passage: Passage, vector: Vectors) -> dict[str, Any]:
    day = datetime.fromisoformat(passage.date).replace(tzinfo=UTC) if passage.date else None
    return {
        "key": _key(passage),
        "title": passage.title,
        "text": passage.text,
        "also": passage.also,
        "source": passage.source,
        "organisation": passage.organisation,
        "instrument": passage.instrument,
        "owner": _tag(passage.organisation),
        "about": _tag(passage.instrument),
        "date": passage.date,
        "day": _day(day) if day else 0,
        "hash": passage.content_hash,
        "revision": passage.revision,
        "searched": passage.searched,
        "embedding": vector.astype(np.float32).tobytes(),
    }


def _tag(name: str) -> str:
    """A tag that is the same for the same name alone, and needs no escaping in a query."""
    return sha256(name.encode()).hexdigest()


def _day(moment: datetime) -> int:
    return int(moment.timestamp() // 86_400)


_STOP = """
a about am an and are as at be been by can could did do does explain for from get give had has have
how i if in into is it its many me mean means much my of on or please s shall should show so tell
that the their them there they this to us was we were what when where which who why will with would
you your
"""
STOP_WORDS = frozenset(_STOP.split())


def _content_words(text: str) -> list[str]:
    return [word for word in _WORDS.findall(text.lower()) if word not in STOP_WORDS]


def _schema(name: str) -> dict[str, Any]:
    return {
        "index": {"name": name, "prefix": f"{name}:doc", "storage_type": "hash"},
        "fields": [
            {"name": "owner", "type": "tag"},
            {"name": "about", "type": "tag"},
            {"name": "day", "type": "numeric"},
            {"name": "searched", "type": "text"},
            {
                "name": "embedding",
                "type": "vector",
                "attrs": {
                    "dims": DIMENSIONS,
                    "algorithm": "flat",
                    "distance_metric": "cosine",
                    "datatype": "float32",
                },
            },
        ],
    }
