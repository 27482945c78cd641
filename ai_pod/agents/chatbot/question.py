"""What a question names: instruments, a day, a side. Plain rules over the text."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from ai_pod.memory.vectors import STOP_WORDS
from market.words import Instrument, Word

_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9.:/]*")
_COMPANY = re.compile(
    r"\b(inc|corp(oration)?|co(mpany)?|ltd|plc|group|holdings)\b.*", re.IGNORECASE
)
_TICKER = re.compile(r"^[A-Z]{3,5}$")
_ABBREVIATIONS = """
CASH DST UTC USD EUR GBP JPY PNL SMA PPO OHLCV API WHAT WHY WHEN WHO HOW THE AND NOW ETF EST EDT
LIVE PAPER HELP ALL ANY ONE LOW KEY
"""
_NOT_TICKERS = frozenset(_ABBREVIATIONS.split())
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MASK = "ibm"
"""Stands for every instrument, in questions and in examples."""

_SENTENCE_END = re.compile(r"[?!;\n]+|\.(?=\s|$)")
_PAST = re.compile(
    r"\b(last (week|month|year|monday|tuesday|wednesday|thursday|friday)|(weeks?|months?|years?|"
    r"days?|hours?) ago|in (19|20)\d\d|previous (week|month|year))\b"
)
_FUTURE = re.compile(
    r"\b(next (week|month|year)|will .* (be|go|rise|fall|reach)|in the future|forecast|predict\w*|"
    r"(in|within) (a|an|the next|\d+) (days?|weeks?|months?|years?))\b"
)
_SPELLED = tuple(
    (re.compile(form), full)
    for form, full in (
        (r"\b(what|who|when|where|how|that|it|there) s\b", r"\1 is"),
        (r"\b(what|who|when|where|how|we|you|they) re\b", r"\1 are"),
        (r"\b(i|we|you|they) ve\b", r"\1 have"),
        (r"\bi m\b", "i am"),
        (r"\btill\b", "until"),
    )
)
_COURTESY = re.compile(
    r"^((hey|hi|hello|ok|okay|so|well|please) (?=\w))*"
    r"((can|could|would|will) you (please )?(?=(tell|show|give|explain)\b))?"
    r"((tell me|do you know|any idea|i (want|would like|d like) to know) "
    r"(?=(what|who|when|where|why|how|which|if|whether|until)\b))?"
    r"|\b(please|thanks|thank you)\b"
)
"""Said out of courtesy before a question or in it."""

_SIDES = {"buy": "buy", "bought": "buy", "buys": "buy", "sell": "sell", "sold": "sell"}


class When(StrEnum):
    """The time that a question asks about."""

    NOW = "now"
    TODAY = "today"
    YESTERDAY = "yesterday"
    TOMORROW = "tomorrow"
    WEEKDAY = "weekday"
    PAST = "past"
    FUTURE = "future"


class Question(Word, frozen=True, kw_only=True):
    """`clauses` are the text's sentences in lower case, without punctuation, with instruments
    masked as IBM; `words` is all of them.

    `day` is the market's date (UTC) of today, yesterday, tomorrow or the weekday named.
    """

    text: str
    clauses: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    unknown_instruments: tuple[str, ...] = ()
    when: When = When.NOW
    day: date | None = None
    side: str | None = None

    @property
    def words(self) -> str:
        return " ".join(self.clauses)


def read(text: str, instruments: Mapping[str, Instrument], now: datetime) -> Question:
    """What `text` names, given the instruments that are served (id → instrument)."""
    named, masked = _masked(text, instruments)
    words = [token.rstrip(".:/") for token in _TOKEN.findall(masked)]
    unknown = [
        word for word in words if ":" in word or (_TICKER.match(word) and word not in _NOT_TICKERS)
    ]
    lowered = text.lower()
    when, day = _when(lowered, now)
    side = next((_SIDES[word] for word in re.findall(r"\w+", lowered) if word in _SIDES), None)
    return Question(
        text=text,
        clauses=tuple(filter(None, map(normalised, _SENTENCE_END.split(masked)))),
        instruments=named,
        unknown_instruments=() if text.isupper() else tuple(dict.fromkeys(unknown)),
        when=when,
        day=day,
        side=side,
    )


def normalised(text: str) -> str:
    """Lower case, short forms in full, punctuation as spaces, single spaces, no courtesies."""
    spelled = re.sub(r"\bp ?(&|and|/) ?l\b|\bpnl\b", "profit and loss", text.lower())
    plain = " ".join(re.sub(r"[^a-z0-9&%]+", " ", spelled).split())
    for form, full in _SPELLED:
        plain = form.sub(full, plain)
    return " ".join(_COURTESY.sub(" ", plain).split())


def _masked(text: str, instruments: Mapping[str, Instrument]) -> tuple[tuple[str, ...], str]:
    """The ids of the instruments that `text` names, in its order, and the text without them."""
    spelled = {name: id_ for id_, one in instruments.items() for name in _names(one)}
    if not spelled:
        return (), text
    longest_first = "|".join(map(re.escape, sorted(spelled, key=len, reverse=True)))
    found: dict[str, None] = {}

    def mask(match: re.Match[str]) -> str:
        name = match.group()
        known = spelled.get(name) or spelled.get(name.lower())
        if known is None:
            return name
        found[known] = None
        return MASK

    masked = re.sub(rf"(?<![\w:])({longest_first})(?!\w)", mask, text, flags=re.IGNORECASE)
    return tuple(found), masked


def _names(instrument: Instrument) -> Iterator[str]:
    """As people write it; in lower case what counts in any case. A symbol that is a word of the
    language, such as ALL, counts in capitals only.
    """
    yield instrument.id.lower()
    symbol = instrument.symbol
    common = len(symbol) < 3 or symbol.lower() in STOP_WORDS or symbol in _NOT_TICKERS
    yield symbol if common else symbol.lower()
    if company := _COMPANY.sub("", instrument.name).strip(" ,.").lower():
        yield company


def _when(lowered: str, now: datetime) -> tuple[When, date | None]:
    today = now.date()
    if _FUTURE.search(lowered):
        return When.FUTURE, None
    if _PAST.search(lowered):
        return When.PAST, None
    for word, days in (("tomorrow", 1), ("yesterday", -1), ("today", 0)):
        if re.search(rf"\b{word}\b", lowered):
            return When(word), today + timedelta(days=days)
    if re.search(r"\btonight\b", lowered):
        return When.TODAY, today
    for number, name in enumerate(_WEEKDAYS):
        if re.search(rf"\b{name}\b", lowered):
            ahead = (number - today.weekday()) % 7
            return When.WEEKDAY, today + timedelta(days=ahead)
    return When.NOW, None
