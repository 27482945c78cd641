"""A learner that costs nothing and can be held: a random walk, step by step, as its seed says.

It keeps the trainer's promises: stops between steps, leaves checkpoints, and a run that goes on
from one is the run that was never stopped. As a program it is a pod that only works for others.
"""

import asyncio
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from redis.asyncio import Redis

from ai_pod.agents.learning.dask_crew import Camp, DaskCrew
from ai_pod.agents.learning.meeting import Meeting
from ai_pod.agents.learning.stretches import Stretches
from ai_pod.agents.learning.training import Hooks, Training
from ai_pod.agents.learning.trial import Place
from ai_pod.policies.backtest import Terms, World
from ai_pod.policies.features import FEATURES
from ai_pod.policies.learned import Layer

STEPS = 20
HELD_AT = 10
PAUSE_SECONDS = 0.005
LONGEST_SECONDS = 90.0


@dataclass(frozen=True)
class SlowLearner:
    """While `root/hold` exists, runs wait at step HELD_AT. `root/diary` tells what they did."""

    root: Path

    def __call__(
        self,
        world: World,
        terms: Terms,
        training: Training,
        seed: int,
        hooks: Hooks,
        stretches: Stretches | None = None,
    ) -> tuple[Layer, ...] | None:
        count = len(world.instruments)
        began, weights = 0, np.zeros((count * len(FEATURES), count))
        if hooks.saved is not None:
            began = int(hooks.saved[0])
            weights = np.frombuffer(hooks.saved[1:]).reshape(weights.shape).copy()
        assert stretches is not None
        name = f"{seed}:{stretches}"
        self._note("began", name, began)
        for step in range(began, STEPS):
            if step == HELD_AT and began < HELD_AT:
                hooks.save(bytes([step]) + weights.tobytes())
                self._note("reached", name, step)
                self._wait_while_held(hooks)
            if hooks.stop():
                hooks.save(bytes([step]) + weights.tobytes())
                return None
            random = np.random.default_rng((seed, step, *np.ravel(stretches)))
            weights += random.normal(0.0, 0.05, weights.shape)
            hooks.progress(step + 1, {"train/loss": float(np.square(weights).mean())})
        self._note("ended", name, STEPS)
        return ((weights, np.zeros(count)),)

    def diary(self, what: str) -> list[dict[str, object]]:
        """The entries of a kind, in order."""
        path = self.root / "diary"
        lines = path.read_text().splitlines() if path.exists() else []
        return [entry for entry in map(json.loads, lines) if entry["what"] == what]

    def _wait_while_held(self, hooks: Hooks) -> None:
        until = time.monotonic() + LONGEST_SECONDS
        while (self.root / "hold").exists() and not hooks.stop():
            assert time.monotonic() < until, "held for too long"
            time.sleep(PAUSE_SECONDS)

    def _note(self, what: str, name: str, step: int) -> None:
        entry = {"what": what, "trial": name, "step": step, "pid": os.getpid()}
        self.root.mkdir(exist_ok=True)
        with (self.root / "diary").open("a") as file:
            file.write(json.dumps(entry) + "\n")


async def work_for_others(redis_url: str, root: Path, name: str) -> None:
    """Join the machine's cluster, and leave it when the standard input ends."""
    loop = asyncio.get_running_loop()
    async with Redis.from_url(redis_url) as redis:
        place = Place.at(str(root / "artifacts"), SlowLearner(root))
        camp = Camp(name=name, folder=str(root / "dask"), meeting=Meeting(redis, "XNYS"))
        async with DaskCrew(place, camp):
            await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(work_for_others(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))
