"""A line's night: trains, judges on unseen bars, and can be begun again at any point."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from ai_pod.agents.learning.evaluate import TooFewBars, median_of, walk_forward
from ai_pod.agents.learning.train import train
from ai_pod.agents.learning.training import Training
from ai_pod.agents.learning.trials import Budget, Night, Outside
from ai_pod.contracts.learning import (
    LearningEvent,
    LearningProgressed,
    PolicyLine,
    TrialFinished,
    VerdictReached,
)
from ai_pod.policies.artifacts import PolicyStore
from ai_pod.policies.backtest import World
from ai_pod.policies.errors import UnknownPolicy
from ai_pod.policies.features import WINDOW
from market.series import Panel
from tests.support.build_learning import panel, policy_line

NOW = datetime(2012, 3, 1, tzinfo=UTC)
LITTLE = Budget(
    training=Training(total_timesteps=2048, envs=64, n_steps=16, batch_size=512, hidden=(8,))
)
NOISE = panel(900, 3, seed=1)


class Listener:
    """Hears what a night announces, and stops it after so many trials."""

    def __init__(self, root: Path, stop_after: int = 99) -> None:
        self.root, self.stop_after = root, stop_after
        self.events: list[LearningEvent] = []

    def night(self, line: PolicyLine, prices: Panel, budget: Budget = LITTLE) -> Night:
        outside = Outside(
            train=train,
            artifacts=str(self.root),
            now=lambda: NOW,
            announce=self.events.append,
            stop=lambda: len(self.of(TrialFinished)) >= self.stop_after,
        )
        return Night(line, prices, budget, outside)

    def of(self, kind: type[LearningEvent]) -> list[LearningEvent]:
        return [event for event in self.events if isinstance(event, kind)]


def test_noise_keeps_the_champion_and_everything_is_announced(tmp_path: Path) -> None:
    heard = Listener(tmp_path)
    verdict = heard.night(policy_line(trials=12), NOISE).run()
    assert verdict is not None
    assert verdict.verdict == "champion_kept"
    assert verdict.trials == 15
    assert verdict.seeds == 3
    assert verdict.synthetic
    assert verdict.night == "2012-01-12"
    assert heard.events[-1] == verdict
    trials = heard.of(TrialFinished)
    assert len(trials) == 3
    assert len({trial.id for trial in trials}) == 3
    assert heard.of(LearningProgressed)
    names = [row.name for row in verdict.competitors]
    assert names == ["challenger", "champion", "buy-and-hold", "1/N", "momentum", "cash"]
    middle = sorted(trials, key=lambda trial: trial.sharpe)[1]
    assert verdict.challenger == middle.policy
    assert verdict.competitors[0].sharpe == pytest.approx(middle.sharpe)
    learned = PolicyStore(str(tmp_path)).learned(verdict.challenger)
    assert learned.provenance.trained_to < verdict.window_from.isoformat()


def test_a_real_edge_is_promoted_and_becomes_hard_to_beat(tmp_path: Path) -> None:
    prices = panel(2400, 3, trend=0.4, seed=7)
    verdict = Listener(tmp_path).night(policy_line(), prices, Budget()).run()
    assert verdict is not None
    assert verdict.verdict == "promoted", verdict.sentence
    line = policy_line(champion=verdict.challenger, trials=3, name="other")
    again = Listener(tmp_path).night(line, prices).run()
    assert again is not None
    assert again.verdict == "champion_kept"


def test_an_interrupted_night_goes_on_where_it_was(tmp_path: Path) -> None:
    whole = Listener(tmp_path / "whole")
    expected = whole.night(policy_line(), NOISE).run()
    first = Listener(tmp_path / "parts", stop_after=2)
    assert first.night(policy_line(), NOISE).run() is None
    second = Listener(tmp_path / "parts")
    # By now the line's own record counts the first two trials.
    found = second.night(policy_line(trials=2), NOISE).run()
    assert found == expected
    assert len(second.of(TrialFinished)) == 1


def test_a_judged_night_is_not_repeated_but_the_next_one_is_new(tmp_path: Path) -> None:
    heard = Listener(tmp_path)
    assert heard.night(policy_line(), NOISE).run() is not None
    count = len(heard.events)
    assert heard.night(policy_line(), NOISE).run() is None
    assert len(heard.events) == count
    longer = panel(1000, 3, seed=1)
    verdict = heard.night(policy_line(trials=3), longer).run()
    assert verdict is not None
    assert verdict.trials == 6
    assert len({trial.id for trial in heard.of(TrialFinished)}) == 6


def test_no_candidate_sees_the_bars_it_is_judged_on() -> None:
    world = World.of(NOISE)
    split = walk_forward(world)
    assert split.test.ends[-1] == world.ends[-1]
    between = (world.ends > split.train.ends[-1]) & (world.ends < split.test.ends[0])
    assert between.sum() == WINDOW
    with pytest.raises(TooFewBars, match="468 bars; learning needs 533"):
        walk_forward(World.of(panel(500, 2)))


def test_the_middle_candidate_stands_for_all() -> None:
    assert median_of([0.3, 0.9, 0.1]) == 0
    assert median_of([0.3, 0.9, 0.1, 0.2]) == 3
    assert np.argsort([0.5]).tolist() == [median_of([0.5])]


def test_a_champion_that_is_not_there_is_no_silent_zero(tmp_path: Path) -> None:
    with pytest.raises(UnknownPolicy):
        Listener(tmp_path).night(policy_line(champion="rule:luck@1"), NOISE).run()


def test_verdicts_and_trials_survive_the_wire(tmp_path: Path) -> None:
    import msgspec

    verdict = Listener(tmp_path).night(policy_line(), NOISE).run()
    data = msgspec.json.encode(verdict)
    assert isinstance(msgspec.json.decode(data, type=LearningEvent), VerdictReached)


def test_a_candidate_that_knows_tonights_test_is_tried_anew(tmp_path: Path) -> None:
    """History gained older bars since the round began: the test reaches further back by now."""
    whole = panel(1600, 3, seed=1)
    first = Listener(tmp_path, stop_after=2)
    assert first.night(policy_line(), rows(whole, slice(900, 1590))).run() is None
    second = Listener(tmp_path)
    verdict = second.night(policy_line(), whole).run()
    assert verdict is not None
    assert len(second.of(TrialFinished)) == 3
    store = PolicyStore(str(tmp_path))
    for trial in second.of(TrialFinished):
        trained_to = datetime.fromisoformat(store.learned(trial.policy).provenance.trained_to)
        assert trained_to < verdict.window_from


def test_a_candidate_that_cannot_be_loaded_any_more_is_tried_anew(tmp_path: Path) -> None:
    first = Listener(tmp_path, stop_after=2)
    assert first.night(policy_line(), NOISE).run() is None
    lost = first.of(TrialFinished)[0]
    (tmp_path / "policies" / f"{lost.policy.removeprefix('sha256:')}.npz").unlink()
    second = Listener(tmp_path)
    verdict = second.night(policy_line(), NOISE).run()
    assert verdict is not None
    assert verdict.seeds == 3
    assert {trial.seed for trial in second.of(TrialFinished)} >= {lost.seed}


def test_the_gate_counts_trials_that_the_record_has_not_yet(tmp_path: Path) -> None:
    heard = Listener(tmp_path)
    assert heard.night(policy_line(trials=12), NOISE).run() is not None
    # The backend was away: the line still says twelve.
    verdict = heard.night(policy_line(trials=12), panel(1000, 3, seed=1)).run()
    assert verdict is not None
    assert verdict.trials == 18


def test_a_line_with_hardly_a_bar_is_said_to_have_too_few(tmp_path: Path) -> None:
    with pytest.raises(TooFewBars, match=f"7 bars; one observation alone needs {WINDOW}"):
        Listener(tmp_path).night(policy_line(), panel(7, 3))


def rows(prices: Panel, chosen: slice) -> Panel:
    """A stretch of the panel."""
    arrays = ("end", "open", "high", "low", "close", "volume")
    return replace(prices, **{name: getattr(prices, name)[chosen] for name in arrays})
