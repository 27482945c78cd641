"""What words texts share: a text as a unit vector over its words and its pairs of them, where rare
ones count for more (tf-idf). What is alike in meaning but not in words is the embeddings'.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt


class Wording:
    """Words and pairs of the texts given; those of other texts that are not among them are none."""

    def __init__(self, texts: Iterable[str]) -> None:
        found = [set(_terms(text)) for text in texts]
        often = Counter(term for terms in found for term in terms)
        self._places = {term: place for place, term in enumerate(sorted(often))}
        self._rare = np.array([1 + np.log((1 + len(found)) / (1 + often[t])) for t in self._places])

    def __len__(self) -> int:
        return len(self._places)

    def shares(self, text: str) -> tuple[list[int], npt.NDArray[np.float64]]:
        """The places of the text's words and pairs, and the unit vector's entries there."""
        places = sorted({self._places[term] for term in _terms(text) if term in self._places})
        entries = self._rare[places]
        return places, entries / max(float(np.linalg.norm(entries)), 1e-9)

    def rows(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """(texts, words and pairs)"""
        rows = np.zeros((len(texts), len(self)), np.float32)
        for row, text in zip(rows, texts, strict=True):
            places, entries = self.shares(text)
            row[places] = entries
        return rows


def _terms(text: str) -> Iterator[str]:
    words = text.split()
    yield from words
    yield from (f"{one} {other}" for one, other in zip(["<", *words], [*words, ">"], strict=True))
