"""The words that the examples and the shipped passages know, and misspelt words made theirs."""

import re
from collections import Counter
from collections.abc import Collection, Iterable

from ai_pod.agents.chatbot.examples import Intent
from ai_pod.agents.chatbot.likeness import asked
from ai_pod.agents.chatbot.question import WEEKDAYS
from ai_pod.memory.embeddings import Embedder
from ai_pod.memory.shipped import Passage
from ai_pod.memory.vectors import STOP_WORDS

_WORDS = re.compile(r"[a-z0-9&]+")
_TYPED = re.compile(r"(?<![\w:&'’.])[A-Za-z]{3,}(?![\w:&'’])")
_DAYS = ("today", "tomorrow", "yesterday", "tonight", *WEEKDAYS)

SHORT = 4
"""Words up to here are mended only if a letter was left out or two were swapped."""

LONG = 8
"""Words from here on may have two mistakes."""


class Vocabulary:
    """What outside examples alone say is not known: those name what nobody here knows."""

    def __init__(self, embedder: Embedder, passages: Iterable[Passage]) -> None:
        self._embedder = embedder
        answered = (
            text for intent, text in zip(*asked(), strict=True) if intent is not Intent.OUTSIDE
        )
        self._often = Counter(word for text in answered for word in _WORDS.findall(text))
        self._often.update(_DAYS)
        shipped = (_WORDS.findall(passage.searched.lower()) for passage in passages)
        self._stems = {stem(word) for word in self._often}
        self._stems.update(stem(word) for words in shipped for word in words)

    def knows(self, word: str) -> bool:
        """`word` in lower case, or another form of it."""
        return word in STOP_WORDS or stem(word) in self._stems

    def unknown(self, text: str) -> list[str]:
        """Words of `text`, in lower case, that nothing here knows."""
        return [word for word in _WORDS.findall(text) if not self.knows(word)]

    def mended(self, text: str, names: Collection[str]) -> str:
        """`text` with misspelt words as they are known. `names` are those of instruments, in lower
        case. A word that the language has is not misspelt.
        """
        return _TYPED.sub(lambda match: self._mended(match.group(), names), text)

    def _mended(self, typed: str, names: Collection[str]) -> str:
        word = typed.lower()
        if typed.isupper() or word in names or self.knows(word) or self._embedder.is_word(word):
            return typed
        known = (one for one in (*self._often, *names) if one[0] == word[0] and len(one) > 2)
        near = [(slips, -self._often[one], one) for one in known if (slips := _slips(word, one))]
        return min(near)[2] if near else typed


def _slips(typed: str, meant: str) -> int:
    """How many slips of the hand lead from `meant` to `typed`; nought if they are too many."""
    most = 2 if len(typed) >= LONG else 1
    if abs(len(meant) - len(typed)) > most:
        return 0
    if len(typed) <= SHORT and typed not in _swapped_or_left_out(meant):
        return 0
    distance = _distance(typed, meant)
    return distance if distance <= most else 0


def _swapped_or_left_out(meant: str) -> set[str]:
    return {meant[:at] + meant[at + 1 :] for at in range(len(meant))} | {
        meant[:at] + meant[at + 1] + meant[at] + meant[at + 2 :] for at in range(len(meant) - 1)
    }


def _distance(one: str, other: str) -> int:
    """Optimal string alignment: letters put in, left out, replaced, or swapped with the next."""
    rows = [list(range(len(other) + 1))]
    for i, left in enumerate(one, 1):
        row = [i]
        for j, right in enumerate(other, 1):
            row.append(min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (left != right)))
            if i > 1 and j > 1 and (left, one[i - 2]) == (other[j - 2], right):
                row[-1] = min(row[-1], rows[-2][j - 2] + 1)
        rows.append(row)
    return rows[-1][-1]


def stem(word: str) -> str:
    """A crude stem, good enough to recognise a word's other forms."""
    for suffix in ("ing", "ed", "es", "s", "e"):
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            return word.removesuffix(suffix)
    return word
