"""The order's state table is total: every pair either has a state, or raises."""

import itertools

import pytest

from backend.trading.states import (
    ENDED,
    OPEN,
    TRANSITIONS,
    OrderState,
    Trigger,
)
from backend.transitions import IllegalTransition

PAIRS = list(itertools.product(OrderState, Trigger))


@pytest.mark.parametrize(("state", "trigger"), PAIRS)
def test_every_pair_is_decided(state: OrderState, trigger: Trigger) -> None:
    if (state, trigger) in TRANSITIONS:
        assert TRANSITIONS.after(state, trigger) is TRANSITIONS[state, trigger]
    else:
        with pytest.raises(IllegalTransition):
            TRANSITIONS.after(state, trigger)


def test_what_has_ended_stays_ended() -> None:
    """A venue's late execution is booked, but opens nothing again."""
    late = {pair: to for pair, to in TRANSITIONS.items() if pair[0] in ENDED}
    assert set(late.values()) <= ENDED
    assert {trigger for _, trigger in late} == {Trigger.PARTIALLY_FILLED, Trigger.FILLED}


def test_every_open_state_can_end_and_every_state_can_be_reached() -> None:
    for state in OPEN:
        assert {to for (start, _), to in TRANSITIONS.items() if start is state} & ENDED
    assert set(TRANSITIONS.values()) == set(OrderState) - {OrderState.NEW}


def test_only_a_new_order_is_judged() -> None:
    judged = [start for start, trigger in TRANSITIONS if trigger is Trigger.DENIED]
    assert judged == [OrderState.NEW]
