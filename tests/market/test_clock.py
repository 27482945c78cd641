"""Market time runs from one anchor, the same in every process."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.clock import Anchor, Clock, parse_instant
from tests.support.build_market import Wall, clock

START = datetime(2012, 10, 15, 19, tzinfo=UTC)


def test_market_time_runs_at_its_speed() -> None:
    wall = Wall()
    demo = clock(START, wall, speed=600)
    wall.now += 1.5
    assert demo.now() == START + timedelta(minutes=15)


def test_real_seconds_until_an_instant() -> None:
    wall = Wall()
    demo = clock(START, wall, speed=600)
    assert demo.real_seconds_until(START + timedelta(hours=1)) == pytest.approx(6.0)
    assert demo.real_seconds_until(START - timedelta(hours=1)) == pytest.approx(-6.0)
    assert demo.market_span(2.0) == timedelta(minutes=20)


def test_the_wall_clock_has_no_anchor() -> None:
    wall = Wall()
    assert Clock(None, wall).now() == datetime.fromtimestamp(wall.now, UTC)
    assert Clock.parse("wall").speed == 1.0


def test_an_anchor_reads_what_it_writes() -> None:
    anchor = Anchor(market=START, wall=1_800_000_000.25, speed=600.0)
    assert Anchor.parse(str(anchor)) == anchor


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.floats(0, 2e9).map(lambda wall: round(wall, 6)),
    st.sampled_from([1.0, 60.0, 600.0, 1000.0]),
)
def test_any_anchor_reads_what_it_writes(market: datetime, wall: float, speed: float) -> None:
    read = Anchor.parse(str(Anchor(market=market, wall=wall, speed=speed)))
    assert read is not None
    assert read.market == market
    assert read.wall == pytest.approx(wall, abs=2e-6)
    assert read.speed == speed


@pytest.mark.parametrize(
    "text",
    ["2012-10-15T19:00:00Z", "2012-10-15T19:00:00=2026-11-21T09:00:00Z@600", "x=y@z", "@600"],
)
def test_another_clock_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="expected 'wall' or MARKET_TIME=WALL_TIME@SPEED"):
        Anchor.parse(text)


@pytest.mark.parametrize("speed", ["0", "-600", "nan", "inf"])
def test_a_clock_runs_forwards(speed: str) -> None:
    with pytest.raises(ValueError, match=f"the speed {speed} is not above zero"):
        Anchor.parse(f"2012-10-15T19:00:00Z=2026-11-21T09:00:00Z@{speed}")


def test_an_instant_needs_a_zone() -> None:
    assert parse_instant("2012-10-15T21:00:00+02:00") == START
    with pytest.raises(ValueError, match="has no time zone"):
        parse_instant("2012-10-15T21:00:00")
