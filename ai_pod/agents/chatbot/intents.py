"""What a question wants to know: its likeness to labelled examples.

A question that is nearer to what lies outside, or that names what nobody here knows, has no intent.
"""

import re
from collections.abc import Mapping
from datetime import datetime

import msgspec

from ai_pod.agents.chatbot.examples import Intent
from ai_pod.agents.chatbot.german.spoken import Heard, in_english
from ai_pod.agents.chatbot.likeness import Likeness
from ai_pod.agents.chatbot.question import MASK, Question, When, read, single_names
from ai_pod.agents.chatbot.shorthand import spelled_out
from ai_pod.agents.chatbot.vocabulary import Vocabulary
from ai_pod.memory.embeddings import Embedder
from market.words import Instrument, Word

LEAST = 0.15
LEAD = 0.05
"""The least score of an intent, and its least lead before what lies outside."""

LEAST_STRANGE = 0.3
LEAD_STRANGE = 0.1
"""The same for a text with words that nothing here knows. All four by leaving out the examples of a
whole file at a time: about as many are refused in error as are answered in error.
"""

NAMES = 0.3
"""An unknown word stands for an instrument when one in its place raises the lead by so much."""

_OWN = re.compile(
    r"\b(my|mine|our|i|we|me|the desk s|this desk|now|currently|current|latest|last|today|"
    r"tomorrow|yesterday|next|active|was|were|did)\b"
)
"""Speaks of the desk or of a moment: no word of the product is asked for."""

_DEFINES = re.compile(
    r"\b(difference between|what does .+ mean|what an? .+ (is|means)$|define|definition|"
    r"meaning of)\b"
)
_GENERAL = re.compile(
    r"\b(what (is|are) (an? |the )?\w+( \w+)?$|explain|how (does|do|is|are)|who can|what happens|"
    r"tell me about|describe)\b"
)
_AND = re.compile(r" and (?!loss)")
_BARE = frozenset({"why", "why not", "how come", "when"})
"""What asks about the part before it, and about nothing of its own."""

_NOW = frozenset({When.NOW, When.TODAY})
_DAYS = _NOW | {When.YESTERDAY, When.WEEKDAY}
_AHEAD = _NOW | {When.TOMORROW, When.WEEKDAY}
ACCEPTED: dict[Intent, frozenset[When]] = {
    Intent.ORDERS: _DAYS,
    Intent.FILLS: _NOW | {When.YESTERDAY},
    Intent.SIGNALS: _NOW | {When.YESTERDAY},
    Intent.WHY: _NOW | {When.YESTERDAY},
    Intent.PHASE: _AHEAD,
    Intent.OPENS: _AHEAD,
    Intent.CLOSES: _AHEAD,
    Intent.OVERRIDES: _AHEAD,
    Intent.VERDICT: _NOW | {When.YESTERDAY},
    Intent.TRIALS: _NOW | {When.YESTERDAY},
    Intent.STATISTICS: _NOW | {When.YESTERDAY, When.PAST},
    Intent.NOTES: frozenset(When),
}
"""The times that a tool can speak of; the others know the present only."""


def answers(intent: Intent, when: When) -> bool:
    """Whether the intent's tool can speak of that time."""
    return when in ACCEPTED.get(intent, _NOW)


class Understanding(Word, frozen=True, kw_only=True):
    """`intents` may be empty; `complete`: every part of the question has one."""

    intents: tuple[Intent, ...]
    complete: bool


class Classifier:
    """Blocks: call it off the loop."""

    def __init__(self, embedder: Embedder, likeness: Likeness, vocabulary: Vocabulary) -> None:
        self._embedder = embedder
        self._likeness = likeness
        self._vocabulary = vocabulary

    def heard(self, text: str, instruments: Mapping[str, Instrument]) -> Heard:
        """`text` in English, if it is German."""
        return in_english(text, instruments, self._vocabulary.knows)

    def read(self, text: str, instruments: Mapping[str, Instrument], now: datetime) -> Question:
        """What `text` names, misspelt words mended."""
        heard = self.heard(text, instruments)
        mended = self._vocabulary.mended(spelled_out(heard.text), single_names(instruments))
        question = read(mended, instruments, now, self._vocabulary.knows)
        if heard.strange:
            return msgspec.structs.replace(question, unknown_instruments=heard.strange)
        return question

    def understand(self, question: Question) -> Understanding:
        """The intents of the question's parts, in their order, each once."""
        if question.unknown_instruments:
            return Understanding(intents=(), complete=False)
        found = [self._intent(part) for clause in question.clauses for part in self._parts(clause)]
        known = [one for one in found if one and answers(one, question.when)]
        return Understanding(
            intents=tuple(dict.fromkeys(known)), complete=0 < len(known) == len(found)
        )

    def _parts(self, clause: str) -> list[str]:
        """A clause is split at `and` where both sides want different things."""
        if _DEFINES.search(clause):
            return [clause]
        parts: list[str] = []
        for part in _AND.split(clause):
            if parts and (part.strip() in _BARE or not self._tells_apart(parts[-1], part)):
                parts[-1] += f" and {part}"
            else:
                parts.append(part)
        return parts

    def _tells_apart(self, one: str, other: str) -> bool:
        first, second = self._intent(one), self._intent(other)
        return first is not None and second is not None and first is not second

    def _intent(self, part: str) -> Intent | None:
        if _DEFINES.search(part):
            return Intent.NOTES
        unknown = self._vocabulary.unknown(part)
        masked = [
            " ".join(MASK if word == one else word for word in part.split()) for one in unknown
        ]
        texts = [part, *masked]
        scores, *others = self._likeness.scores(texts, self._embedder.embed(texts))
        intent = max(scores.keys() - {Intent.OUTSIDE}, key=lambda one: (scores[one], one))
        lead, *leads = (one[intent] - one[Intent.OUTSIDE] for one in (scores, *others))
        named = any(other > lead + NAMES for other in leads)
        least, least_lead = (LEAST_STRANGE, LEAD_STRANGE) if unknown else (LEAST, LEAD)
        if not named and scores[intent] > least and lead > least_lead:
            return intent
        return Intent.NOTES if _GENERAL.search(part) and not _OWN.search(part) else None
