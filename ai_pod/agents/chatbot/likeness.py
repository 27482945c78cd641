"""How like the examples of each intent a text is: kernel ridge regression over embeddings.

Every intent has a score near 1 among its own examples and near 0 among the others', so examples of
one intent that lie near those of another weigh against each other, which a nearest example alone
cannot do. (Rifkin, Yeo, Poggio: Regularized Least-Squares Classification, 2003.)
"""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ai_pod.agents.chatbot.examples import Intent, examples
from ai_pod.agents.chatbot.question import normalised
from ai_pod.memory.embeddings import MODEL, Embedder, Vectors

SHARPNESS = 2.0
RIDGE = 0.2
"""Both by leave-one-out over the shipped examples."""

EMBEDDINGS = Path(__file__).parent / "asked" / "embeddings.npz"


class StaleEmbeddings(Exception):
    """The examples have changed since they were embedded; the message says what to do."""

    def __init__(self) -> None:
        super().__init__(
            f"{EMBEDDINGS.name} is of other examples: run python -m ai_pod.agents.chatbot.likeness"
        )


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


def asked() -> tuple[tuple[Intent, ...], tuple[str, ...]]:
    """The shipped examples: their intents, and their texts as a question's are compared."""
    known = examples()
    return tuple(one for one, _ in known), tuple(normalised(text) for _, text in known)


def shipped() -> Likeness:
    """Fitted to the shipped examples by their shipped embeddings, which would cost 4 CPU-s.

    Raises StaleEmbeddings.
    """
    intents, texts = asked()
    with np.load(EMBEDDINGS) as stored:
        if str(stored["of"]) != _digest(texts):
            raise StaleEmbeddings
        rows = stored["rows"].astype(np.float32)
    return Likeness(intents, rows / np.linalg.norm(rows, axis=1, keepdims=True))


def ship(embedder: Embedder) -> None:
    """Write the embeddings of the examples as they are now; whole numbers keep the direction."""
    _, texts = asked()
    vectors = embedder.embed(texts)
    rows = np.round(vectors * (127 / np.abs(vectors).max(axis=1, keepdims=True))).astype(np.int8)
    np.savez_compressed(EMBEDDINGS, rows=rows, of=np.array(_digest(texts)))


def _digest(texts: Sequence[str]) -> str:
    return sha256(repr((MODEL, texts)).encode()).hexdigest()


if __name__ == "__main__":
    ship(Embedder())
