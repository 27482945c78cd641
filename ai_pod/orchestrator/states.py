"""The states of an agent: one literal table; any other pair raises."""

from enum import StrEnum

from ai_pod.contracts.agents import AgentState
from ai_pod.errors import IllegalTransition


class Trigger(StrEnum):
    """What happens to an agent."""

    START = "start"
    ACTIVATED = "activated"
    STOP = "stop"
    RESUMED = "resumed"
    ENDED = "ended"
    DIED = "died"
    GAVE_UP = "gave_up"


DORMANT = AgentState.DORMANT
STARTING = AgentState.STARTING
ACTIVE = AgentState.ACTIVE
STOPPING = AgentState.STOPPING
FAULTED = AgentState.FAULTED

TABLE: dict[tuple[AgentState, Trigger], AgentState] = {
    (DORMANT, Trigger.START): STARTING,
    (STARTING, Trigger.ACTIVATED): ACTIVE,
    (STARTING, Trigger.STOP): STOPPING,
    (STARTING, Trigger.DIED): FAULTED,
    (ACTIVE, Trigger.STOP): STOPPING,
    (ACTIVE, Trigger.DIED): FAULTED,
    (STOPPING, Trigger.RESUMED): ACTIVE,
    (STOPPING, Trigger.ENDED): DORMANT,
    (STOPPING, Trigger.DIED): DORMANT,
    (FAULTED, Trigger.START): STARTING,
    (FAULTED, Trigger.GAVE_UP): DORMANT,
}
"""STARTING holds from the start of the process until it is activated, a warm standby included."""


def after(state: AgentState, trigger: Trigger) -> AgentState:
    """The state that follows. Raises IllegalTransition."""
    try:
        return TABLE[state, trigger]
    except KeyError:
        raise IllegalTransition(f"an agent that is {state} cannot be {trigger}") from None
