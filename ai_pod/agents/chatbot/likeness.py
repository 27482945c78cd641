"""How like the examples of each intent a text is: kernel ridge regression on embeddings and words.

Every intent has a score near 1 among its own examples and near 0 among the others', so examples of
one intent that lie near those of another weigh against each other, which a nearest example alone
cannot do. (Rifkin, Yeo, Poggio: Regularized Least-Squares Classification, 2003.)
"""

from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ai_pod.agents.chatbot.examples import Intent, examples
from ai_pod.agents.chatbot.question import normalised
from ai_pod.agents.chatbot.wording import Wording
from ai_pod.memory.embeddings import MODEL, Embedder, Vectors

SHARPNESS = 2.0
RIDGE = 0.05
WORDS = 0.3
"""The share of the words in the kernel. All three by leave-one-out over the shipped examples."""

FITTED = Path(__file__).parent / "asked" / "fitted.npz"

Floats = npt.NDArray[np.float64]


class StaleExamples(Exception):
    """The examples have changed since they were fitted; the message says what to do."""

    def __init__(self) -> None:
        super().__init__(
            f"{FITTED.name} is of other examples: run python -m ai_pod.agents.chatbot.likeness"
        )


class Likeness:
    """Scores by n examples: their intents, texts, (n, 384) unit vectors and (n, intents) weights,
    the columns in the order of the intents' first examples.
    """

    def __init__(
        self, intents: Sequence[Intent], texts: Sequence[str], vectors: Vectors, weights: Floats
    ) -> None:
        self._order = tuple(dict.fromkeys(intents))
        self._vectors, self._weights = vectors, weights
        self._wording = Wording(texts)
        self._of_words = self._wording.spread(weights)

    def scores(self, texts: Sequence[str], vectors: Vectors) -> list[dict[Intent, float]]:
        """For each text with its unit vector, every intent's score."""
        alike = _alike(vectors, self._vectors) @ self._weights
        shared = self._wording.rows(texts) @ self._of_words
        found = (1 - WORDS) * alike + WORDS * shared
        return [dict(zip(self._order, row, strict=True)) for row in found.tolist()]


def kernel(texts: Sequence[str], vectors: Vectors) -> Floats:
    """(n, n): how alike the examples are, one on the diagonal."""
    rows = Wording(texts).rows(texts)
    return (1 - WORDS) * _alike(vectors, vectors) + WORDS * (rows @ rows.T)


def fitted(intents: Sequence[Intent], texts: Sequence[str], vectors: Vectors) -> Floats:
    """The weights (n, intents): the solution of n linear equations."""
    order = tuple(dict.fromkeys(intents))
    wanted = np.array([[one is intent for intent in order] for one in intents], float)
    return np.linalg.solve(kernel(texts, vectors) + RIDGE * np.eye(len(intents)), wanted)


def _alike(vectors: Vectors, others: Vectors) -> Floats:
    """Of unit vectors: one where they are equal, falling with the angle."""
    cosines = (vectors @ others.T).astype(np.float64)
    return np.exp(SHARPNESS * (cosines - 1.0))


@cache
def asked() -> tuple[tuple[Intent, ...], tuple[str, ...]]:
    """The shipped examples: their intents, and their texts as a question's are compared."""
    known = examples()
    return tuple(one for one, _ in known), tuple(normalised(text) for _, text in known)


def shipped() -> Likeness:
    """By the shipped examples, as they were fitted: anew they would cost half a CPU-minute.

    Raises StaleExamples.
    """
    intents, texts = asked()
    with np.load(FITTED) as stored:
        if str(stored["of"]) != _digest(intents, texts):
            raise StaleExamples
        return Likeness(intents, texts, _unit(stored["rows"]), stored["weights"].astype(float))


def ship(embedder: Embedder) -> None:
    """Fit the examples as they are now; whole numbers keep a vector's direction."""
    intents, texts = asked()
    vectors = embedder.embed(texts)
    rows = np.round(vectors * (127 / np.abs(vectors).max(axis=1, keepdims=True))).astype(np.int8)
    weights = fitted(intents, texts, _unit(rows)).astype(np.float16)
    np.savez_compressed(FITTED, rows=rows, weights=weights, of=np.array(_digest(intents, texts)))


def _unit(rows: npt.NDArray[np.int8]) -> Vectors:
    whole = rows.astype(np.float32)
    unit: Vectors = whole / np.linalg.norm(whole, axis=1, keepdims=True)
    return unit


def _digest(intents: Sequence[Intent], texts: Sequence[str]) -> str:
    shape = (MODEL, SHARPNESS, RIDGE, WORDS)
    return sha256(repr((shape, [str(one) for one in intents], texts)).encode()).hexdigest()


if __name__ == "__main__":
    ship(Embedder())
