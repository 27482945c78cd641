"""`python -m ai_pod.agents.trading`: the trading agent's process, started by the orchestrator."""

import sys

from ai_pod.agents.agent import run_agent
from ai_pod.agents.trading.trader import TradingAgent

if __name__ == "__main__":
    sys.exit(run_agent(TradingAgent()))
