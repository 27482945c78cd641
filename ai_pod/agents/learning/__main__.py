"""`python -m ai_pod.agents.learning`: the one process of a pod that imports torch and SB3."""

import sys

from ai_pod.agents.agent import run_agent
from ai_pod.agents.learning.coordinator import LearningAgent

if __name__ == "__main__":
    sys.exit(run_agent(LearningAgent()))
