"""What the detectors make of data, plan and clocks."""

from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec import structs

from ai_pod.contracts.agents import PodHeartbeat, PodState
from ai_pod.contracts.plan import Phase, Segment
from backend.trading import findings
from backend.trading.findings import Look
from market.clock import Anchor, Clock
from market.words import FeedState
from tests.support.build_trading import AAPL, MINUTE, T0

OPENED = T0 - timedelta(hours=1)
TRADING = Segment(
    phase=Phase.TRADING, starts=OPENED, ends=T0 + timedelta(hours=1), reason="market session"
)
CLOSED = Segment(
    phase=Phase.LEARNING, starts=OPENED, ends=T0 + timedelta(hours=1), reason="market closed"
)
FEED = FeedState(feed="replay", instruments=(AAPL,), until=T0, beat=100.0)
LOOK = Look(
    now=T0,
    since=OPENED,
    segment=TRADING,
    last_trade=T0 - MINUTE,
    feed=FEED,
    patience=2 * MINUTE,
)
SILENT = replace(LOOK, last_trade=T0 - 3 * MINUTE)
NEVER = replace(LOOK, last_trade=OPENED - MINUTE)


@pytest.mark.parametrize(
    ("look", "stale"),
    [
        (LOOK, False),
        (SILENT, True),
        (replace(SILENT, since=T0 - MINUTE), False),
        (replace(SILENT, patience=timedelta(hours=2)), False),
        (replace(SILENT, segment=CLOSED), False),
        (replace(SILENT, segment=None), False),
        (NEVER, False),
        (replace(NEVER, feed=None), True),
        (replace(LOOK, feed=None), False),
        (replace(LOOK, last_trade=None, feed=None), True),
    ],
)
def test_a_feed_is_stale_when_it_stops_while_the_plan_says_trading(look: Look, stale: bool) -> None:
    assert (findings.stale_feed(look) is not None) is stale


@pytest.mark.parametrize(
    ("look", "disagrees"),
    [
        (LOOK, False),
        (SILENT, False),
        (NEVER, True),
        (replace(NEVER, since=T0 - MINUTE), False),
        (replace(NEVER, feed=None), False),
        (replace(LOOK, segment=CLOSED), True),
        (replace(SILENT, segment=CLOSED), False),
        (replace(LOOK, segment=structs.replace(CLOSED, reason="learning window")), False),
        (replace(LOOK, segment=structs.replace(CLOSED, override="override_1")), False),
        (replace(LOOK, segment=structs.replace(CLOSED, starts=T0 - 2 * MINUTE)), False),
    ],
)
def test_trades_and_plan_contradict_each_other(look: Look, disagrees: bool) -> None:
    assert (findings.calendar_disagreement(look) is not None) is disagrees


@pytest.mark.parametrize(("beat", "skewed"), [(100.0, False), (106.0, True), (80.0, True)])
def test_the_feed_s_clock_is_compared(beat: float, skewed: bool) -> None:
    look = replace(LOOK, feed=structs.replace(FEED, beat=beat))
    assert (findings.feed_skew(look, 100.0, Clock()) is not None) is skewed


def test_trades_of_the_future_are_skewed() -> None:
    clock = Clock(Anchor(market=T0, wall=0.0, speed=60.0))
    for seconds, skewed in ((299, False), (301, True)):
        look = replace(LOOK, last_trade=T0 + timedelta(seconds=seconds))
        assert (findings.feed_skew(look, 100.0, clock) is not None) is skewed


@pytest.mark.parametrize(
    ("beat_at", "market_seconds", "skewed"),
    [(100.0, 0.0, False), (104.0, 0.0, False), (107.0, 0.0, True), (100.0, 400.0, True)],
)
def test_a_pod_s_clocks_are_compared(beat_at: float, market_seconds: float, skewed: bool) -> None:
    clock = Clock(Anchor(market=T0, wall=100.0, speed=60.0))
    beat = PodHeartbeat(
        pod="pod-a",
        pool="XNYS",
        address="http://pod",
        state=PodState.READY,
        phase=Phase.TRADING,
        phase_epoch=1,
        phase_reason="",
        plan_version=1,
        desks=(),
        agents=(),
        beat_at=beat_at,
        market_now=clock.at_wall(beat_at) + timedelta(seconds=market_seconds),
        started_at=0.0,
    )
    assert (findings.pod_skew(beat, 100.0, clock) is not None) is skewed
