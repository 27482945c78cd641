"""Calendars against what the exchanges publish: hours on the wall, half days, holidays, clocks."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import exchange_calendars
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market.calendars import (
    ALWAYS,
    CME_PRODUCTS,
    Sessions,
    calendar_over,
    from_ns,
    to_ns,
    trading_sessions,
)
from market.errors import CalendarError
from market.remarkable import remarkable_days
from market.zones import zone_of

FIRST, LAST = date(2005, 1, 1), date(2024, 12, 31)

HOURS = {
    "XNYS": ("America/New_York", {"09:30"}, {"16:00", "13:00"}),
    "XLON": ("Europe/London", {"08:00"}, {"16:30", "12:30"}),
    "XETR": ("Europe/Berlin", {"09:00"}, {"17:30", "14:00"}),
    # Half days until 2008 ended before lunch; since 2024-11-05 trading ends at 15:30.
    "XTKS": ("Asia/Tokyo", {"09:00"}, {"15:00", "15:30", "11:00"}),
    # From 2011-03-07 on 09:30; half days end before lunch.
    "XHKG": ("Asia/Hong_Kong", {"10:00", "09:30"}, {"16:00", "12:00", "12:30"}),
}


def _local(ns: int, zone: str) -> str:
    return f"{from_ns(ns).astimezone(ZoneInfo(zone)):%H:%M}"


def _utc(text: str) -> int:
    return to_ns(datetime.fromisoformat(text).replace(tzinfo=UTC))


@pytest.mark.parametrize("name", HOURS)
def test_twenty_years_open_and_close_by_the_clock_on_the_wall(name: str) -> None:
    zone, opens, closes = HOURS[name]
    sessions = trading_sessions(name, FIRST, LAST)
    assert {_local(ns, zone) for ns in sessions.opens} == opens
    assert {_local(ns, zone) for ns in sessions.closes} <= closes
    assert 20 * 240 < len(sessions) < 20 * 257
    assert (np.diff(sessions.opens) > 0).all()
    assert (sessions.closes > sessions.opens).all()
    assert (sessions.opens[1:] >= sessions.closes[:-1]).all()
    dates = [from_ns(ns).astimezone(ZoneInfo(zone)).date() for ns in sessions.opens]
    assert dates == sessions.labels.tolist()


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("XNYS", "2012-03-09T14:30", "2012-03-12T13:30"),
        ("XNYS", "2012-11-02T13:30", "2012-11-05T14:30"),
        ("XLON", "2012-03-23T08:00", "2012-03-26T07:00"),
        ("XLON", "2012-10-26T07:00", "2012-10-29T08:00"),
        ("XETR", "2012-03-23T08:00", "2012-03-26T07:00"),
        ("XETR", "2012-10-26T07:00", "2012-10-29T08:00"),
    ],
)
def test_openings_move_in_utc_when_the_clocks_do(name: str, before: str, after: str) -> None:
    sessions = trading_sessions(name, date(2012, 1, 1), date(2012, 12, 31))
    assert _utc(before) in sessions.opens
    assert _utc(after) in sessions.opens


def test_tokyo_has_lunch_and_new_york_does_not() -> None:
    tokyo = trading_sessions("XTKS", date(2012, 6, 1), date(2012, 6, 1))
    assert _local(tokyo.break_starts[0], "Asia/Tokyo") == "11:30"
    assert _local(tokyo.break_ends[0], "Asia/Tokyo") == "12:30"
    assert tokyo.is_open(_utc("2012-06-01T02:29:59"))
    assert not tokyo.is_open(_utc("2012-06-01T02:30"))
    assert tokyo.is_open(_utc("2012-06-01T03:30"))
    new_york = trading_sessions("XNYS", FIRST, LAST)
    assert not new_york.break_starts.any()
    assert not new_york.break_ends.any()


def test_known_holidays_and_half_days_are_marked() -> None:
    marks = {
        (mark.day, mark.kind): mark.detail
        for mark in remarkable_days("XNYS", date(2012, 10, 1), date(2012, 12, 31))
    }
    assert {day.isoformat() for day, kind in marks if kind == "holiday"} == {
        "2012-10-29", "2012-10-30", "2012-11-22", "2012-12-25",
    }  # fmt: skip
    assert {day.isoformat() for day, kind in marks if kind == "half day"} == {
        "2012-11-23", "2012-12-24",
    }  # fmt: skip
    assert [day.isoformat() for day, kind in marks if kind == "DST"] == ["2012-11-04"]
    assert marks[date(2012, 11, 22), "holiday"] == "Thanksgiving"
    assert marks[date(2012, 12, 24), "half day"] == "14:30–18:00 UTC"
    assert marks[date(2012, 11, 4), "DST"] == "clocks of America/New_York go back"


@pytest.mark.parametrize("name", HOURS)
def test_every_weekday_is_a_session_or_a_marked_holiday(name: str) -> None:
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    weekdays = {day for day in days if day.weekday() < 5}
    marks = remarkable_days(name, FIRST, LAST)
    holidays = {mark.day for mark in marks if mark.kind == "holiday"}
    sessions = set(trading_sessions(name, FIRST, LAST).labels.tolist())
    assert holidays & sessions == set()
    assert weekdays == (holidays | sessions) & weekdays
    clock_changes = Counter(mark.day.year for mark in marks if mark.kind == "DST")
    wanted = {} if name in ("XTKS", "XHKG") else dict.fromkeys(range(2005, 2025), 2)
    assert clock_changes == wanted


@pytest.mark.parametrize("name", ["XNYS", "XLON", "XETR", "XTKS"])
def test_half_days_are_exactly_the_shorter_sessions(name: str) -> None:
    sessions = trading_sessions(name, FIRST, LAST)
    lengths = sessions.closes - sessions.opens
    usual = np.median(lengths)
    shorter = set(sessions.labels[lengths < usual].tolist())
    marked = {m.day for m in remarkable_days(name, FIRST, LAST) if m.kind == "half day"}
    assert marked == shorter


def test_the_cme_stops_an_hour_a_day_and_its_day_begins_the_evening_before() -> None:
    sessions = trading_sessions("CMES", date(2013, 9, 3), date(2013, 9, 6))
    assert [_local(ns, "America/Chicago") for ns in sessions.opens] == ["17:00"] * 4
    assert [_local(ns, "America/Chicago") for ns in sessions.closes] == ["16:00"] * 4
    assert from_ns(sessions.opens[0]).date() == date(2013, 9, 2)
    assert not sessions.is_open(_utc("2013-09-03T21:30"))
    assert sessions.is_open(_utc("2013-09-03T22:00"))


@pytest.mark.parametrize("name", CME_PRODUCTS)
def test_every_cme_product_has_sessions(name: str) -> None:
    assert len(trading_sessions(name, date(2012, 10, 1), date(2012, 10, 31))) == 23


def test_around_the_clock_is_always_open_and_one_span() -> None:
    sessions = trading_sessions(ALWAYS, date(2012, 2, 28), date(2012, 3, 1))
    assert len(sessions) == 3
    starts, ends = sessions.spans()
    assert from_ns(starts[0]) == datetime(2012, 2, 28, tzinfo=UTC)
    assert from_ns(ends[0]) == datetime(2012, 3, 2, tzinfo=UTC)
    assert len(starts) == 1


def test_labels_bound_the_sessions_and_instants_cut_them() -> None:
    sessions = trading_sessions("XNYS", date(2012, 10, 26), date(2012, 11, 1))
    assert [str(day) for day in sessions.labels] == ["2012-10-26", "2012-10-31", "2012-11-01"]
    touched = sessions.slice(_utc("2012-10-31T19:59"), _utc("2012-11-01T13:30"))
    assert [str(day) for day in touched.labels] == ["2012-10-31"]
    assert len(sessions.slice(_utc("2012-10-27T00:00"), _utc("2012-10-30T00:00"))) == 0
    assert len(trading_sessions("XNYS", date(2012, 10, 27), date(2012, 10, 30))) == 0


def test_across_new_year() -> None:
    sessions = trading_sessions("XLON", date(2012, 12, 31), date(2013, 1, 2))
    assert [str(day) for day in sessions.labels] == ["2012-12-31", "2013-01-02"]


@pytest.mark.parametrize(
    ("name", "start", "end", "says"),
    [
        ("XNOPE", date(2012, 1, 1), date(2012, 2, 1), "unknown calendar 'XNOPE'; known are 24/7"),
        ("XHKG", date(2049, 6, 1), date(2050, 2, 1), "XHKG does not cover 2049-06-01 to 2050-02"),
        ("XTKS", date(1990, 1, 1), date(1990, 2, 1), "XTKS does not cover"),
        ("XNYS", date(2012, 2, 1), date(2012, 1, 1), "give the earlier day first"),
    ],
)
def test_what_is_not_known_is_refused_in_words(
    name: str, start: date, end: date, says: str
) -> None:
    with pytest.raises(CalendarError, match=says):
        trading_sessions(name, start, end)


def test_every_calendar_is_served_or_refused_in_words() -> None:
    """Shanghai, Bombay and Singapore announce their holidays; a few the library cannot compute."""
    served = set()
    for name in exchange_calendars.get_calendar_names(include_aliases=False):
        try:
            sessions = trading_sessions(name, date(2022, 3, 1), date(2022, 4, 1))
        except CalendarError as error:
            assert len(str(error)) < 300  # noqa: PT017  # either outcome is fine, silence is not
        else:
            assert (sessions.closes > sessions.opens).all()
            served.add(name)
    assert {"XSHG", "XBOM", "XSES", "XNYS", "XTKS", "24/5"} <= served
    marks = remarkable_days("XSHG", date(2022, 2, 1), date(2022, 2, 4))
    assert {mark.detail for mark in marks} == {"the market is closed"}


def test_a_calendar_serves_up_to_its_last_covered_day() -> None:
    assert len(trading_sessions("XHKG", date(2049, 12, 1), date(2049, 12, 31))) > 18


moments = st.datetimes(datetime(2012, 1, 2), datetime(2012, 12, 30), timezones=st.just(UTC))


@settings(max_examples=300, deadline=None)
@given(moment=moments)
def test_a_union_is_open_when_any_of_its_markets_is(moment: datetime) -> None:
    year = [_year(name) for name in ("XTKS", "XLON", "XNYS")]
    union = year[0].union(*year[1:])
    ns = to_ns(moment)
    assert union.is_open(ns) == any(sessions.is_open(ns) for sessions in year)
    assert (union.opens[1:] > union.closes[:-1]).all()


@given(moment=st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)))
def test_instants_survive_the_way_through_nanoseconds(moment: datetime) -> None:
    assert from_ns(to_ns(moment)) == moment


def _year(name: str) -> Sessions:
    return trading_sessions(name, date(2012, 1, 1), date(2012, 12, 31))


def test_midnight_belongs_to_the_day_it_begins() -> None:
    midnight = to_ns(datetime.combine(date(2012, 3, 1), time(), UTC))
    assert trading_sessions(ALWAYS, date(2012, 3, 1), date(2012, 3, 1)).is_open(midnight)
    assert not trading_sessions(ALWAYS, date(2012, 2, 29), date(2012, 2, 29)).is_open(midnight)


def test_zones_are_those_of_the_calendars() -> None:
    for name in ("XNYS", "XETR", "XTKS", "CMES", "XSHG", "24/7"):
        today = date(2026, 3, 2)
        assert zone_of(name) == calendar_over(name, today, today).zone
    assert zone_of("nowhere") == "UTC"
