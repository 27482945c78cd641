"""Which bars belong to the trading hours, and which is still due when they end."""

from datetime import timedelta

import pytest

from ai_pod.agents.messages import PlanChanged
from ai_pod.agents.trading.hours import TradingHours
from ai_pod.contracts.plan import Phase
from market.words import Interval
from tests.support.build_pod import MINUTE, OPEN, POD, always, plan, segment

HOUR = timedelta(hours=1)


@pytest.fixture
def hours() -> TradingHours:
    hours = TradingHours(POD)
    day = plan(
        segment(Phase.LEARNING, OPEN - HOUR, OPEN),
        segment(Phase.TRADING, OPEN, OPEN + HOUR),
        segment(Phase.LEARNING, OPEN + HOUR, OPEN + 9 * HOUR),
        version=2,
    )
    hours.take(PlanChanged(plan=day))
    return hours


@pytest.mark.parametrize(
    ("minutes", "covered"), [(-1, False), (0, False), (1, True), (60, True), (61, False)]
)
def test_a_bar_belongs_by_its_end(hours: TradingHours, minutes: int, covered: bool) -> None:
    assert hours.covers(OPEN + minutes * MINUTE) is covered


def test_a_plan_told_late_is_ignored(hours: TradingHours) -> None:
    hours.take(PlanChanged(plan=always(Phase.TRADING, version=1)))
    assert not hours.covers(OPEN + 2 * HOUR)


def test_the_closing_bar_is_due_when_the_segment_ends(hours: TradingHours) -> None:
    for late in (timedelta(), MINUTE, HOUR):
        assert hours.due(Interval.QUARTER, OPEN + HOUR + late) == OPEN + HOUR
    assert hours.due(Interval.QUARTER, OPEN + 20 * MINUTE) == OPEN + 15 * MINUTE


def test_nothing_is_due_before_a_bar_can_have_ended(hours: TradingHours) -> None:
    assert hours.due(Interval.QUARTER, OPEN + 14 * MINUTE) is None
    assert hours.due(Interval.DAY, OPEN + HOUR) is None
