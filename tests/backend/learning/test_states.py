"""The policy's state table is total: every pair either has a state, or raises."""

import itertools

import pytest

from backend.learning.states import (
    TRANSITIONS,
    WAITING,
    PolicyState,
    Trigger,
)
from backend.transitions import IllegalTransition

ENDED = {PolicyState.REJECTED, PolicyState.ROLLED_BACK}
PAIRS = list(itertools.product(PolicyState, Trigger))


@pytest.mark.parametrize(("state", "trigger"), PAIRS)
def test_every_pair_is_decided(state: PolicyState, trigger: Trigger) -> None:
    if (state, trigger) in TRANSITIONS:
        assert TRANSITIONS.after(state, trigger) is TRANSITIONS[state, trigger]
    else:
        with pytest.raises(IllegalTransition, match="cannot be"):
            TRANSITIONS.after(state, trigger)


def test_what_has_ended_stays_ended_and_every_other_state_is_reached() -> None:
    assert not [pair for pair in TRANSITIONS if pair[0] in ENDED]
    assert set(TRANSITIONS.values()) == set(PolicyState) - {PolicyState.CANDIDATE}


def test_only_what_passed_the_gate_and_was_approved_is_promoted() -> None:
    assert [start for start, trigger in TRANSITIONS if trigger is Trigger.PROMOTED] == [
        PolicyState.APPROVED
    ]
    assert {start for start, to in before(PolicyState.APPROVED)} == WAITING | {PolicyState.PASSED}
    assert {start for start, to in before(PolicyState.PASSED)} == {PolicyState.CANDIDATE}


def test_whoever_waits_can_be_rejected_by_a_person_and_by_another_champion() -> None:
    for state in WAITING:
        assert TRANSITIONS.after(state, Trigger.DECLINED) is PolicyState.REJECTED
        assert TRANSITIONS.after(state, Trigger.OVERTAKEN) is PolicyState.REJECTED


def before(state: PolicyState) -> list[tuple[PolicyState, Trigger]]:
    return [pair for pair, to in TRANSITIONS.items() if to is state]
