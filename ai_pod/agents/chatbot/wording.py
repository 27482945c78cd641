"""What words texts share: a text as a unit vector over its words and its pairs of them, where rare
ones count for more (tf-idf). What is alike in meaning but not in words is the embeddings'.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class Wording:
    """Words and pairs of the texts given; those of other texts that are not among them are none."""

    def __init__(self, texts: Sequence[str]) -> None:
        found = [_terms(text) for text in texts]
        often = Counter(term for terms in found for term in terms)
        self._places = {term: place for place, term in enumerate(often)}
        self._rare = 1 + np.log((1 + len(found)) / (1 + np.array(list(often.values()))))
        self._of_texts = found

    def rows(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """(texts, words and pairs)"""
        rows = np.zeros((len(texts), len(self._places)), np.float32)
        for row, text in zip(rows, texts, strict=True):
            places = [self._places[term] for term in _terms(text) if term in self._places]
            entries = self._rare[places]
            row[places] = entries / max(float(np.linalg.norm(entries)), 1e-9)
        return rows

    def spread(self, weights: Floats) -> Floats:
        """Weights (n, k) of the texts given, on their words and pairs: rows(texts).T @ weights, but
        without the many noughts.
        """
        lengths = [len(terms) for terms in self._of_texts]
        places = np.array([self._places[term] for terms in self._of_texts for term in terms])
        texts = np.repeat(np.arange(len(lengths)), lengths)
        squares = np.bincount(texts, self._rare[places] ** 2, len(lengths))
        entries = self._rare[places] / np.sqrt(squares[texts])
        columns = [
            np.bincount(places, entries * one[texts], len(self._places)) for one in weights.T
        ]
        return np.stack(columns, axis=1)


def _terms(text: str) -> list[str]:
    """Each once, in an order that does not change from run to run."""
    words = text.split()
    pairs = (f"{one} {other}" for one, other in zip(["<", *words], [*words, ">"], strict=True))
    return list(dict.fromkeys((*words, *pairs)))
