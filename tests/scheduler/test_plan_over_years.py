"""Twenty years of plans against the exchanges' own minutes, minute by minute."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import exchange_calendars
import numpy as np
import pytest

from ai_pod.contracts.plan import Phase, Plan
from market.calendars import to_ns, trading_sessions
from scheduler.plan import AHEAD, PAST, Inputs, plan, sessions_for
from tests.support.build_scheduler import pool

EXCHANGES = ("XNYS", "XLON", "XTKS", "XHKG", "XETR")
FIRST, LAST = datetime(2005, 1, 3, tzinfo=UTC), datetime(2024, 12, 30, tzinfo=UTC)
MINUTE_NS = 60_000_000_000


def _weeks(name: str) -> list[Plan]:
    """One plan a week, so that their horizons cover twenty years without a gap."""
    its_pool, sessions = pool(name), trading_sessions(name, FIRST.date(), LAST.date() + AHEAD)
    weeks = (FIRST + n * AHEAD for n in range((LAST - FIRST) // AHEAD))
    return [plan(its_pool, {name: sessions}, Inputs(1), now) for now in weeks]


@pytest.fixture(scope="module", params=EXCHANGES)
def exchange(request: pytest.FixtureRequest) -> tuple[str, list[Plan]]:
    return request.param, _weeks(request.param)


def _minutes(plans: list[Plan], phase: Phase) -> np.ndarray:
    """All minutes of `phase` in the week ahead of each plan."""
    ranges = [
        np.arange(to_ns(max(segment.starts, week.computed_at)), to_ns(segment.ends), MINUTE_NS)
        for week in plans
        for segment in week.segments
        if segment.phase is phase and segment.ends > week.computed_at
    ]
    return np.concatenate(ranges) if ranges else np.zeros(0, dtype=np.int64)


def test_trading_is_exactly_the_minutes_of_the_exchange(exchange: tuple[str, list[Plan]]) -> None:
    name, plans = exchange
    truth = exchange_calendars.get_calendar(name, start="2005-01-01", end="2025-01-10")
    minutes = truth.minutes.tz_localize(None).to_numpy().astype("datetime64[ns]").astype(np.int64)
    until = plans[-1].segments[-1].ends
    wanted = minutes[(minutes >= to_ns(FIRST)) & (minutes < to_ns(until))]
    assert len(wanted) > 1_000_000
    assert np.array_equal(_minutes(plans, Phase.TRADING), wanted)


def test_breaks_pause_and_nothing_else_does(exchange: tuple[str, list[Plan]]) -> None:
    name, plans = exchange
    paused = {
        (segment.reason, segment.ends - segment.starts)
        for week in plans
        for segment in week.segments[1:-1]
        if segment.phase is Phase.PAUSED
    }
    # exchange_calendars knows of each exchange's present lunch only.
    wanted = {("lunch break", timedelta(hours=1))} if name in ("XTKS", "XHKG") else set()
    assert paused == wanted


def test_segments_are_gapless_and_cover_the_horizon(exchange: tuple[str, list[Plan]]) -> None:
    for week in exchange[1]:
        assert week.segments[0].starts == week.computed_at - PAST
        assert week.segments[-1].ends == week.computed_at + AHEAD
        for one, other in pairwise(week.segments):
            assert one.ends == other.starts
            assert one.phase is not other.phase
        assert all(segment.starts < segment.ends for segment in week.segments)


def test_a_pod_finds_its_segment_at_any_instant(exchange: tuple[str, list[Plan]]) -> None:
    for week in exchange[1][::13]:
        for hours in np.arange(0, 168, 0.75):
            now = week.computed_at + timedelta(hours=float(hours))
            segment = week.segment_at("pod", now)
            assert segment is not None
            assert segment.starts <= now < segment.ends
            following = week.next_after("pod", now)
            assert following is None or following.starts == segment.ends


@pytest.mark.parametrize(
    ("name", "zone_moves", "before", "after"),
    [
        ("XNYS", "2012-03-11", "14:30", "13:30"),
        ("XNYS", "2012-11-04", "13:30", "14:30"),
        ("XLON", "2012-03-25", "08:00", "07:00"),
        ("XETR", "2012-10-28", "07:00", "08:00"),
    ],
)
def test_one_plan_over_a_change_of_the_clocks(
    name: str, zone_moves: str, before: str, after: str
) -> None:
    sunday = datetime.fromisoformat(zone_moves).replace(tzinfo=UTC)
    its_pool, now = pool(name), sunday - timedelta(days=3)
    made = plan(its_pool, sessions_for(its_pool, now), Inputs(1), now)
    opens = [f"{s.starts:%a %H:%M}" for s in made.segments[1:] if s.phase is Phase.TRADING]
    assert f"Fri {before}" in opens
    assert f"Mon {after}" in opens or f"Wed {after}" in opens
