"""The learning agent with a small budget and the slow learner, as a process for tests; the one
argument is the learner's folder.
"""

import sys
from pathlib import Path

from ai_pod.agents.agent import run_agent
from ai_pod.agents.learning.budget import Budget
from ai_pod.agents.learning.coordinator import LearningAgent
from ai_pod.agents.learning.judging.protocol import Protocol
from tests.support.slow_learner import SlowLearner

LITTLE = Budget(Protocol(groups=3, test_groups=2, seeds=2))

if __name__ == "__main__":
    learner = SlowLearner(Path(sys.argv[1]))
    sys.exit(run_agent(LearningAgent(lambda: learner, LITTLE)))
