"""A mark in the prompt that no answer may hold, and the instructions' own words beside it.

What a model says is compared as its letters and digits alone, so spelling the mark out, turning it
round or encoding it does not hide it.
"""

import base64
import re
import secrets
from collections.abc import Iterable

from ai_pod.agents.chatbot.letters import skeleton

LENGTH = 16
SHINGLE = 8
"""So many of the instructions' words in a row are a leak."""

_LETTERS = "abcdefghijkmnopqrstuvwxyz"


def new_canary() -> str:
    """Letters alone, so that it is no number."""
    return "".join(secrets.choice(_LETTERS) for _ in range(LENGTH))


class Secrets:
    """What a turn's prompt holds that is not for its reader. `known` may be quoted."""

    def __init__(self, canary: str, instructions: str, known: Iterable[str]) -> None:
        self.canary = canary
        mark = _squeezed(canary)
        self._marks = (
            mark,
            mark[::-1],
            mark.encode().hex(),
            _squeezed(base64.b64encode(canary.encode()).decode().rstrip("="))[:-1],
            _rot13(mark),
        )
        quotable = {one for text in known for one in _shingles(text)}
        self._shingles = frozenset(_shingles(instructions)) - quotable

    def leaked(self, text: str) -> bool:
        """Whether `text`, all that would be shown, holds the mark or the instructions."""
        squeezed = _squeezed(text)
        if any(mark in squeezed for mark in self._marks):
            return True
        return not self._shingles.isdisjoint(_shingles(text))


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", skeleton(text))


def _rot13(text: str) -> str:
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    return text.translate(str.maketrans(alphabet, alphabet[13:] + alphabet[:13]))


def _shingles(text: str) -> Iterable[str]:
    words = re.findall(r"\w+", skeleton(text))
    return (" ".join(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1))
