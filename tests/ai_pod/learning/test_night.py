"""A line's night: trains, judges on unseen bars, and can be begun again at any point."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np
import pytest

from ai_pod.agents.learning.budget import Budget, budget_of
from ai_pod.agents.learning.crew import Alone, TrialFailed
from ai_pod.agents.learning.evaluate import TooFewBars
from ai_pod.agents.learning.judging.protocol import Protocol
from ai_pod.agents.learning.night import Night, Outside
from ai_pod.agents.learning.rounds import Rounds
from ai_pod.agents.learning.stretches import Stretches
from ai_pod.agents.learning.training import Hooks, Trainer, Training
from ai_pod.agents.learning.trial import Place
from ai_pod.agents.learning.worlds import WorldLost, Worlds
from ai_pod.contracts.learning import (
    LearningEvent,
    LearningProgressed,
    PolicyLine,
    TrialFinished,
    VerdictReached,
)
from ai_pod.contracts.seats import RiskProfile
from ai_pod.policies.artifacts import PolicyStore
from ai_pod.policies.backtest import Terms, World
from ai_pod.policies.errors import UnknownPolicy
from ai_pod.policies.features import FEATURES
from ai_pod.policies.learned import Layer
from market.series import Panel
from tests.support.build_learning import panel, policy_line
from tests.support.slow_learner import SlowLearner

NOW = datetime(2012, 3, 1, tzinfo=UTC)
LITTLE = Budget(Protocol(groups=3, test_groups=2, seeds=2), Training())
NOISE = panel(500, 3, seed=1)


def follow_the_trend(
    world: World,
    terms: Terms,
    training: Training,
    seed: int,
    hooks: Hooks,
    stretches: Stretches | None = None,
) -> tuple[Layer, ...] | None:
    """Knows beforehand that what has risen rises on: a skill where there is a trend, else none."""
    count = len(world.instruments)
    weights = np.zeros((count * len(FEATURES), count))
    for column in range(count):
        first = column * len(FEATURES)
        weights[first : first + 3, column] = (0.1, 0.2, 0.1)
    jitter = np.random.default_rng(seed).normal(0.0, 1e-3, count)
    return ((weights, jitter - 0.5),)


@dataclass
class Listener:
    """Hears what a night announces, and cancels it after so many finished trials, or breaks it
    off at its verdict.
    """

    root: Path
    stop_after: int = 99
    killed: bool = False
    learner: Trainer | None = None
    events: list[LearningEvent] = field(default_factory=list)

    async def night(
        self, line: PolicyLine, prices: Panel, budget: Budget = LITTLE
    ) -> VerdictReached | None:
        learner = self.learner or SlowLearner(self.root)
        outside = Outside(
            crew=Alone(Place.at(str(self.root), learner)),
            artifacts=str(self.root),
            now=lambda: NOW,
            announce=self._hear,
        )
        self._running = asyncio.create_task(Night(line, prices, budget, outside).run())
        await asyncio.wait({self._running})
        return None if self._running.cancelled() else self._running.result()

    async def _hear(self, event: LearningEvent) -> None:
        self.events.append(event)
        if self.killed and isinstance(event, VerdictReached):
            raise ConnectionResetError
        if len(self.of(TrialFinished)) >= self.stop_after:
            self._running.cancel()
            await asyncio.sleep(0)

    def of(self, kind: type[LearningEvent]) -> list[LearningEvent]:
        return [event for event in self.events if isinstance(event, kind)]

    def began(self) -> list[object]:
        return [entry["trial"] for entry in SlowLearner(self.root).diary("began")]


async def test_noise_keeps_the_champion_and_everything_is_announced(tmp_path: Path) -> None:
    heard = Listener(tmp_path)
    verdict = await heard.night(policy_line(trials=12), NOISE)
    assert verdict is not None
    assert verdict.verdict == "champion_kept"
    assert (verdict.trials, verdict.seeds, verdict.trial_records, verdict.paths) == (14, 2, 6, 4)
    assert verdict.protocol["seeds"] == 2
    assert "2 seeds are too few evidence, 8 are needed" in verdict.sentence
    assert verdict.synthetic
    assert verdict.night == "2012-01-08"
    assert verdict.bars == 467
    assert heard.events[-1] == verdict
    trials = heard.of(TrialFinished)
    assert len({trial.id for trial in trials}) == len(trials) == 2
    assert heard.of(LearningProgressed)
    names = [row.name for row in verdict.competitors]
    assert names[:2] == ["challenger", "champion"]
    assert "1/N" in names
    assert isinstance(
        msgspec.json.decode(msgspec.json.encode(verdict), type=LearningEvent), type(verdict)
    )
    # Two seeds on three folds, and the challenger, which has learned from all bars up to tonight.
    assert len(heard.began()) == 7
    challenger = PolicyStore(str(tmp_path)).learned(verdict.challenger).provenance
    assert challenger.trained_to == verdict.window_to.isoformat()
    # What the trials left is gone, and so is the world that they learned in; what was announced
    # can be loaded.
    assert left_in(tmp_path / "learning") == ["round.json"]
    named = {verdict.challenger, *(trial.policy for trial in trials)}
    assert left_in(tmp_path / "policies") == files_of(named)


async def test_a_real_edge_is_promoted_after_a_world_without_one_was_tried(tmp_path: Path) -> None:
    prices = panel(2400, 3, trend=0.6, seed=7)
    budget = Budget(Protocol(groups=4, test_groups=2), Training())
    heard = Listener(tmp_path, learner=follow_the_trend)
    verdict = await heard.night(policy_line(), prices, budget)
    assert verdict is not None
    assert verdict.verdict == "promoted", verdict.sentence
    assert verdict.measures["control_promoted"] == 0.0
    assert len(heard.of(TrialFinished)) == verdict.trials == 8
    # Nothing is left of the world without an edge either.
    assert left_in(tmp_path / "learning") == ["round.json"]
    named = {verdict.challenger, *(trial.policy for trial in heard.of(TrialFinished))}
    assert left_in(tmp_path / "policies") == files_of(named)


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*.*"))


def files_of(policies: set[str]) -> list[str]:
    names = [policy.removeprefix("sha256:") for policy in policies]
    return sorted(f"{name}.{ending}" for name in names for ending in ("json", "npz"))


async def test_a_line_that_is_done_takes_nothing_from_another_with_the_same_prices(
    tmp_path: Path,
) -> None:
    bold = policy_line(name="bold")
    careful = msgspec.structs.replace(
        policy_line(name="careful"), risk_profile=RiskProfile.CAUTIOUS
    )
    first = Listener(tmp_path, stop_after=1)
    assert await first.night(careful, NOISE) is None
    assert await Listener(tmp_path).night(bold, NOISE) is not None
    begun = len(first.began())
    second = Listener(tmp_path)
    verdict = await second.night(careful, NOISE)
    assert verdict is not None
    # It goes on with what it had: seven trials for each line, one of them stopped in its middle.
    assert verdict.trials == 2
    assert begun < len(second.began()) <= 15


async def test_a_night_that_is_killed_after_its_verdict_says_the_same_one_again(
    tmp_path: Path,
) -> None:
    first = Listener(tmp_path, killed=True)
    with pytest.raises(ConnectionResetError):
        await first.night(policy_line(), NOISE)
    second = Listener(tmp_path)
    # Also the day after: a policy is judged once.
    again = await second.night(policy_line(), panel(600, 3, seed=1))
    told = first.of(VerdictReached)[0]
    assert again is not None
    assert (again.id, again.challenger, again.measures) == (
        told.id,
        told.challenger,
        told.measures,
    )
    assert len(second.began()) == 7
    assert left_in(tmp_path / "learning") == ["round.json"]


async def test_an_interrupted_night_goes_on_where_it_was_though_days_have_passed(
    tmp_path: Path,
) -> None:
    expected = await Listener(tmp_path / "whole").night(policy_line(), NOISE)
    assert expected is not None
    first = Listener(tmp_path / "parts", stop_after=1)
    assert await first.night(policy_line(), NOISE) is None
    second = Listener(tmp_path / "parts")
    # By now there are more bars, and the line's own record counts the first trial.
    found = await second.night(policy_line(trials=1), panel(600, 3, seed=1))
    assert found is not None
    assert found.challenger == expected.challenger
    assert found.window_to == expected.window_to
    assert found.measures == expected.measures
    assert found.trials == expected.trials
    assert (expected.night, found.night) == ("2012-01-08", "2012-01-09")
    # Every trial was begun once, or gone on with from its checkpoint.
    began = second.began()
    assert len(set(began)) == 7
    assert len(began) <= 8


async def test_a_judged_night_is_not_repeated_but_the_next_one_is_new(tmp_path: Path) -> None:
    heard = Listener(tmp_path)
    assert await heard.night(policy_line(), NOISE) is not None
    count = len(heard.events)
    assert await heard.night(policy_line(), NOISE) is None
    assert len(heard.events) == count
    # The backend was away, and the line still says that nothing was tried: the gate knows better.
    verdict = await heard.night(policy_line(trials=0), panel(600, 3, seed=1))
    assert verdict is not None
    assert verdict.trials == 4
    assert len({trial.id for trial in heard.of(TrialFinished)}) == 4


async def test_another_algorithm_is_another_try_and_is_counted(tmp_path: Path) -> None:
    heard = Listener(tmp_path)
    assert await heard.night(policy_line(), NOISE) is not None
    other = replace(LITTLE, training=Training(algorithm="a2c"))
    verdict = await heard.night(policy_line(), NOISE, other)
    assert verdict is not None
    assert verdict.trials == 4
    told = heard.of(TrialFinished)
    assert [event.algorithm for event in told] == ["ppo", "ppo", "a2c", "a2c"]
    assert len({event.id for event in told}) == 4
    assert PolicyStore(str(tmp_path)).learned(verdict.challenger).provenance.algorithm == "a2c"
    assert await heard.night(policy_line(), NOISE, other) is None


async def test_an_interrupted_round_goes_on_on_another_device(tmp_path: Path) -> None:
    first = Listener(tmp_path, stop_after=1)
    assert await first.night(policy_line(), NOISE) is None
    second = Listener(tmp_path)
    elsewhere = replace(LITTLE, training=Training(device="auto"))
    assert await second.night(policy_line(), NOISE, elsewhere) is not None
    assert len(second.began()) <= 8
    assert len(set(second.began())) == 7


async def test_a_round_whose_world_is_lost_is_begun_anew(tmp_path: Path) -> None:
    assert await Listener(tmp_path, stop_after=1).night(policy_line(), NOISE) is None
    round_ = Rounds(str(tmp_path), "line").last()
    assert round_ is not None
    Worlds(str(tmp_path)).drop_all("line")
    second = Listener(tmp_path)
    verdict = await second.night(policy_line(), NOISE)
    assert verdict is not None
    assert verdict.trials == 4


async def test_a_result_whose_policy_is_gone_is_found_again(tmp_path: Path) -> None:
    first = Listener(tmp_path, stop_after=1)
    assert await first.night(policy_line(), NOISE) is None
    lost = first.of(TrialFinished)[0]
    (tmp_path / "policies" / f"{lost.policy.removeprefix('sha256:')}.npz").unlink()
    second = Listener(tmp_path)
    assert await second.night(policy_line(), NOISE) is not None
    assert second.of(TrialFinished)[0].policy == lost.policy


async def test_a_champion_that_is_not_there_is_no_silent_zero(tmp_path: Path) -> None:
    with pytest.raises(UnknownPolicy):
        await Listener(tmp_path).night(policy_line(champion="rule:luck@1"), NOISE)


async def test_a_trainer_that_raises_ends_the_night_with_its_reason(tmp_path: Path) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("of nothing")

    with pytest.raises(TrialFailed, match="ZeroDivisionError: of nothing"):
        await Listener(tmp_path, learner=broken).night(policy_line(), NOISE)


async def test_a_line_with_hardly_a_bar_is_said_to_have_too_few(tmp_path: Path) -> None:
    with pytest.raises(TooFewBars, match="0 bars; learning needs"):
        await Listener(tmp_path).night(policy_line(), panel(20, 3))
    with pytest.raises(TooFewBars, match="68 bars; learning needs"):
        await Listener(tmp_path).night(policy_line(), panel(100, 3))


def test_a_world_is_what_its_hash_says_or_lost(tmp_path: Path) -> None:
    worlds = Worlds(str(tmp_path))
    name = worlds.seal("line", NOISE)
    assert name == worlds.seal("line", replace(NOISE))
    found = Worlds(str(tmp_path)).load(name)
    assert found.panel.instruments == NOISE.instruments
    assert np.array_equal(found.panel.close, NOISE.close)
    assert found.world.bars == 500 - 32
    path = next(tmp_path.rglob("*.npz"))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(WorldLost):
        Worlds(str(tmp_path)).load(name)


def test_the_full_protocol_is_the_default_and_the_small_one_cannot_promote() -> None:
    full, small = budget_of("full"), budget_of("small", "a2c", "cuda")
    assert (full.protocol.folds, full.protocol.seeds) == (15, 8)
    assert small.protocol.seeds < 8
    assert (full.training.algorithm, full.training.device) == ("ppo", "cpu")
    assert (small.training.algorithm, small.training.device) == ("a2c", "cuda")
    assert small.training.total_timesteps < full.training.total_timesteps
