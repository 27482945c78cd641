"""The learning agent with a small budget, as a process for tests."""

import sys

from ai_pod.agents.agent import run_agent
from ai_pod.agents.learning.coordinator import LearningAgent
from ai_pod.agents.learning.training import Training
from ai_pod.agents.learning.trials import Budget

LITTLE = Budget(
    training=Training(total_timesteps=20_480, envs=64, n_steps=16, batch_size=512, hidden=(8,))
)

if __name__ == "__main__":
    sys.exit(run_agent(LearningAgent(LITTLE)))
