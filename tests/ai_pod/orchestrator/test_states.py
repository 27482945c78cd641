"""The table of states is total: every pair is either in it, or raises."""

import itertools

import pytest

from ai_pod.contracts.agents import AgentState
from ai_pod.errors import IllegalTransition
from ai_pod.orchestrator.states import TABLE, Trigger, after

PAIRS = list(itertools.product(AgentState, Trigger))


@pytest.mark.parametrize(("state", "trigger"), PAIRS)
def test_every_pair_is_in_the_table_or_raises(state: AgentState, trigger: Trigger) -> None:
    if (state, trigger) in TABLE:
        assert after(state, trigger) is TABLE[state, trigger]
    else:
        with pytest.raises(IllegalTransition):
            after(state, trigger)


def test_every_state_is_reached_and_can_end() -> None:
    reached = {AgentState.DORMANT}
    for _ in AgentState:
        reached |= {to for (state, _), to in TABLE.items() if state in reached}
    assert reached == set(AgentState)
    ending = {AgentState.DORMANT}
    for _ in AgentState:
        ending |= {state for (state, _), to in TABLE.items() if to in ending}
    assert ending == set(AgentState)


def test_an_agent_becomes_active_only_when_it_was_started_or_resumed() -> None:
    leading = {trigger for (_, trigger), to in TABLE.items() if to is AgentState.ACTIVE}
    assert leading == {Trigger.ACTIVATED, Trigger.RESUMED}
