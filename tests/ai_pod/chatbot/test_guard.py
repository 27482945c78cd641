"""What counts as a number, and what entails one."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pod.agents.chatbot.facts import INSTANT, PERCENT, SHARE, WORD, FactBook, render
from ai_pod.agents.chatbot.guard import Sentences, sentences, ungrounded
from ai_pod.agents.chatbot.tools.units import price_unit
from ai_pod.memory.shipped import PUBLIC, Passage

AT = datetime(2012, 10, 16, 15, 0, tzinfo=UTC)


def book() -> FactBook:
    made = FactBook()
    for label, value, unit in (
        ("equity", Decimal("99928.7449"), "USD"),
        ("weight", Decimal("0.125"), SHARE),
        ("result", Decimal("-71.2551"), "USD"),
        ("quantity", Decimal(31), "shares"),
        ("verdict", "0.17 lower over 26 bars", WORD),
        ("bar end", AT.isoformat(), INSTANT),
    ):
        made.add(label, value, unit, AT, "test")
    made.cite(Passage(id="a", title="Pod", text="Ten seats.", source="notes", organisation=PUBLIC))
    return made


@pytest.mark.parametrize(
    "text",
    [
        "Your equity is {f1}, or 99,928.74 USD, or about $99,929.",
        "It weighs 12.5 %, or 12.5 percent, or 13 %, or 12 %.",
        "You lost 71.26 USD, that is -71 USD.",
        "You hold 31 shares of XNYS:IBM.",
        "It is 0.17 lower over 26 bars.",
        "At 15:00 on 2012-10-16.",
        "A pod has ten seats {n1}.",
        "No number at all.",
    ],
)
def test_entailed(text: str) -> None:
    assert ungrounded(text, book()) == []


@pytest.mark.parametrize(
    ("text", "caught"),
    [
        ("Your equity is 99,928.75 USD.", ["99,928.75 USD"]),
        ("Your equity is about 100,000 USD.", ["100,000 USD"]),
        ("It weighs 31 %.", ["31 %"]),
        ("You hold 31 EUR.", ["31 EUR"]),
        ("You hold -31 shares.", ["-31"]),
        ("It is 0.18 lower.", ["0.18"]),
        ("It is 0.2 lower, or 0.1.", ["0.2", "0.1"]),
        ("It weighs 10 %, or 13.0 %.", ["10 %", "13.0 %"]),
        ("At 16:00.", ["16:00"]),
        ("A pod has eleven seats.", ["eleven"]),
        ("It doubled.", ["doubled"]),
        ("It is -{f1}.", ["-{f1}"]),
        ("See {f9} and {n3}.", ["f9", "n3"]),
        ("{f4}000 shares", ["…0", "000"]),
        ("½ of it", ["½"]),
        ("٣١٢ shares", ["312"]),
    ],
)
def test_caught(text: str, caught: list[str]) -> None:
    assert ungrounded(text, book()) == caught


@given(st.decimals(0, 10**9, places=4), st.decimals(0, 10**9, places=2))
def test_money_is_entailed_by_its_own_fact_alone(value: Decimal, other: Decimal) -> None:
    made = FactBook()
    made.add("cash", value, "USD", AT, "test")
    shown = render(made.facts["f1"])
    assert ungrounded(f"You have {shown}.", made) == []
    if abs(other - value) > max(Decimal("0.01"), value * Decimal("0.05")):
        assert ungrounded(f"You have {other:,} USD.", made)


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("1234.5", "USD", "1,234.50 USD"),
        ("0.00012", "USD", "0.0001 USD"),
        ("-0.001", "USD", "-0.0010 USD"),
        ("1.08345", price_unit("USD"), "1.08345 USD"),
        ("29.8", price_unit("USD"), "29.80 USD"),
        ("1", "orders", "1 order"),
        ("120", "shares", "120 shares"),
        ("0.35", SHARE, "35 %"),
        ("-0.0007126", PERCENT, "-0.07 %"),
        (AT.isoformat(), INSTANT, "2012-10-16 15:00 UTC"),
    ],
)
def test_rendering(value: str, unit: str, shown: str) -> None:
    made = FactBook()
    made.add("label", value, unit, AT, "test")
    assert render(made.facts["f1"]) == shown


def test_a_number_of_very_many_digits_is_no_facts() -> None:
    for number in ("31." + "0" * 40, "0." + "0" * 40, "3" * 40, "0.125" + "0" * 60):
        assert ungrounded(f"You hold {number} shares.", book()), number


def test_instruments_may_be_named_whose_symbols_hold_digits() -> None:
    made = book()
    made.instruments = ("XHKG:0700", "XTKS:7203", "BINANCE:1INCH/USDT")
    assert ungrounded("The desk trades XHKG:0700, XTKS:7203 and 1INCH/USDT.", made) == []
    assert ungrounded("You hold 7203 shares.", made) == ["7203"]
    assert ungrounded("The desk trades XHKG:0701.", made) == ["0701"]


@given(st.lists(st.integers(1, 9), max_size=40))
def test_a_stream_gives_the_sentences_of_the_whole(cuts: list[int]) -> None:
    text = "Price is 1.25 USD. Is it? Yes!\nA list:\n- one\n- two. End"
    stream, found, at = Sentences(), [], 0
    for size in (*cuts, len(text)):
        found += list(stream.feed(text[at : at + size]))
        at += size
    found += [stream.rest()]
    assert [one for one in found if one] == sentences(text)


def test_an_instant_is_known_in_the_zone_of_who_asks() -> None:
    """15:00 UTC is 17:00 in Berlin: either hour under the other's name would be wrong."""
    made = book()
    made.zone = "Europe/Berlin"
    assert made.fill("It ended at {f6}.") == "It ended at 2012-10-16 17:00 Europe/Berlin."
    assert ungrounded("It ended at 17:00.", made) == []
    assert ungrounded("It ended at 15:00.", made) != []
    assert ungrounded("It ended at 17:00.", book()) != []
