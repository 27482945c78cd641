"""Short questions that lean on the one before: `why?`, `and for GOOG?`."""

import re

import msgspec

from ai_pod.agents.chatbot.examples import Intent
from ai_pod.agents.chatbot.intents import Understanding
from ai_pod.agents.chatbot.question import MASK, Question

MOST_WORDS = 6

_WHY = re.compile(r"^(and |but |so )?(why|how come)( (is|was) (that|it|this))?( so)?$")
_ALSO = re.compile(r"^(and|also|what about|how about|same for|for|what of)\b")

_EXPLAINED_BY_SIGNAL = {
    Intent.SIGNALS,
    Intent.FILLS,
    Intent.ORDERS,
    Intent.POSITIONS,
    Intent.WEIGHTS,
}


def leans(question: Question) -> bool:
    """Whether the question makes no sense without the one before."""
    words = question.words
    only_names = bool(question.instruments) and set(words.split()) == {MASK}
    short = len(words.split()) <= MOST_WORDS
    return short and bool(_WHY.search(words) or _ALSO.search(words) or only_names)


def follow(
    question: Question, before: Question, understood: Understanding
) -> tuple[Question, Understanding]:
    """The question and what it wants to know, given the one before and what that wanted."""
    named = question.instruments or before.instruments
    whole = msgspec.structs.replace(question, instruments=named)
    if not _WHY.search(question.words):
        return whole, understood
    intents = tuple(
        dict.fromkeys(
            Intent.WHY if intent in _EXPLAINED_BY_SIGNAL else intent
            for intent in understood.intents
        )
    )
    return whole, Understanding(intents=intents, complete=understood.complete)
