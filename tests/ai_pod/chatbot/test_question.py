"""What a question names."""

from datetime import date

import pytest

from ai_pod.agents.chatbot.question import Question, When, normalised, read
from market.words import Instrument
from tests.support.build_chat import NOW

NAMES = {
    "AAPL": "Apple Inc.",
    "ALL": "Allstate Corporation",
    "BBY": "Best Buy Co., Inc.",
    "GE": "General Electric Company",
    "IBM": "International Business Machines",
}
SERVED = {
    f"XNYS:{symbol}": Instrument(venue="XNYS", symbol=symbol, name=name)
    for symbol, name in NAMES.items()
}


KNOWN = {"nav", "portfolio", "sharpe"}


def _read(text: str) -> Question:
    return read(text, SERVED, NOW, KNOWN.__contains__)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Why did we buy Apple and IBM?", ["AAPL", "IBM"]),
        ("ibm, then aapl, then IBM's price", ["IBM", "AAPL"]),
        ("price of XNYS:AAPL.", ["AAPL"]),
        ("What about Best Buy?", ["BBY"]),
        ("What was the best Sharpe ratio?", []),
        ("general questions of international interest", []),
        ("Is all of it sold?", []),
        ("Is ALL sold?", ["ALL"]),
        ("GE or general electric", ["GE"]),
        ("any ge left?", ["GE"]),
        ("Is there any pineapple?", []),
    ],
)
def test_instruments_are_known_by_id_symbol_and_company(text: str, named: list[str]) -> None:
    question = _read(text)
    assert list(question.instruments) == [f"XNYS:{symbol}" for symbol in named]
    assert question.unknown_instruments == ()


def test_an_instrument_that_is_not_served_is_told_apart() -> None:
    assert _read("Do I hold TSLA or XLON:VOD?").unknown_instruments == ("TSLA", "XLON:VOD")
    assert _read("WHAT IS MY EQUITY").unknown_instruments == ()
    assert _read("What is my NAV?").unknown_instruments == ()


def test_a_name_inside_a_sentence_is_an_unknown_one_unless_it_is_a_known_word() -> None:
    assert _read("What did Miller buy?").unknown_instruments == ("Miller",)
    assert _read("Show the Portfolio. Thanks").unknown_instruments == ()


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("Morning! How much cash?", ("how much cash",)),
        ("Do we hold IBM? Why?", ("do we hold ibm why",)),
        ("Boss wants to know what we own", ("what we own",)),
        ("whats the avg px of aapl pls", ("what is the average price of ibm",)),
        ("Hi!", ("hi",)),
    ],
)
def test_clauses_are_what_is_asked(text: str, clauses: tuple[str, ...]) -> None:
    assert _read(text).clauses == clauses


def test_instruments_look_alike_to_what_follows() -> None:
    assert _read("Price of Best Buy? And of Apple?").clauses == ("price of ibm", "and of ibm")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("What's my P&L, please?", "what is my profit and loss"),
        ("hey, could you tell me who's the champion", "who is the champion"),
        ("Do you know when it closes?", "when it closes"),
        ("I'd like to know what we've sold", "what we have sold"),
        ("Please", ""),
        ("Hello", "hello"),
        ("Can you answer questions?", "can you answer questions"),
    ],
)
def test_courtesies_and_short_forms_make_no_difference(text: str, plain: str) -> None:
    assert normalised(text) == plain


@pytest.mark.parametrize(
    ("text", "when", "day"),
    [
        ("When does it open tomorrow?", When.TOMORROW, date(2012, 10, 17)),
        ("What did we sell yesterday?", When.YESTERDAY, date(2012, 10, 15)),
        ("Is there a pause tonight?", When.TODAY, date(2012, 10, 16)),
        ("Is there trading on Monday?", When.WEEKDAY, date(2012, 10, 22)),
        ("What was my equity last year?", When.PAST, None),
        ("How much did I make this month?", When.PAST, None),
        ("And the day after tomorrow?", When.FUTURE, None),
        ("is it open tmrw", When.TOMORROW, date(2012, 10, 17)),
        ("yesterdays fills", When.YESTERDAY, date(2012, 10, 15)),
        ("Where will it be in six months?", When.FUTURE, None),
        ("What is my equity?", When.NOW, None),
    ],
)
def test_the_time_asked_about(text: str, when: When, day: date | None) -> None:
    question = _read(text)
    assert (question.when, question.day) == (when, day)
