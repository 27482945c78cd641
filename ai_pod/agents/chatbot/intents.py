"""What a question wants to know: likeness to labelled examples, with words that give it away.

A question that is nearer to what lies outside, or that names what nobody here knows, has no intent.
"""

import re
from collections.abc import Iterable

from ai_pod.agents.chatbot.examples import EXAMPLES, Intent
from ai_pod.agents.chatbot.giveaways import PATTERNS
from ai_pod.agents.chatbot.question import Question, When, normalised
from ai_pod.memory.embeddings import Embedder, Vectors
from ai_pod.memory.shipped import Passage
from ai_pod.memory.vectors import STOP_WORDS
from market.words import Word

HIT = 0.25
"""What a giveaway word adds to the likeness."""

LEAST_WITH_WORD = 0.35
LEAST_WITHOUT_WORD = 0.66
LEAST_WITH_UNKNOWN = 0.72
OUTSIDE_LEAD = 0.08
"""With a giveaway word, what lies outside must be nearer by so much to win."""

_DEICTIC = re.compile(
    r"\b(my|mine|our|i|we|me|the desk s|this desk|now|currently|current|latest|last|today|"
    r"tomorrow|yesterday|next|active|was|were|did)\b"
)
_DEFINES = re.compile(r"\b(difference between|what does .+ mean|define|definition|meaning of)\b")
_HOW = re.compile(r"^(how (does|do|is|are)|explain how|what happens) (the|an?|orders?|fills?)\b")
_EXAMPLE_WORDS = re.compile(r"[a-z0-9&]+")

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
    Intent.NOTES: frozenset(When),
}
"""The times that a tool can speak of; the others know the present only."""


class Understanding(Word, frozen=True, kw_only=True):
    """`intents` may be empty; `complete`: every part of the question has one."""

    intents: tuple[Intent, ...]
    complete: bool


class Classifier:
    """Loads its examples' embeddings at the first use. Blocks: call it off the loop."""

    def __init__(self, embedder: Embedder, passages: Iterable[Passage]) -> None:
        self._embedder = embedder
        self._patterns = {
            intent: re.compile(rf"\b({pattern})\b") for intent, pattern in PATTERNS.items()
        }
        known = tuple(passages)
        self._texts = [(intent, text) for intent, texts in EXAMPLES.items() for text in texts]
        self._texts += [(Intent.NOTES, text) for one in known for text in _asking_for(one)]
        self._examples: Vectors | None = None
        self.vocabulary = _vocabulary(known)

    def load(self) -> None:
        if self._examples is None:
            self._examples = self._embedder.embed([normalised(text) for _, text in self._texts])

    def understand(self, question: Question) -> Understanding:
        """The intents of the question's parts, in their order, each once."""
        self.load()
        if question.unknown_instruments:
            return Understanding(intents=(), complete=False)
        found = [self._intent(part) for clause in question.clauses for part in self._parts(clause)]
        known = [one for one in found if one and question.when in ACCEPTED.get(one, _NOW)]
        return Understanding(
            intents=tuple(dict.fromkeys(known)), complete=0 < len(known) == len(found)
        )

    def unknown_words(self, text: str) -> list[str]:
        """Content words that neither the examples nor the shipped passages know."""
        words = _EXAMPLE_WORDS.findall(text)
        return [word for word in words if word not in STOP_WORDS and not self._knows(word)]

    def _knows(self, word: str) -> bool:
        return stem(word) in self.vocabulary

    def _parts(self, clause: str) -> list[str]:
        """A clause is split at `and` where both sides give away different intents."""
        if _DEFINES.search(clause):
            return [clause]
        parts: list[str] = []
        for part in clause.split(" and "):
            if parts and (part.strip() in _BARE or not self._tells_apart(parts[-1], part)):
                parts[-1] += f" and {part}"
            else:
                parts.append(part)
        return parts

    def _tells_apart(self, one: str, other: str) -> bool:
        hits = self._hits(other)
        return bool(hits) and not self._hits(one) & hits

    def _hits(self, text: str) -> set[Intent]:
        return {intent for intent, pattern in self._patterns.items() if pattern.search(text)}

    def _intent(self, part: str) -> Intent | None:
        assert self._examples is not None
        likeness = self._examples @ self._embedder.embed([part])[0]
        best = dict.fromkeys(EXAMPLES, 0.0)
        for (intent, _), value in zip(self._texts, likeness.tolist(), strict=True):
            best[intent] = max(best[intent], value)
        hits = self._hits(part)
        if Intent.NOTES in hits and _DEICTIC.search(part) and not _HOW.search(part):
            hits.discard(Intent.NOTES)
        if Intent.NOTES not in hits:
            del best[Intent.NOTES]
        elif _DEFINES.search(part):
            best[Intent.NOTES] += HIT
        scores = {
            intent: similarity + HIT * (intent in hits)
            for intent, similarity in best.items()
            if intent is not Intent.OUTSIDE
        }
        intent = max(scores, key=lambda one: scores[one])
        outside = best[Intent.OUTSIDE]
        if self._sure(part, best[intent], outside, intent in hits):
            return intent
        return Intent.NOTES if Intent.NOTES in hits else None

    def _sure(self, part: str, likeness: float, outside: float, hit: bool) -> bool:
        if self.unknown_words(part) and likeness < LEAST_WITH_UNKNOWN:
            return False
        if hit:
            return likeness >= LEAST_WITH_WORD and outside < likeness + OUTSIDE_LEAD
        return likeness >= LEAST_WITHOUT_WORD and outside < likeness


def _asking_for(passage: Passage) -> tuple[str, ...]:
    """How people ask for a passage."""
    return passage.title, f"What is {passage.title}?", f"How does {passage.title} work?"


def stem(word: str) -> str:
    """A crude stem, good enough to recognise a word's other forms."""
    for suffix in ("ing", "ed", "es", "s", "e"):
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            return word.removesuffix(suffix)
    return word


_COMMON = """
ask asked available balance been before between big biggest bought both bring change changed check
could current currently day date days desk done down each else ever every exactly far few find
first full further going good great happen happened hello here hey hour hours important just keep
kind know last late lately latest least left less let like list little long longer look lot main
make many market minute moment money more morning most move much name near necessary need never new
newest next night nothing now number often ok okay old one only other over own paid part past pay
please point present put question quick ready real really recent recently remain remaining right
run same say see since size small smaller smallest some soon start state status still stock stocks
sum summary system take tell thanks that then thing think time today together tomorrow total
trading two under until up update used user using very want week well went whole work working world
worth year yesterday yet
"""


def _vocabulary(passages: Iterable[Passage]) -> frozenset[str]:
    known = [_COMMON, *(re.sub(r"[^a-z& ]", " ", pattern) for pattern in PATTERNS.values())]
    known += [passage.searched for passage in passages]
    for intent, texts in EXAMPLES.items():
        known += texts if intent is not Intent.OUTSIDE else ()
    return frozenset(stem(word) for text in known for word in _EXAMPLE_WORDS.findall(text.lower()))
