"""A request in a person's words, taken apart: what no rule has taken in the end is not understood,
and then nothing is prepared. No model reads it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ai_pod.agents.chatbot.question import named
from ai_pod.agents.chatbot.shorthand import spelled_out
from market.words import Instrument

NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
"""A comma parts thousands only: `1,5` is no number here, rather than fifteen."""

LONGEST_NUMBER = 20
"""Characters: what is longer, decimals would round."""

_COURTESY = re.compile(
    r"^(?:(?:hey|hi|hello|ok|okay|please|kindly|now|then|and|just|(?:can|could) you|lets|let us|"
    r"i (?:want|need|would like|d like)(?: you)? to|go ahead and)\b[ ,:]*)+"
)
_THANKS = re.compile(r"\b(?:please|thanks|thank you|for me|for us|right now|right away|now)\b")
_FILLERS = frozenset(
    [
        "a",
        "an",
        "the",
        "my",
        "our",
        "of",
        "in",
        "on",
        "from",
        "own",
        "desk",
        "desks",
        "desk's",
        "me",
        "us",
    ]
)
_ASKS = frozenset(
    ["or", "should", "would", "did", "does", "do", "why", "what", "which", "how", "who", "whether"]
)
_MASKS = re.compile(r"\bi(\d+)i\b")
"""Stand for instruments: no word of the language, and no number."""


class Unclear(Exception):
    """It asks for something that cannot be prepared; the message says why and what helps. `{}` in
    it stands for `words`, which are the person's own.
    """

    def __init__(self, message: str, words: str = "") -> None:
        super().__init__(message)
        self.words = words


@dataclass
class Said:
    """A request in lower case, without courtesies, instruments masked in the order of
    `instruments`; `take` removes what has been understood.
    """

    rest: str
    instruments: tuple[str, ...]

    @classmethod
    def read(cls, text: str, served: Mapping[str, Instrument]) -> "Said | None":
        """None for what is a question by its form."""
        whole = " ".join(spelled_out(text).split())
        found: dict[str, str] = {}
        masked = named(whole, served, lambda name: found.setdefault(name, f"i{len(found)}i"))
        lowered = masked.lower().replace("’", "'").replace("i'd like", "i would like")
        plain = _COURTESY.sub("", lowered.replace("let's", "lets")).rstrip(" .!")
        polite = re.match(r"(?:please |ok |okay |hey |hi )*(?:can|could) you\b", lowered)
        if plain.endswith("?") and not polite:
            return None
        return cls(_THANKS.sub(" ", plain.rstrip("? ")), tuple(found))

    def copy(self) -> "Said":
        """To be taken apart by itself."""
        return Said(self.rest, self.instruments)

    def take(self, pattern: str) -> re.Match[str] | None:
        """The first match of `pattern`, which is no longer in `rest`."""
        match = re.search(pattern, self.rest)
        if match is not None:
            self.rest = f"{self.rest[: match.start()]} {self.rest[match.end() :]}".strip()
        return match

    def take_instrument(self) -> str | None:
        """The one instrument that is named. Raises Unclear for several."""
        if len(self.instruments) > 1:
            raise Unclear("Ask for a single thing at a time: name a single instrument.")
        self.take(_MASKS.pattern)
        return self.instruments[0] if self.instruments else None

    def left(self, fillers: str = "") -> list[str]:
        """The words that nobody has taken and that say something."""
        known = _FILLERS | set(fillers.split())
        return [word for word in self._words() if word not in known]

    def check_read(self, fillers: str = "") -> bool:
        """Whether all was understood; False where the rest makes it a question. Raises Unclear for
        any other rest.
        """
        left = self.left(fillers)
        if _ASKS.intersection(left):
            return False
        if left:
            raise Unclear(
                "I could not read “{}” in this, so nothing is prepared.", self.quoted(left)
            )
        return True

    def quoted(self, words: list[str]) -> str:
        """The words as they were written, in lower case."""
        known = dict(enumerate(self.instruments))
        return _MASKS.sub(lambda mask: known.get(int(mask.group(1)), mask.group()), " ".join(words))

    def _words(self) -> Iterator[str]:
        for word in re.findall(r"[^\s,;:!?()]+", self.rest):
            if bare := word.strip("."):
                yield bare


def amount(digits: str) -> Decimal:
    """`1,250.50` as a number. Raises Unclear for one that could not be told exactly."""
    if len(digits) > LONGEST_NUMBER:
        raise Unclear("“{}” has more digits than I read.", digits)
    return Decimal(digits.replace(",", ""))
