"""Misspelt words are mended, words of the language and names are not."""

import pytest

from ai_pod.agents.chatbot.shorthand import spelled_out
from ai_pod.agents.chatbot.vocabulary import Vocabulary

NAMES = frozenset({"microsoft", "apple", "aapl"})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wheres my biggest postion", "wheres my biggest position"),
        ("csh left", "cash left"),
        ("overide tomorow", "override tomorrow"),
        ("holdngs and commision", "holdings and commission"),
        ("any microsft or appel", "any microsoft or apple"),
        ("tesla, boeing, oracle, ford", "tesla, boeing, oracle, ford"),
        ("nvda tsla amzn nflx", "nvda tsla amzn nflx"),
        ("AAPK XLON:CSH", "AAPK XLON:CSH"),
    ],
)
def test_misspelt_words(vocabulary: Vocabulary, typed: str, meant: str) -> None:
    assert vocabulary.mended(typed, NAMES) == meant


def test_what_only_outside_examples_say_is_unknown(vocabulary: Vocabulary) -> None:
    assert vocabulary.unknown("the dividends of my positions") == ["dividends"]


@pytest.mark.parametrize(
    ("typed", "full"),
    [
        ("whats my avg px, pls", "what is my average price, please"),
        ("y did u buy", "why did you buy"),
        ("P/L and p&l", "pnl and p&l"),
        ("U and R are symbols", "U and R are symbols"),
        ("I'm in, e.g. at 2.5", "I'm in, e.g. at 2.5"),
    ],
)
def test_short_forms_are_spelled_out(typed: str, full: str) -> None:
    assert spelled_out(typed) == full
    assert spelled_out(full) == full
