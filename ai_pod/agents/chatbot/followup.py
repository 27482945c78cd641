"""Questions that lean on the one before: `why?`, `and for GOOG?`, `what is it trading at?`."""

import re
from collections.abc import Callable

import msgspec

from ai_pod.agents.chatbot.examples import Intent
from ai_pod.agents.chatbot.intents import Understanding, answers
from ai_pod.agents.chatbot.question import MASK, SIDES, WEEKDAYS, Question, When

MOST_WORDS = 10

_WHY = re.compile(r"^(and |but |so )*(why|how come)( (is|was) (that|it|this))?( so)?$")
_ALSO = re.compile(
    r"^((and|also|but|ok|so|then|now) )*(what about|how about|what of|how is it with|same for|"
    r"same with|and|also|but|for)\b"
)
_DETAIL = re.compile(
    r"^((and|but|so) )*(when|since when|until when|how long|at what price|what price|how much|"
    r"how many|who|by whom|which( ones?)?)( (is|was|were) (that|it|this|those))?$"
)
"""Asks for what the answer before has told or could have: it is told again."""

OF_MARKET = re.compile(
    r"^(and |so )*(when (do|does|did|will) (it|they) (open|close)\b|what (time|day|date) is it\b|"
    r"how (late|early|long) is it\b|is it (open|closed|a|the|too|still|already)\b)"
)
"""Not of instruments: their market opens and closes, and `it` may stand for nothing."""

_PRONOUN = re.compile(r"\b(it|its|them|they|those|(that|this) (one|stock|position|name))\b")
_WHOLE = re.compile(r"\b(total|overall|all|everything|altogether|whole|desk|account)\b")
_LITTLE = """
and also but ok so then now what about how of is it with same for the one that this my our in on at
to by a too as well only just did we i do does was were there any
"""
_SAID_BEFORE = frozenset(_LITTLE.split())
_OWN_TIME = frozenset({"today", "tomorrow", "yesterday", "tonight", *WEEKDAYS})

OF_INSTRUMENTS = frozenset(
    {
        Intent.POSITIONS,
        Intent.RESULT,
        Intent.ORDERS,
        Intent.FILLS,
        Intent.SIGNALS,
        Intent.WHY,
        Intent.WEIGHTS,
        Intent.PRICE,
        Intent.STATISTICS,
        Intent.NOTES,
    }
)
_EXPLAINED_BY_SIGNAL = frozenset(
    {Intent.SIGNALS, Intent.FILLS, Intent.ORDERS, Intent.POSITIONS, Intent.WEIGHTS}
)

Understood = tuple[Question, Understanding]
Understand = Callable[[Question], Understanding]


def leans(question: Question) -> bool:
    """Whether the question may make no sense without the one before."""
    words = question.words
    if len(words.split()) > MOST_WORDS:
        return False
    forms = (_WHY, _ALSO, _DETAIL, _PRONOUN)
    return any(form.search(words) for form in forms) or not _own_words(question)


def follow(question: Question, before: Understood, understand: Understand) -> Understood:
    """The question and what it wants to know, given the one before and what that wanted."""
    earlier, wanted = before
    if question.unknown_instruments:
        return question, understand(question)
    if _WHY.search(question.words):
        return _explained(_merged(question, earlier), wanted)
    if _DETAIL.search(question.words) or not _own_words(question):
        return _again(question, before, understand)
    return _about_the_same(question, earlier, understand)


def _explained(question: Question, wanted: Understanding) -> Understood:
    intents = (
        Intent.WHY if intent in _EXPLAINED_BY_SIGNAL else intent for intent in wanted.intents
    )
    return question, _timely(tuple(dict.fromkeys(intents)), question, wanted.complete)


def _again(question: Question, before: Understood, understand: Understand) -> Understood:
    """The question before, of another instrument, side or time."""
    earlier, wanted = before
    if question.instruments and not OF_INSTRUMENTS.intersection(wanted.intents):
        return question, understand(question)
    whole = _merged(question, earlier)
    return whole, _timely(wanted.intents, whole, wanted.complete)


def _about_the_same(question: Question, earlier: Question, understand: Understand) -> Understood:
    """Another question, about the instruments of the one before unless it names its own."""
    words = _ALSO.sub("", question.words).strip()
    inherits = not question.instruments and not _WHOLE.search(words)
    if inherits and earlier.instruments:
        question = msgspec.structs.replace(question, instruments=earlier.instruments)
        named = _PRONOUN.sub(MASK, words)
        tries = (words, named) if OF_MARKET.search(words) else (named, words)
    else:
        tries = (words, f"what is {words}")
    for text in tries:
        whole = msgspec.structs.replace(question, clauses=(text,))
        understanding = understand(whole)
        if understanding.intents:
            return whole, understanding
    return question, understand(question)


def _own_words(question: Question) -> set[str]:
    """The words that neither names, nor a time, nor a side explain."""
    explained = _SAID_BEFORE | _OWN_TIME | SIDES.keys() | {MASK}
    return set(question.words.split()) - explained


def _merged(question: Question, earlier: Question) -> Question:
    """`question` with what it leaves unsaid taken from the one before."""
    timeless, same = question.when is When.NOW, not question.instruments
    return msgspec.structs.replace(
        question,
        instruments=question.instruments or earlier.instruments,
        side=question.side or earlier.side,
        when=earlier.when if timeless else question.when,
        day=earlier.day if timeless else question.day,
        signal=earlier.signal if same else None,
        verdict=earlier.verdict if same else None,
        span=earlier.span if timeless else None,
    )


def _timely(intents: tuple[Intent, ...], question: Question, complete: bool) -> Understanding:
    known = tuple(one for one in intents if answers(one, question.when))
    return Understanding(intents=known, complete=complete and known == intents)
