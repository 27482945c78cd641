"""The stretch of bars that a question about the market means: `today`, `the last 20 days`."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from ai_pod.agents.chatbot.question import Question, When
from market.words import Interval

DAYS = 20
"""Of a question for volatility or an average that names no length."""

MOST_DAYS = 1_000
_CLOSED_FACTOR = 2
"""Markets close on a third of all days: twice as many are read, and the last of them are taken."""

_COUNTED = re.compile(
    r"\b(?:(?:last|past|previous|trailing|over|in|for) )*(\d{1,4}|a|an|two|three|four|five|ten|"
    r"twenty) ?(?:trading )?(day|session|week|month|year|hour|minute|bar)s?\b"
)
_ALONE = re.compile(r"\b(?:last|past|previous) (day|session|week|month|year|hour)\b")
_NUMBERS = {"a": 1, "an": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10, "twenty": 20}
_DAYS = {"week": 7, "month": 30, "year": 365}
_SHORT = {"hour": timedelta(hours=1), "minute": timedelta(minutes=1)}


@dataclass(frozen=True)
class Period:
    """Bars of `interval` that end in (start, end]; of them the last `count`, or all. `covered`: the
    bars must begin where the period does.
    """

    interval: Interval
    start: datetime
    end: datetime
    count: int | None = None
    covered: bool = False


def period(question: Question, now: datetime, interval: Interval, *, long: bool) -> Period | None:
    """The period that the question names or points at, else today, or (`long`) the last twenty
    days; None for one that cannot be told. `interval` is that of `bars` alone.
    """
    if question.span is not None:
        return _shown(*question.span, now, interval)
    words = question.text.lower()
    if re.search(r"\bago\b", words):
        return None
    counted = _COUNTED.search(words)
    if counted is not None:
        number = _NUMBERS.get(counted.group(1)) or int(counted.group(1))
        return _of(number, counted.group(2), now, interval)
    if alone := _ALONE.search(words):
        return _of(1, alone.group(1), now, interval)
    if question.when is When.YESTERDAY and question.day is not None:
        start = datetime.combine(question.day, time(), UTC)
        return Period(Interval.DAY, start, start + timedelta(days=1))
    if question.when not in (When.NOW, When.TODAY):
        return None
    if long and question.when is When.NOW:
        return _of(DAYS, "day", now, interval)
    return Period(Interval.MINUTE, datetime.combine(now.date(), time(), UTC), now)


def _shown(since: datetime, until: datetime, now: datetime, interval: Interval) -> Period | None:
    """What a chart shows, by bars that are short beside it; a chart may reach beyond now."""
    end = min(until, now)
    length = end - since
    if not timedelta(0) < length <= timedelta(days=MOST_DAYS):
        return None
    if length <= timedelta(days=1):
        return Period(Interval.MINUTE, since, end)
    if length <= timedelta(days=5):
        return Period(interval, since, end)
    return Period(Interval.DAY, since, end, covered=True)


def _of(number: int, unit: str, now: datetime, interval: Interval) -> Period | None:
    if unit in _SHORT:
        return Period(Interval.MINUTE, now - number * _SHORT[unit], now)
    if unit in _DAYS:
        since = now - timedelta(days=number * _DAYS[unit])
        within = 0 < number * _DAYS[unit] <= MOST_DAYS
        return Period(Interval.DAY, since, now, covered=True) if within else None
    length = timedelta(days=1) if unit in ("day", "session") else interval.length
    kind = Interval.DAY if unit in ("day", "session") else interval
    if not 0 < number <= MOST_DAYS:
        return None
    reach = max(timedelta(days=14), number * length * _CLOSED_FACTOR * (4 if unit == "bar" else 1))
    return Period(kind, now - reach, now, number)
