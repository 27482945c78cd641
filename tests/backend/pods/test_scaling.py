"""`wanted_pods`, as properties: enough seats always, never down before the hold-down."""

from datetime import UTC, datetime, timedelta
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.pods.scaling import Demand, Wanted, wanted_pods

NOW = datetime(2026, 11, 21, tzinfo=UTC)
HOLD = timedelta(seconds=60)
counts = st.integers(min_value=0, max_value=3000)
demands = st.builds(Demand, seated=counts, waiting=counts, prewarm=st.integers(0, 50))


@pytest.mark.parametrize(
    ("demand", "pods"),
    [
        (Demand(0), 1),
        (Demand(8), 1),
        (Demand(9), 2),
        (Demand(12), 2),
        (Demand(0, waiting=12), 2),
        (Demand(22), 3),
        (Demand(12, waiting=10), 3),
        (Demand(12, prewarm=7), 3),
        (Demand(200), 21),
    ],
)
def test_the_formula(demand: Demand, pods: int) -> None:
    assert wanted_pods(demand, None, NOW, HOLD).pods == pods


@given(demands)
def test_there_are_always_seats_for_all_and_headroom(demand: Demand) -> None:
    pods = wanted_pods(demand, None, NOW, HOLD).pods
    wanted = demand.seated + demand.waiting + demand.prewarm
    assert pods * 10 >= wanted + max(2, ceil((demand.seated + demand.waiting) * 0.02))
    assert (pods - 1) * 10 < wanted + demand.headroom


@given(st.lists(st.tuples(demands, st.floats(0.1, 90)), min_size=1, max_size=30))
def test_it_goes_up_at_once_and_down_only_after_the_hold_down(
    steps: list[tuple[Demand, float]],
) -> None:
    previous: Wanted | None = None
    now = NOW
    history: list[tuple[datetime, int]] = []
    for demand, seconds in steps:
        now += timedelta(seconds=seconds)
        history.append((now, demand.pods))
        verdict = wanted_pods(demand, previous, now, HOLD)
        assert verdict.pods >= demand.pods
        if previous is not None and verdict.pods < previous.pods:
            assert previous.lower_since is not None
            assert now - previous.lower_since >= HOLD
            since = [pods for at, pods in history if at >= previous.lower_since]
            assert verdict.pods == max(since)
        previous = verdict


@given(demands, demands)
def test_the_same_demand_for_longer_than_the_hold_down_is_reached(
    before: Demand, after: Demand
) -> None:
    verdict = wanted_pods(before, None, NOW, HOLD)
    for seconds in range(0, 200, 5):
        verdict = wanted_pods(after, verdict, NOW + timedelta(seconds=seconds), HOLD)
    assert verdict.pods == after.pods
    assert verdict.lower_since is None
