"""Learning as a person watches it: a bar on a terminal, lines elsewhere, all on stderr."""

import resource
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from ai_pod.contracts.learning import LearningEvent, LearningProgressed, TrialFinished


class Watch:
    """Hears what a night announces, and keeps its trials; use it as a context."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True, highlight=False)
        self.trials: list[TrialFinished] = []
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            MofNCompleteColumn(),
            TextColumn("steps"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self.console,
            disable=not self.console.is_terminal,
        )
        self._task = self._bar.add_task("training", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    async def hear(self, event: LearningEvent) -> None:
        if isinstance(event, LearningProgressed):
            self._progressed(event)
        elif isinstance(event, TrialFinished):
            self.trials.append(event)
            self.console.print(
                f"seed {event.seed}: Sharpe {event.sharpe:.2f} out of sample, "
                f"{event.cpu_seconds:.1f} CPU-seconds",
                soft_wrap=True,
            )

    def _progressed(self, event: LearningProgressed) -> None:
        """All of the protocol's trials are one bar; a control world's begin it anew."""
        trials, done = event.metrics["night/trials"], event.metrics["night/trials_finished"]
        self._bar.update(
            self._task,
            description=f"trial {done + 1:.0f} of {trials:.0f}, seed {event.seed}",
            total=trials * event.of_steps,
            completed=done * event.of_steps + event.step,
        )


def peak_memory_mb() -> float:
    """The most that this process has held so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
