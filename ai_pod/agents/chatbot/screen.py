"""What `this`, `it` and `here` mean in a question: what its asker has on screen. Plain rules; what
is on screen names things, and asks for nothing by itself.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Self

import msgspec

from ai_pod.agents.chatbot.examples import Intent
from ai_pod.agents.chatbot.followup import OF_INSTRUMENTS, OF_MARKET, Understand, Understood
from ai_pod.agents.chatbot.intents import Understanding
from ai_pod.agents.chatbot.question import MASK, Question
from ai_pod.contracts.screen import Screen

_AND = r"^(?:(?:and|but|so|ok) )*"
_ENDS = (
    r"(?:go|gone|going|do|done|doing|turn(?:ed)? out|work(?:ed)? out|perform(?:ed|ing)?|end(?:ed)?)"
)
_BARE_WHY = re.compile(rf"{_AND}(?:why|how come)$")


@dataclass(frozen=True)
class _Forms:
    """How people ask why a thing is so, what became of it, and what it is."""

    why: re.Pattern[str]
    how: re.Pattern[str]
    what: re.Pattern[str]

    @classmethod
    def of(cls, nouns: str) -> Self:
        this = rf"(?:(?:this|that|it|the (?={nouns}))(?: ?(?:{nouns}))?(?: here)?)"
        return cls(
            why=re.compile(
                rf"{_AND}(?:(?:why|how come)(?: (?:is|was|did|does))?|explain|what (?:explains|"
                rf"caused|drove)|what (?:is|was) (?:the reason (?:for|behind|of)|behind)) {this}"
                r"(?: (?:made|given|issued|fired?|happen(?:ed)?|reached|rejected|kept|promoted))?$"
            ),
            how=re.compile(
                rf"{_AND}(?:how (?:did|has|is|was) {this} {_ENDS}|what (?:has )?"
                rf"(?:become|became|came|come|happened) (?:of|to|after|since) {this})"
                r"(?: (?:so far|since|since then|in the end|now))*$"
            ),
            what=re.compile(
                rf"{_AND}(?:what (?:is|was) {this}|what does {this} (?:say|mean|tell)|"
                rf"(?:(?:show|tell)(?: me)?(?: about)?|describe) {this})$"
            ),
        )


_SIGNAL = _Forms.of("signal|change|decision|trade")
_VERDICT = _Forms.of("verdict|decision|judgement")
_CHART = _Forms.of("one|stock|share|instrument|chart")

_THINGS = r"one|stock|share|instrument|name|symbol|company|chart"
_OTHERS = (
    r"desk|policy|line|pod|pool|phase|session|market|exchange|verdict|champion|challenger|night|"
    r"day|week|month|year|morning|afternoon|time|product|chatbot|thread|answer|period|range|stretch"
)
_THIS = re.compile(
    rf"\b(?:this|that) (?:{_THINGS})\b|\bthis\b(?! (?:{_OTHERS})\b)|(?<=\bof )that\b|"
    r"\b(?:on the|on my|on this) (?:screen|chart)\b|\bhere\b"
)
_IT = re.compile(r"\bits?\b")
"""Stand for the instrument on screen; `it` only where the thread has named none."""

_OF_THINGS = OF_INSTRUMENTS - {Intent.NOTES}
_SHOWN = frozenset({Intent.SIGNALS, Intent.WHY})
"""Asked of the signal on screen, where one is, rather than of its instrument's last."""

_NEWEST = re.compile(r"\b(?:last|latest|newest|most recent|other)\b")

_STRETCH = re.compile(
    r"\b(?:this|that|the (?:shown|visible)) (?:period|range|stretch|window|chart)\b"
    r"|\bhere\b|\bon (?:the|my|this) (?:screen|chart)\b"
)
"""Stands for the stretch of time that the chart shows."""

_IN_STRETCH = re.compile(
    r"\b(?:(?:in|over|for|during|within) )?(?:this|that|the (?:shown|visible)) "
    r"(?:period|range|stretch|window)\b"
)


def points(question: Question, screen: Screen, before: Sequence[Question]) -> bool:
    """Whether the question, asked after those `before`, speaks of what is on screen."""
    if question.unknown_instruments:
        return False
    if _of_record(question, screen, before) is not None:
        return True
    if screen.instrument is None or question.instruments:
        return False
    words, named = question.words, any(one.instruments for one in before)
    if any(form.search(words) for form in (_THIS, _IN_STRETCH, _CHART.how)):
        return True
    return not named and not OF_MARKET.search(words) and _IT.search(words) is not None


def on_screen(
    question: Question, screen: Screen, before: Sequence[Question], understand: Understand
) -> Understood:
    """A question that points at the screen, with what it points at, and what it wants to know."""
    if (intent := _of_record(question, screen, before)) is not None:
        found = msgspec.structs.replace(question, signal=screen.signal, verdict=screen.verdict)
        return found, Understanding(intents=(intent,), complete=True)
    return _of_instrument(question, screen, understand)


def served(screen: Screen | None, instruments: Collection[str]) -> Screen | None:
    """The screen, without an instrument that nobody here serves."""
    if screen is None or screen.instrument is None or screen.instrument in instruments:
        return screen
    return msgspec.structs.replace(screen, instrument=None)


def _of_record(question: Question, screen: Screen, before: Sequence[Question]) -> Intent | None:
    """What is asked of the signal or the verdict on screen, if anything is."""
    words = question.words
    bare = not before and _BARE_WHY.search(words) is not None
    if screen.verdict is not None and not question.instruments:
        asked = (_VERDICT.why, _VERDICT.how, _VERDICT.what)
        return Intent.VERDICT if bare or any(one.search(words) for one in asked) else None
    if screen.signal is None:
        return None
    if question.instruments and question.instruments != (screen.signal.signal.instrument,):
        return None
    words = " ".join(words.replace(MASK, "").split())
    if bare or _SIGNAL.why.search(words):
        return Intent.WHY
    asked_after = _SIGNAL.how.search(words) or _SIGNAL.what.search(words)
    return Intent.SIGNALS if asked_after else None


def _of_instrument(question: Question, screen: Screen, understand: Understand) -> Understood:
    """The instrument is taken where what is asked is of instruments."""
    assert screen.instrument is not None
    words = question.words
    went = _CHART.how.search(words) is not None
    whole = msgspec.structs.replace(question, instruments=(screen.instrument,))
    if screen.since and screen.until and (went or _STRETCH.search(words)):
        whole = msgspec.structs.replace(whole, span=(screen.since, screen.until))
    if went:
        return whole, Understanding(intents=(Intent.STATISTICS,), complete=True)
    masked = _IT.sub(MASK, _THIS.sub(f"{MASK} ", _IN_STRETCH.sub("", words)))
    for clause in (" ".join(masked.split()), words):
        one = msgspec.structs.replace(whole, clauses=(clause,))
        understanding = understand(one)
        if understanding.intents and _OF_THINGS.issuperset(understanding.intents):
            shown = _SHOWN.issuperset(understanding.intents) and not _NEWEST.search(words)
            return msgspec.structs.replace(
                one, signal=screen.signal if shown else None
            ), understanding
    return question, understand(question)
