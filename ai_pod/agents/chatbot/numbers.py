"""Numbers in a text, in digits of any script and in words.

What looks like a number and cannot be read as one, by English notation, has no value.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from ai_pod.agents.chatbot.letters import seen
from ai_pod.agents.chatbot.number_words import CARDINALS, SCALES, cardinal, is_amount
from market.words import Word

BLANK = "\ufffc"
"""Stands where a reference or a literal was, so that nothing around it grows together."""

CURRENCIES = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₿": "BTC"}
CURRENCIES |= {"dollar": "USD", "buck": "USD", "euro": "EUR", "pound": "GBP", "yen": "JPY"}
_CODES = """
USD EUR GBP JPY CHF CAD AUD NZD SEK NOK DKK PLN CZK HUF TRY CNY HKD SGD KRW INR BRL MXN ZAR ILS THB
IDR MYR PHP RON BGN ISK RUB BTC ETH USDT USDC
"""
CODES = tuple(_CODES.split())
SPELLED = r"usd|eur|gbp|dollars?|euros?|pounds?|bucks|[$€£]"
"""Currencies as people write them after an amount, in lower case, as an expression."""

SIGNS = "$¢£¤¥฿៛" + "".join(map(chr, range(0x20A0, 0x20D0)))
_PERCENT = r"%|percent\b|per cent\b|pct\b|percentage points?\b|pp\b"
_POINTS = r"bps?\b|basis points?\b"
UNIT = rf"{_PERCENT}|{_POINTS}|[‰‱٪{SIGNS}]"

_DIGITS = re.compile(
    rf"(?P<sign>(?<![\w.)])[-−–]\s?)?(?P<before>[{SIGNS}]\s?|\b[A-Z]{{3,4}}\s)?"
    r"(?P<digits>(?<!\w)\.?\w*\d\w*(?:[.,:/'’^·–−-]\w*\d\w*| \d\w*)*)"
    rf"(?:\s?(?P<after>{UNIT}|[A-Z]{{3,4}}\b))?(?=(?P<following>(?: +[A-Za-z]+){{0,2}}))"
)
_READABLE = re.compile(r"(?:0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d*)?(?:\.\d+)?")
_TOKEN = re.compile(rf"[^\W\d_]+(?:['’][^\W\d_]+)?|[{BLANK}]|[^\s\w]")
_ROMAN = re.compile(r"M{0,4}(CM|CD|D?C{0,4})(XC|XL|L?X{0,4})(IX|IV|V?I{0,4})")
_SMALL_ROMAN = re.compile(r"x{0,3}(ix|iv|v?i{0,3})")
_SPACED = re.compile(r"(?<!\w)[^\W\d_](?:[ .·-][^\W\d_]){2,}(?!\w)")

_PICTURES = "🔟💯"
_JOINTS = ".,:/'’^*×÷+·–−-"
_LIKE_MAGNITUDES = "k m mn mm mio bn b tn t x fold grand large"
_MAGNITUDES = frozenset(_LIKE_MAGNITUDES.split())

_FUNCTION_WORDS = """
of another can may must should could would will is was has had that which who whom to in on at for
and or but by from with as when if than then while because since so not day lasts comes ends begins
follows goes made i you we it
"""
_NOT_A_NOUN = frozenset(_FUNCTION_WORDS.split())
_BEFORE_ONE = "have has had hold holds is was only exactly just about least most"
_HAVE = frozenset(_BEFORE_ONE.split())
_BEFORE_FIRST = "at largest newest oldest latest smallest best worst highest lowest"
_RANK = frozenset(_BEFORE_FIRST.split())


def currency(spelled: str) -> str:
    """The code of a sign, or of a word or code in lower case."""
    return CURRENCIES.get(spelled.removesuffix("s"), spelled.upper())


class Number(Word, frozen=True, kw_only=True):
    """A number as it stands in a text. `unit` is `%`, `bps`, a currency's code, or empty; `nouns`
    are up to two words that follow, in lower case, as far as they may say what is counted.
    """

    shown: str
    value: Decimal | None
    places: int = 0
    negative: bool = False
    unit: str = ""
    nouns: tuple[str, ...] = ()


def numbers(text: str) -> Iterator[Number]:
    """All numbers of `text`: those with digits first, then those in words."""
    plain = seen(text)
    spaced = [re.sub(r"[ .·-]", "", one) for one in _SPACED.findall(plain)]
    for found in _DIGITS.finditer(plain):
        yield _in_digits(plain, found)
    yield from (
        Number(shown=one, value=None)
        for one in plain
        if one in _PICTURES or (not one.isascii() and unicodedata.numeric(one, None) is not None)
    )
    for part in (_DIGITS.sub(f" {BLANK} ", plain), *spaced):
        yield from _in_words(part)


def _in_digits(plain: str, found: re.Match[str]) -> Number:
    digits = found["digits"]
    before, after = (found["before"] or "").strip(), found["after"] or ""
    nouns = _nouns(found["following"].lower().split())
    code = after or before or _currency(nouns)
    if re.fullmatch("[A-Z]{3,4}", code) and code not in CODES:
        code = ""
    readable = (
        _READABLE.fullmatch(digits)
        and _stands_alone(plain, found.start(), found.end("digits"))
        and not _MAGNITUDES.intersection(nouns[:1])
    )
    return Number(
        shown=found.group().strip(),
        value=Decimal(digits.replace(",", "")) if readable else None,
        places=len(digits.partition(".")[2]),
        negative=found["sign"] is not None,
        unit=_unit(code),
        nouns=nouns,
    )


def _stands_alone(plain: str, start: int, end: int) -> bool:
    """Whether nothing else grows together with the number."""
    before = plain[:start].rstrip(_JOINTS)[-1:]
    touches = before == BLANK or (plain[start - 1 : start] in set(_JOINTS) and before.isalnum())
    return not touches and not plain[end:].lstrip(_JOINTS).startswith(BLANK)


def _unit(spelled: str) -> str:
    if re.fullmatch(_PERCENT, spelled):
        return "%"
    return "bps" if re.fullmatch(_POINTS, spelled) else CURRENCIES.get(spelled, spelled)


def _in_words(plain: str) -> Iterator[Number]:
    tokens = _TOKEN.findall(re.sub(r"(?<=\w)[-‐‑](?=\w)", " ", plain))
    words = [one.replace("’", "'") for one in tokens]
    lower = [one.lower() for one in words]
    beside, at = frozenset(lower), 0
    while at < len(words):
        run = _run(lower, at)
        if run and not (run == ["one"] and not _counts(lower, at)):
            yield _cardinal(run, lower[at + len(run) : at + len(run) + 3])
        elif not run and _amount(words[at], lower, at, beside):
            yield Number(shown=words[at], value=None, nouns=_nouns(lower[at + 1 : at + 3]))
        at += max(len(run), 1)
    whole = (one.lower().replace("-", "") for one in re.findall(r"\w+-\w+", plain))
    yield from (Number(shown=one, value=None) for one in whole if one in CARDINALS)


def _run(lower: list[str], at: int) -> list[str]:
    """The words from here on that spell one cardinal; `point` makes it one that is not read."""
    end = at
    while end < len(lower):
        word = lower[end]
        joins = end > at and ((word == "and" and lower[end - 1] in SCALES) or word == "point")
        if word not in CARDINALS and word not in SCALES and not joins:
            break
        end += 1
    while end > at and lower[end - 1] in ("and", "point"):
        end -= 1
    return lower[at:end]


def _cardinal(run: list[str], following: list[str]) -> Number:
    nouns = _nouns(following)
    grown = "point" in run or _MAGNITUDES.intersection(nouns[:1])
    value = None if grown else cardinal(run)
    percent = re.match(UNIT, " ".join(following))
    unit = _unit(percent.group()) if percent else _currency(nouns)
    return Number(shown=" ".join(run), value=value, unit=unit, nouns=nouns)


def _currency(nouns: tuple[str, ...]) -> str:
    """Of `fifty dollars`."""
    return CURRENCIES.get(nouns[0].removesuffix("s"), "") if nouns else ""


def _nouns(following: list[str]) -> tuple[str, ...]:
    words = itertools.takewhile(lambda one: one.isalpha() and one not in _NOT_A_NOUN, following)
    return tuple(words)[:2]


def _amount(word: str, lower: list[str], at: int, beside: frozenset[str]) -> bool:
    """Whether this word is a number that is not read."""
    low = lower[at]
    before = lower[at - 1] if at else ""
    after = lower[at + 1] if at + 1 < len(lower) else ""
    if low == "first":
        return before not in _RANK and after not in (",", "of")
    if low == "second":
        return before not in ("a", "per", "each", "every") and after != ","
    if low == "once":
        told = beside & {"la", "las", "los", "tiene", "acciones", "órdenes", "usted"}
        return bool(told) or after in ("", ".", ",", "!", "a", "per", "every", "more", "today")
    if low in ("couple", "pair", "trio", "handful"):
        return after == "of"
    if low == "single":
        return before in _HAVE or (before == "a" and at > 1 and lower[at - 2] in _HAVE)
    roman = len(word) > 1 and (
        (_ROMAN.fullmatch(word.upper()) and (word.isupper() or len(word) > 3))
        or _SMALL_ROMAN.fullmatch(word)
    )
    return bool(roman) or is_amount(low, beside)


def _counts(lower: list[str], at: int) -> bool:
    """Whether `one` is a number here, and does not stand for a thing named before."""
    after = lower[at + 1] if at + 1 < len(lower) else ""
    before = lower[at - 1] if at else ""
    if after.isalpha() and before not in ("no", "any", "every", "some"):
        return after not in _NOT_A_NOUN
    return before in _HAVE
