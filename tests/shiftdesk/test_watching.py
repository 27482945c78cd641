"""What a person sees of learning: a bar on a terminal, and only lines elsewhere."""

import io
from datetime import UTC, datetime

import pytest
from rich.console import Console

from ai_pod.contracts.learning import LearningProgressed, TrialFinished
from shiftdesk.watching import Watch

NOW = datetime(2012, 3, 1, tzinfo=UTC)
PROGRESSED = LearningProgressed(
    organisation="local",
    policy_line="line",
    night="2012-03-01",
    seed=7,
    step=500,
    of_steps=1000,
    metrics={"night/trials": 4.0, "night/trials_finished": 1.0},
    at=NOW,
)
FINISHED = TrialFinished(
    id="trial-1",
    organisation="local",
    policy_line="line",
    night="2012-03-01",
    seed=7,
    algorithm="a2c",
    steps=4000,
    cpu_seconds=12.3,
    sharpe=0.5,
    policy="sha256:0",
    at=NOW,
)


@pytest.mark.parametrize("terminal", [True, False])
async def test_a_bar_is_for_terminals_and_the_trials_are_for_all(terminal: bool) -> None:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=terminal, width=160, color_system=None)
    with Watch(console) as watch:
        await watch.hear(PROGRESSED)
        await watch.hear(FINISHED)
    shown = screen.getvalue()
    assert "seed 7: Sharpe 0.50 out of sample, 12.3 CPU-seconds" in shown
    assert watch.trials == [FINISHED]
    # One trial of four is done, and half of the next.
    for part in ("trial 2 of 4, seed 7", "38%", "1500/4000"):
        assert (part in shown) == terminal
