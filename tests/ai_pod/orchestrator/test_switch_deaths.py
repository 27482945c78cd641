"""Whoever of a switch's participants dies or hangs, at whichever instant: A or B, never both, never
neither for longer than 15 s, and B in the end.

All cases are played at once, on real processes, before the first test; each test judges one.
"""

from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.doomed_pod import Doom
from tests.support.faults.machine import stretched
from tests.support.history.holding import NEITHER_SECONDS
from tests.support.switch_deaths import STUBBORN, Outcome, cases, play_all

CASES = list(cases())
HICCUP_SECONDS = 5.0
"""On a machine of its own; where work has to wait, so much longer. Learning that is told only
at the open keeps trading from it for the ten seconds that it may take to stop.
"""


def named(doom: Doom) -> str:
    how = "hangs" if doom.frozen else "dies"
    return f"to {doom.to}: {doom.victim} {how} {doom.instant}"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[Doom, Outcome]:
    root: Path = tmp_path_factory.mktemp("deaths")
    return await play_all([STUBBORN, *CASES], root)


@pytest.mark.parametrize("doom", CASES, ids=named)
async def test_a_or_b_never_both_never_long_neither(
    doom: Doom, outcomes: dict[Doom, Outcome]
) -> None:
    outcome = outcomes[doom]
    assert outcome.struck
    assert outcome.faults == ()
    assert outcome.neither_seconds <= NEITHER_SECONDS
    assert outcome.late_seconds < NEITHER_SECONDS, "B works in the end"
    assert not outcome.a_acted_after
    assert outcome.lives == (2 if doom.victim == "pod" else 1)


async def test_learning_that_will_not_stop_is_ended_in_time_for_the_open(
    outcomes: dict[Doom, Outcome],
) -> None:
    """On a clock of real time: it is told ten seconds before, and trading works at the open."""
    outcome = outcomes[STUBBORN]
    hiccup = stretched(HICCUP_SECONDS, outcome.machine, 0.0)
    assert outcome.faults == ()
    assert outcome.neither_seconds < hiccup
    assert 0.0 <= outcome.late_seconds < hiccup
    assert not outcome.a_acted_after
