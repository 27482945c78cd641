"""Sessions that ended are fetched once; the vendor's minutes become the bars of every interval."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from infra.functions.fetching import KEPT, fetch_sessions
from market.calendars import trading_sessions
from market.errors import VendorAway
from market.feed.grid import MINUTE_NS, aggregate
from market.feed.source import Print, as_prints
from market.feed.synthetic import history_minutes
from market.history import History
from market.series import VALUES, Bars
from market.shipped import daily_stock
from market.words import Instrument, Interval
from tests.support.build_market import instrument

IBM, AAPL = instrument("IBM"), instrument("AAPL")
MONDAY, WEDNESDAY = date(2012, 10, 15), date(2012, 10, 17)
EVENING = datetime(2012, 10, 17, 22, tzinfo=UTC)


class Recorded:
    """A vendor that tells the minutes of recorded days, as a real one would."""

    def __init__(self, *instruments: object, silent: str = "") -> None:
        self.instruments = tuple(one for one in (IBM, AAPL) if one in instruments)
        self.asked: list[date] = []
        self.away = False
        self._minutes = {
            one.id: history_minutes(one, daily_stock(one.symbol), date(2012, 10, 1), WEDNESDAY)
            for one in self.instruments
            if one.symbol != silent
        }

    async def minutes(self, start: int, end: int) -> list[Print]:
        if self.away:
            raise VendorAway("the vendor does not answer")
        self.asked.append(datetime.fromtimestamp(start / 1e9, UTC).date())
        found: list[Print] = []
        for name, bars in self._minutes.items():
            inside = bars.between(start + 1, end)
            for row in range(len(inside)):
                values = [float(getattr(inside, value)[row]) for value in VALUES]
                found += as_prints(name, int(inside.end[row]) - MINUTE_NS, values)
        return found

    def bars(self, interval: Interval, first: date) -> Bars:
        """What the store should hold of IBM."""
        sessions = trading_sessions("XNYS", first, WEDNESDAY)
        return aggregate(self._minutes[IBM.id], interval, sessions)


def stored(history: History, interval: Interval) -> Bars:
    return history.read(IBM.id, interval, None, EVENING)


async def test_the_bars_are_those_of_the_day(tmp_path: object) -> None:
    history, vendor = History(str(tmp_path)), Recorded(IBM)
    await fetch_sessions(history, vendor, EVENING)
    for interval in KEPT:
        ours, wanted = stored(history, interval), vendor.bars(interval, date(2012, 10, 4))
        assert np.array_equal(ours.end, wanted.end), interval
        for name in VALUES:
            assert np.allclose(getattr(ours, name), getattr(wanted, name)), (interval, name)


async def test_what_is_there_is_not_asked_for_again(tmp_path: object) -> None:
    history, vendor = History(str(tmp_path)), Recorded(IBM)
    await fetch_sessions(history, vendor, EVENING - timedelta(days=1))
    vendor.asked.clear()

    fetched = await fetch_sessions(history, vendor, EVENING)

    assert vendor.asked == [WEDNESDAY]
    assert [one.session for one in fetched] == ["2012-10-17"]
    assert await fetch_sessions(history, vendor, EVENING) == []


async def test_a_session_is_fetched_only_when_it_is_over(tmp_path: object) -> None:
    history, vendor = History(str(tmp_path)), Recorded(IBM)
    close = datetime(2012, 10, 17, 20, tzinfo=UTC)
    await fetch_sessions(history, vendor, close + timedelta(minutes=20))
    assert WEDNESDAY not in vendor.asked, "late prints are on their way"
    await fetch_sessions(history, vendor, close + timedelta(minutes=30))
    assert vendor.asked[-1] == WEDNESDAY


async def test_a_new_instrument_does_not_keep_another_from_going_on(tmp_path: object) -> None:
    history = History(str(tmp_path))
    await fetch_sessions(history, Recorded(IBM), EVENING)

    fetched = await fetch_sessions(history, Recorded(IBM, AAPL), EVENING)

    assert {one.instrument for one in fetched} == {AAPL.id}
    assert len(fetched) == 10


class AlwaysOpen:
    """A venue that never closes, where one of two coins has no trade: a print an hour."""

    traded, silent = (
        Instrument(venue="KRAKEN", symbol=symbol, calendar="24/7", source="test")
        for symbol in ("BTC/USDT", "NEW/USDT")
    )
    instruments = (traded, silent)

    async def minutes(self, start: int, end: int) -> list[Print]:
        hours = range(start, end, 60 * MINUTE_NS)
        return [Print(self.traded.id, at, 10.0, 1.0, f"hour-{at}") for at in hours]


async def test_a_coin_without_trades_does_not_keep_another_from_the_newest(
    tmp_path: object,
) -> None:
    history, vendor = History(str(tmp_path)), AlwaysOpen()
    for days in range(3):
        now = EVENING + timedelta(days=days)
        await fetch_sessions(history, vendor, now)
        kept = history.find(vendor.traded.id, Interval.DAY)
        assert kept is not None
        assert now - kept.last < timedelta(days=1), "a day that ended before is there"


async def test_an_instrument_that_did_not_trade_is_said_to_have_no_bars(tmp_path: object) -> None:
    vendor = Recorded(IBM, AAPL, silent="AAPL")
    fetched = await fetch_sessions(History(str(tmp_path)), vendor, EVENING)
    assert {one.instrument for one in fetched if not one.bars} == {AAPL.id}


async def test_an_outage_loses_nothing(tmp_path: object) -> None:
    history, vendor = History(str(tmp_path)), Recorded(IBM)
    vendor.away = True
    with pytest.raises(VendorAway):
        await fetch_sessions(history, vendor, EVENING)
    vendor.away = False
    assert len(await fetch_sessions(history, vendor, EVENING)) == 10
