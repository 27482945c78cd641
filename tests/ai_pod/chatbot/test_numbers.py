"""Numbers however they are written: none passes that no fact entails, and a fact's own does."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_pod.agents.chatbot.facts import INSTANT, SHARE, FactBook
from ai_pod.agents.chatbot.guard import tidied, ungrounded
from ai_pod.agents.chatbot.number_words import CARDINALS, SCALES, cardinal
from ai_pod.memory.shipped import PUBLIC, Passage

AT = datetime(2012, 10, 16, 15, 0, tzinfo=UTC)
_ONES = list(CARDINALS)[:20]
_TENS = list(CARDINALS)[20:]


def book() -> FactBook:
    made = FactBook()
    made.instruments = ("XNYS:AAPL", "XNYS:IBM", "XNYS:MSFT")
    for label, value, unit in (
        ("XNYS:IBM quantity", Decimal(31), "shares"),
        ("XNYS:AAPL market value", Decimal("20003.37"), "USD"),
        ("weight", Decimal("0.125"), SHARE),
        ("result", Decimal("-71.26"), "USD"),
        ("number of open orders", Decimal(0), "open orders"),
        ("bar end", AT.isoformat(), INSTANT),
    ):
        made.add(label, value, unit, AT, "test")
    text = "A pod has ten seats. A target inside the band leads to no signal."
    made.cite(Passage(id="a", title="Pod", text=text, source="notes", organisation=PUBLIC))
    return made


def spelled(number: int) -> str:
    """In English words, British style."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        ones = f"-{_ONES[number % 10]}" if number % 10 else ""
        return _TENS[number // 10 - 2] + ones
    if number < 1000:
        rest = f" and {spelled(number % 100)}" if number % 100 else ""
        return f"{_ONES[number // 100]} hundred{rest}"
    scale = max((one for one in SCALES if 1000 <= SCALES[one] <= number), key=SCALES.__getitem__)
    rest = number % SCALES[scale]
    joined = "" if not rest else f" and {spelled(rest)}" if rest < 100 else f" {spelled(rest)}"
    return f"{spelled(number // SCALES[scale])} {scale}{joined}"


ROMAN = {"M": 1000, "CM": 900, "D": 500, "CD": 400, "C": 100, "XC": 90, "L": 50, "XL": 40}
ROMAN |= {"X": 10, "IX": 9, "V": 5, "IV": 4, "I": 1}


def roman(number: int) -> str:
    text = ""
    for sign, value in ROMAN.items():
        text, number = text + sign * (number // value), number % value
    return text


def in_script(number: int, zero: str) -> str:
    return "".join(chr(ord(zero) + int(one)) for one in str(number))


WAYS = {
    "digits": str,
    "grouped": lambda number: f"{number:,}",
    "continental": lambda number: f"{number:,}".replace(",", "."),
    "spaced": lambda number: f"{number:,}".replace(",", "\u202f"),
    "apostrophes": lambda number: f"{number:,}".replace(",", "’"),
    "decimals": lambda number: f"{number}.50",
    "words": spelled,
    "words, capitals": lambda number: spelled(number).upper(),
    "words, spaced out": lambda number: " ".join(_ONES[number % 8 + 11]),
    "words, in Cyrillic letters": lambda number: spelled(number).translate(
        str.maketrans("eoiac", "еоіас")
    ),
    "zero width": lambda number: "\u200b".join(str(number)),
    "Arabic": lambda number: in_script(number, "٠"),
    "Devanagari": lambda number: in_script(number, "०"),
    "full width": lambda number: in_script(number, "０"),
    "mathematical": lambda number: in_script(number, "𝟎"),
    "circled": lambda number: chr(ord("①") + number % 20),
    "superscript": lambda number: "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(one)] for one in str(number)),
    "Chinese": lambda number: "".join("零一二三四五六七八九"[int(one)] for one in str(number)),
    "scientific": lambda number: f"{number / 10:.1e}",
    "power": lambda number: f"{number} × 10^3",
    "thousands": lambda number: f"{number}k",
    "millions": lambda number: f"{number} million",
    "fraction": lambda number: f"{number}/7",
    "range": lambda number: f"{number}-{number + 9}",
    "ordinal": lambda number: f"{number}th",
    "percent": lambda number: f"{number} %",
    "basis points": lambda number: f"{number} bps",
    "money": lambda number: f"€{number}",
    "time": lambda number: f"{number % 9 + 10}:{number % 50 + 10}",
    "date": lambda number: f"{number % 28 + 1} May {number % 90 + 2013}",
    "Roman": lambda number: roman(number % 2000 + 2),
    "hexadecimal": hex,
    "bold": lambda number: f"**{number}**",
}


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=12, deadline=None)
@given(number=st.integers(1_001, 999_999))
def test_no_way_of_writing_a_number_passes_without_a_source(way: str, number: int) -> None:
    if number not in (20003, 71):
        said = f"You have {WAYS[way](number)} of it."
        assert ungrounded(said, book()), said


@given(st.integers(0, 10**12))
def test_english_words_are_read_as_they_are_spelled(number: int) -> None:
    words = spelled(number).replace("-", " ").split()
    assert cardinal(words) == number


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 10**7))
def test_a_fact_may_be_spelled_out(number: int) -> None:
    made = FactBook()
    made.add("quantity", Decimal(number), "shares", AT, "test")
    assert ungrounded(f"You hold {spelled(number)} shares, that is {number:,}.", made) == []
    assert ungrounded(f"You hold {spelled(number + 1)} shares.", made)


@pytest.mark.parametrize(
    "text",
    [
        "Your equity has tripled.",
        "It is a tenfold rise.",
        "About a third of it is cash, and two fifths are not.",
        "You have a couple of orders.",
        "You have a dozen of them.",
        "This is your fourth fill.",
        "You have one open order.",
        "You have only one.",
        "You traded once.",
        "You hold a single position.",
        "You have no positions.",
        "The market closes at noon.",
        "It closes at nine o'clock.",
        "You own MMXII of them.",
        "In phase iii you gained.",
        "You have fif-ty shares.",
        "You have f i f t y shares.",
        "You have f1fty shares.",
        "You have {f1}0 shares.",
        "You have {f1}.5 shares.",
        "You have {f1}k shares.",
        "You have {f1} thousand.",
        "You have {f1} %.",
        "You have {f2} EUR.",
        "You have €{f2}.",
        "You have {f1}{f2}.",
        "You have {f1} × {f2}.",
        "You have {f1} times {f2}.",
        "You have minus {f1}.",
        "You have $31.",
        "You have 31 dollars.",
        "You have 31 m.",
        "You have thirty-one grand.",
        "You have 31 ₹, or ₹31.",
        "It is 31 ٪.",
        "You have 🔟 shares.",
        "You own XXXXIIII of them.",
        "You have 31 open orders.",
        "You have thirty-one orders.",
        "You have 31 times as much.",
        "You gained 71.26 USD.",
        "It weighs 12.5 shares.",
        "You have ten shares.",
        "You have ten dollars.",
        "It is 1,25 % of it.",
        "You have 0031 shares.",
        "Sie haben zweiundvierzig Aktien.",
        "Ihr Vermögen hat sich verdoppelt.",
        "Sie haben elf Aktien auf der Bank.",
        "Die Hälfte davon ist Geld.",
        "Usted tiene cuarenta y dos acciones.",
        "Usted tiene once acciones.",
        "La mitad de su dinero.",
        "Vous avez vingt-deux actions.",
        "Vous avez six actions.",
        "Votre capital a doublé.",
        "Avete cinquanta azioni.",
        "你有一半的现金。",
        "你有两倍的钱。",
    ],
)
def test_what_is_a_number_without_digits(text: str) -> None:
    assert ungrounded(text, book()), text


@pytest.mark.parametrize(
    "text",
    [
        "You hold {f1} of XNYS:IBM, which is 31 shares.",
        "The result is {f4}, so you lost 71.26 USD.",
        "You have no open orders.",
        "It weighs 12.5 %, or 1,250 bps.",
        "A pod has ten seats, and there is no signal inside the band.",
        "The bar ended at 15:00 on 16 October 2012.",
        "The largest one comes first, once the market opens.",
        "No one knows, one of them may; at first it was so.",
        "It moves a second time per second.",
        "That is the second largest, and someone else's.",
    ],
)
def test_what_is_none_or_has_a_source(text: str) -> None:
    caught = ungrounded(text, book())
    assert [one for one in caught if not re.fullmatch("second", one)] == []


def test_a_fact_of_one_instrument_is_not_told_of_another() -> None:
    assert ungrounded("You hold {f1} of XNYS:IBM.", book()) == []
    assert ungrounded("You hold {f1} of MSFT.", book()) == ["f1 of another instrument"]
    assert ungrounded("IBM is worth {f2}.", book()) == ["f2 of another instrument"]
    assert ungrounded("You hold {f1} of IBM, and AAPL is worth {f2}.", book()) == []


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("You have **{f1} shares** now.", "You have {f1} now."),
        ("It is ${f2}, or {f2} USD.", "It is {f2}, or {f2}."),
        ("It is {f3} % of {f2} in all.", "It is {f3} of {f2} in all."),
        ("It is €{f2}, or {f1} USD.", "It is €{f2}, or {f1} USD."),
    ],
)
def test_what_a_reference_says_itself_is_not_said_again(said: str, shown: str) -> None:
    assert tidied(said, book()) == shown


def test_number_words_of_one_language_are_no_numbers_in_another() -> None:
    for text in (
        "A six-pack? No.",
        "Once you seize it.",
        "The mil tiers in Sept.",
        "Null and elf.",
    ):
        assert [one for one in ungrounded(text, book()) if one not in ("six",)] == [], text
