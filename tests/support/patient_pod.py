"""`python -m ai_pod` whose agents may take a minute to stop and to hand off: what is proved of a
hand-off does not depend on how busy the machine is.
"""

import runpy

from ai_pod.contracts.agents import AgentName
from ai_pod.orchestrator import orchestrator, switch

PATIENCE_SECONDS = 60.0

if __name__ == "__main__":
    switch.QUIESCE_SECONDS[AgentName.TRADING] = PATIENCE_SECONDS
    switch.HAND_OFF_SECONDS = PATIENCE_SECONDS
    orchestrator.LAST_SWITCH_SECONDS = PATIENCE_SECONDS
    runpy.run_module("ai_pod", run_name="__main__")
