"""Messages are the same on both sides of a stream, also with a newer writer."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from market.words import Bar, BarsClosed, FeedState, Instrument, Interval, Tick, split_instrument

END = datetime(2012, 10, 15, 19, 15, tzinfo=UTC)


def bar(instrument: str = "XNYS:IBM") -> Bar:
    return Bar(
        instrument=instrument,
        interval=Interval.QUARTER,
        start=END - timedelta(minutes=15),
        end=END,
        open=1.0,
        high=2.0,
        low=0.5,
        close=1.5,
        volume=10.0,
        synthetic=True,
    )


def test_closed_bars_travel() -> None:
    closed = BarsClosed(interval=Interval.QUARTER, end=END, bars=(bar(),))
    assert BarsClosed.decode(msgspec.json.encode(closed)) == closed
    assert closed.of("XNYS:IBM") == bar()
    assert closed.of("XNYS:AAPL") is None


def test_unknown_fields_are_ignored() -> None:
    tick = Tick(instrument="XNYS:IBM", at=END, price=1.0, size=2.0)
    newer = msgspec.json.decode(msgspec.json.encode(tick)) | {"exchange_code": "Q"}
    assert msgspec.json.decode(msgspec.json.encode(newer), type=Tick) == tick


def test_words_do_not_change() -> None:
    with pytest.raises(AttributeError):
        bar().close = 2.0  # type: ignore[misc]  # that is the test


def test_the_state_of_the_feed_travels() -> None:
    state = FeedState(
        feed="replay:demo", instruments=("XNYS:IBM",), until=END, beat=1.0, last_bars={"15m": END}
    )
    assert msgspec.json.decode(msgspec.json.encode(state), type=FeedState) == state


@pytest.mark.parametrize(("interval", "seconds"), [("1m", 60), ("15m", 900), ("1d", 86_400)])
def test_intervals_know_their_length(interval: str, seconds: int) -> None:
    assert Interval(interval).seconds == seconds


def test_an_instrument_is_venue_and_symbol() -> None:
    assert split_instrument(Instrument(venue="XNYS", symbol="IBM").id) == ("XNYS", "IBM")
    for wrong in ("IBM", "XNYS:", ":IBM", ""):
        with pytest.raises(ValueError, match="write VENUE:SYMBOL"):
            split_instrument(wrong)
