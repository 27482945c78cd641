"""Who runs a night's trials: the port, and the crew of one process. `cluster` has the other."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Sequence
from typing import Protocol, TypeAlias

from ai_pod.agents.learning.trial import (
    Place,
    TrialProgressed,
    TrialResult,
    TrialSpec,
    run_trial,
)

Heard: TypeAlias = TrialProgressed | TrialResult


class TrialFailed(RuntimeError):
    """A trial raised; training it again tonight would not help."""


class Crew(Protocol):
    """Runs trials, in whatever order and wherever it likes."""

    def run(self, specs: Sequence[TrialSpec]) -> AsyncGenerator[Heard, None]:
        """What the trials tell; ends after every one's result. Whoever closes the iterator, or is
        cancelled, stops them between two rollouts; what is unfinished has left a checkpoint.

        Raises TrialFailed.
        """


class Alone:
    """One trial after the other, in a thread of this process."""

    def __init__(self, place: Place) -> None:
        self._place = place

    async def run(self, specs: Sequence[TrialSpec]) -> AsyncGenerator[Heard, None]:
        loop, heard = asyncio.get_running_loop(), asyncio.Queue[Heard | None]()

        def tell(what: Heard | None) -> None:
            loop.call_soon_threadsafe(heard.put_nowait, what)

        def work() -> None:
            try:
                for spec in specs:
                    result = run_trial(spec, self._place, stop.is_set, tell)
                    if result is None:
                        break
                    tell(result)
            finally:
                tell(None)

        stop = threading.Event()
        working = asyncio.create_task(asyncio.to_thread(work), name="trials")
        try:
            while (what := await heard.get()) is not None:
                yield what
            await asyncio.wait({working})
            if error := working.exception():
                raise TrialFailed(f"{type(error).__name__}: {error}") from error
        finally:
            stop.set()
            await asyncio.wait({working})
