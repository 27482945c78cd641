"""How like the examples of each intent a text is: kernel ridge regression over embeddings.

Every intent has a score near 1 among its own examples and near 0 among the others', so examples of
one intent that lie near those of another weigh against each other, which a nearest example alone
cannot do. (Rifkin, Yeo, Poggio: Regularized Least-Squares Classification, 2003.)
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256

import numpy as np
import numpy.typing as npt
from redis.asyncio import Redis

from ai_pod.agents.chatbot.examples import Intent, examples
from ai_pod.agents.chatbot.question import normalised
from ai_pod.contracts import keys
from ai_pod.memory.embeddings import DIMENSIONS, MODEL, Embedder, Vectors

SHARPNESS = 2.0
RIDGE = 0.2
"""Both by leave-one-out over the shipped examples."""

KEPT = timedelta(days=30)


class Likeness:
    """Fitted at once; n examples cost the solution of n linear equations (1,500: 0.2 CPU-s)."""

    def __init__(self, intents: Sequence[Intent], vectors: Vectors) -> None:
        self._order = tuple(dict.fromkeys(intents))
        self._vectors = vectors
        wanted = np.array([[one is intent for intent in self._order] for one in intents], float)
        kernel = self._kernel(vectors)
        self._weights = np.linalg.solve(kernel + RIDGE * np.eye(len(intents)), wanted)

    def scores(self, vectors: Vectors) -> list[dict[Intent, float]]:
        """For each of (n, 384) unit vectors, every intent's score."""
        found = self._kernel(vectors) @ self._weights
        return [dict(zip(self._order, row, strict=True)) for row in found.tolist()]

    def _kernel(self, vectors: Vectors) -> npt.NDArray[np.float64]:
        """(n, 384) → (n, examples): one where they are equal, falling with the angle."""
        cosines = (vectors @ self._vectors.T).astype(np.float64)
        return np.exp(SHARPNESS * (cosines - 1.0))


async def learn(redis: Redis, embedder: Embedder) -> Likeness:
    """Fitted to the shipped examples. Their embeddings cost 4 CPU-s, so they are kept in Redis for
    every later start.
    """
    known = examples()
    texts = [normalised(text) for _, text in known]
    key = keys.vectors(f"examples:{sha256(repr((MODEL, texts)).encode()).hexdigest()}")
    stored = await redis.get(key)
    if stored is None:
        vectors = await asyncio.to_thread(embedder.embed, texts)
        await redis.set(key, vectors.tobytes(), ex=KEPT)
    else:
        vectors = np.frombuffer(stored, np.float32).reshape(len(texts), DIMENSIONS)
    return await asyncio.to_thread(Likeness, [intent for intent, _ in known], vectors)
