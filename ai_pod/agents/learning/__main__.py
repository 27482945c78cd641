"""`python -m ai_pod.agents.learning`: the one process of a pod that imports torch, SB3 and Dask."""

import importlib
import sys

from ai_pod.agents.agent import run_agent
from ai_pod.agents.learning.coordinator import LearningAgent
from ai_pod.agents.learning.training import Trainer


def learner() -> Trainer:
    """Imports, and compiles the environment: seconds, and most of the memory."""
    from ai_pod.agents.learning.train import train, warm_up

    importlib.import_module("ai_pod.agents.learning.dask_crew")
    warm_up()
    return train


if __name__ == "__main__":
    sys.exit(run_agent(LearningAgent(learner)))
