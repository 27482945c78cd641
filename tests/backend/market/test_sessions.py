"""An exchange's sessions as the API tells them: half days, lunch breaks, summer time."""

import asyncio
from datetime import date, datetime

import pytest

from backend.errors import DomainError, Invalid, NotFound
from backend.market.schemas import MarketSessionView
from backend.market.sessions import MOST_DAYS, sessions


def told(calendar: str, first: str, last: str) -> list[MarketSessionView]:
    asked = sessions(calendar, date.fromisoformat(first), date.fromisoformat(last))
    return asyncio.run(asked).sessions


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_half_day_closes_early_and_says_so() -> None:
    thursday_was_thanksgiving = told("XNYS", "2012-11-21", "2012-11-23")
    assert [(one.day.day, one.shortened) for one in thursday_was_thanksgiving] == [
        (21, False),
        (23, True),
    ]
    assert thursday_was_thanksgiving[1].closes == at("2012-11-23T18:00:00Z")


def test_summer_time_moves_the_opening() -> None:
    before, after = told("XNYS", "2012-03-09", "2012-03-12")
    assert (before.opens, after.opens) == (at("2012-03-09T14:30:00Z"), at("2012-03-12T13:30:00Z"))
    assert before.break_starts is None


def test_a_lunch_break_and_a_market_that_never_closes() -> None:
    (tokyo,) = told("XTKS", "2012-10-15", "2012-10-15")
    assert (tokyo.break_starts, tokyo.break_ends) == (
        at("2012-10-15T02:30:00Z"),
        at("2012-10-15T03:30:00Z"),
    )
    first, second = told("24/7", "2012-10-13", "2012-10-14")
    assert first.closes == second.opens == at("2012-10-14T00:00:00Z")


@pytest.mark.parametrize(
    ("calendar", "first", "last", "refusal"),
    [
        ("NOWHERE", "2012-10-15", "2012-10-16", NotFound),
        ("XNYS", "2012-10-16", "2012-10-15", Invalid),
        ("XNYS", "2009-01-01", "2012-01-01", Invalid),
    ],
)
def test_what_makes_no_sense_is_refused(
    calendar: str, first: str, last: str, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal, match=f"known are|after|{MOST_DAYS} days"):
        told(calendar, first, last)
