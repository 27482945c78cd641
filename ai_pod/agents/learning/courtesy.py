"""Learning gives way: trials stand still between two steps while somebody waits for the processor.

A low priority alone does not do that where a pod's processor time has a limit: the kernel stops the
whole pod when learning has used it up, the chatbot with it.
"""

import threading
import time
from dataclasses import replace

from ai_pod.agents.learning.stretches import Stretches
from ai_pod.agents.learning.training import Hooks, Trainer, Training
from ai_pod.policies.backtest import Terms, World
from ai_pod.policies.learned import Layer

LONGEST_SECONDS = 5.0
"""Whoever asks for longer, or falls silent, gets so much."""


class Courtesy:
    """One for a process. `give_way` may be called from any thread, again and again."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._until = 0.0

    def give_way(self, seconds: float) -> None:
        """From now on for so many seconds; 0 lets trials go on at once."""
        with self._changed:
            self._until = time.monotonic() + min(seconds, LONGEST_SECONDS)
            self._changed.notify_all()

    def wait(self) -> None:
        """Stand still while somebody has the way."""
        with self._changed:
            while (left := self._until - time.monotonic()) > 0:
                self._changed.wait(left)

    def teach(self, trainer: Trainer) -> Trainer:
        """The trainer, standing still where it would ask whether to stop."""

        def courteous(
            world: World,
            terms: Terms,
            training: Training,
            seed: int,
            hooks: Hooks,
            stretches: Stretches | None = None,
        ) -> tuple[Layer, ...] | None:
            def stop() -> bool:
                self.wait()
                return hooks.stop()

            polite = replace(hooks, stop=stop)
            return trainer(world, terms, training, seed, polite, stretches)

        return courteous
