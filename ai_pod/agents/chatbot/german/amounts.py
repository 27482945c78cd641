"""Numbers, times and dates as they are written in German, as they are in English."""

import re

_CLOCK = re.compile(r"\b(\d{1,2})(?:[:.](\d\d))? ?uhr\b(?: (\d\d)\b)?")
_DATE = re.compile(r"\b(\d{1,2})\. ?(\d{1,2})\. ?((?:19|20)\d\d)\b")
_EITHER = re.compile(r"(?<![\w.,:-])[1-9]\d{0,2}\.\d{3}(?![\w:]|[.,]\d)")
_NUMBER = re.compile(r"(?<![\w.,:-])([1-9]\d{0,2}(?:\.\d{3})+|\d+)(,\d+)?(?![\w:]|[.,]\d)")


def in_english(text: str) -> str:
    """`15 Uhr` as `15:00`, `17.10.2012` as `2012-10-17`, `1.000,5` as `1000.5`: a dot before three
    digits parts thousands. What is none of these stays; `2,500`, which could be either, is taken
    apart, so that it is no number.
    """
    clocked = _CLOCK.sub(_clock, text)
    dated = _DATE.sub(lambda one: f"{one[3]}-{int(one[2]):02}-{int(one[1]):02}", clocked)
    return _NUMBER.sub(_number, dated)


def either(text: str) -> tuple[str, ...]:
    """The numbers such as `1.234`, that are another one in English than in German."""
    return tuple(dict.fromkeys(_EITHER.findall(text)))


def _clock(found: re.Match[str]) -> str:
    return f"{int(found[1]):02}:{found[2] or found[3] or '00'}"


def _number(found: re.Match[str]) -> str:
    whole, fraction = found[1].replace(".", ""), found[2] or ""
    if len(fraction) == 4 and whole == found[1] and len(whole) < 4 and whole != "0":
        return f"{whole} , {fraction[1:]}"
    return whole + fraction.replace(",", ".")
