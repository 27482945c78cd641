"""The learning agent with a small budget and the slow learner, as a process for tests; the
arguments are the learner's folder, and how long claims live (JSON).
"""

import sys
from pathlib import Path

import msgspec

from ai_pod.agents.agent import run_agent
from ai_pod.agents.learning.budget import Budget
from ai_pod.agents.learning.coordinator import LearningAgent
from ai_pod.agents.learning.judging.protocol import Protocol
from ai_pod.agents.learning.ownership import Lives
from tests.support.slow_learner import SlowLearner

LITTLE = Budget(Protocol(groups=3, test_groups=2, seeds=2))

if __name__ == "__main__":
    learner = SlowLearner(Path(sys.argv[1]))
    lives = msgspec.json.decode(sys.argv[2], type=Lives)
    sys.exit(run_agent(LearningAgent(lambda: learner, LITTLE, lives)))
