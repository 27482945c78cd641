"""The trading agent's process with policies that never come back, and little patience for them."""

import itertools
import sys
import threading
from functools import partial

from ai_pod.agents.agent import run_agent
from ai_pod.agents.trading import trader
from ai_pod.policies.features import Array
from ai_pod.policies.rules import RULES, Rule

PATIENCE = {"cpu_seconds": 0.1, "fatal_cpu_seconds": 0.4, "real_seconds": 0.3}


def spins(_scores: Array, _held: Array) -> Array:
    while True:
        pass


def stubborn(_scores: Array, _held: Array) -> Array:
    """Interrupted once, it goes on."""
    for _ in range(2):
        try:
            spins(_scores, _held)
        except BaseException:
            continue
    return spins(_scores, _held)


def waits(scores: Array, _held: Array) -> Array:
    threading.Event().wait()
    return scores


def compiled(scores: Array, _held: Array) -> Array:
    """A loop that gives no signal a chance."""
    sum(itertools.count())
    return scores


HOGS = {f"rule:{choose.__name__}@1": choose for choose in (spins, stubborn, waits, compiled)}

if __name__ == "__main__":
    RULES.update({name: Rule(name, 0.0, {}, choose) for name, choose in HOGS.items()})
    trader.Guard = partial(trader.Guard, **PATIENCE)  # type: ignore[misc,assignment]
    sys.exit(run_agent(trader.TradingAgent()))
