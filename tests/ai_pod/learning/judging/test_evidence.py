"""Evidence: learned on the fold, judged outside it, put together in order, and resumable."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ai_pod.agents.learning.judging import outcomes
from ai_pod.agents.learning.judging.control import no_edge
from ai_pod.agents.learning.judging.evidence import Case, KeptFiles, Outside, gather
from ai_pod.agents.learning.judging.judgement import CHAMPION_KEPT, judge
from ai_pod.agents.learning.judging.limits import CONTROL
from ai_pod.agents.learning.judging.outcomes import pack, record_of, unpack
from ai_pod.agents.learning.judging.protocol import Protocol, folds
from ai_pod.agents.learning.stretches import Stretches
from ai_pod.policies.backtest import Terms, World
from ai_pod.policies.explain import Explanation
from ai_pod.policies.features import Array, Observations, by_instrument
from ai_pod.policies.policy import Policy
from ai_pod.policies.rules import BUY_AND_HOLD, EQUAL_WEIGHT, MOMENTUM
from shiftdesk.proving.learner import train
from shiftdesk.proving.worlds import draw

SMALL = Protocol(groups=3, test_groups=2, seeds=2)
DRAWN = draw(3, years=2.0, instruments=3)
CASE = Case(DRAWN.panel, EQUAL_WEIGHT, Terms(), seeds=(4, 5), trials_before=10)


def test_paths_are_the_folds_outcomes_in_the_order_of_time() -> None:
    """A policy that does the same whatever it learned has the same history on every path, but for
    the entries from cash at the start of a test.
    """
    evidence = gather(CASE, SMALL, lambda *_: EQUAL_WEIGHT)
    assert evidence is not None
    steps = CASE.world.bars - 1
    assert evidence.challengers.growth.shape == (2, 2, steps)
    assert evidence.trials == 12
    whole = evidence.opponents["champion"].growth
    different = np.abs(evidence.challengers.growth - whole) > 1e-3
    starts = {first for fold in folds(CASE.world.bars, SMALL) for first, _ in fold.tests}
    assert {int(step) for step in np.nonzero(different)[2]} <= starts


def test_a_trainer_sees_the_fold_alone_and_is_judged_outside_it() -> None:
    seen: list[tuple[Stretches, int]] = []

    def trainer(world: World, stretches: Stretches, terms: Terms, seed: int) -> Policy:
        seen.append((stretches, seed))
        return MOMENTUM

    gather(CASE, SMALL, trainer)
    every = folds(CASE.world.bars, SMALL)
    assert seen == [(fold.train, seed) for fold in every for seed in CASE.seeds]


def test_an_interrupted_protocol_goes_on_where_it_stopped(tmp_path: Path) -> None:
    kept, trained = KeptFiles(tmp_path.as_uri()), []

    def trainer(world: World, stretches: Stretches, terms: Terms, seed: int) -> Policy:
        trained.append((stretches, seed))
        return train(world, stretches, terms, seed)

    stopped = gather(CASE, SMALL, trainer, Outside(kept, stop=lambda: len(trained) == 4))
    assert stopped is None
    told: list[tuple[int, int]] = []
    resumed = gather(CASE, SMALL, trainer, Outside(kept, lambda done, of: told.append((done, of))))
    assert len(trained) == len(set(trained)) == 6
    assert told[-1] == (6, 6)
    straight = gather(CASE, SMALL, train)
    assert resumed is not None
    assert straight is not None
    assert (resumed.challengers.growth == straight.challengers.growth).all()


def test_a_policy_of_the_market_alone_may_be_replayed() -> None:
    """Deciding all rows at once, as for policies that do not look at what they hold, is stepping
    through them.
    """
    policy = train(CASE.world, ((0, 400),), Terms(), 1)
    assert outcomes.sees_only_the_market(policy)
    assert not outcomes.sees_only_the_market(MOMENTUM)
    at_once = record_of(CASE.world, policy, Terms())
    runs = outcomes.stepped(CASE.world, policy, Terms())
    stepped = outcomes.recorded(CASE.world, *runs)
    assert at_once.growth == pytest.approx(stepped.growth, abs=1e-12)
    assert at_once.dear == pytest.approx(stepped.dear, abs=1e-12)
    assert at_once.dear.sum() < at_once.growth.sum()


class Prophet:
    """Half in the instrument that will go furthest from each bar that it has seen: a leak."""

    version = "prophet"

    def __init__(self, world: World) -> None:
        best = np.diff(np.log(world.close), axis=0).argmax(axis=1)
        self._known = {row.tobytes(): int(j) for row, j in zip(world.features, best, strict=False)}

    def act(self, observations: Observations) -> Array:
        seen = by_instrument(observations)
        wanted = np.zeros(seen.shape[:2])
        for row, instruments in enumerate(seen):
            j = self._known.get(np.ascontiguousarray(instruments[:, :-1]).tobytes())
            wanted[row] = 0.0 if j is None else 0.5 * np.eye(seen.shape[1])[j]
        return wanted

    def attribute(self, observations: Observations) -> Explanation:
        raise NotImplementedError


def test_a_trainer_that_has_seen_the_future_is_refused() -> None:
    """It passes every other check, and as easily in the world that has no edge."""
    protocol = Protocol(groups=3)
    drawn = draw(3, years=1.2, instruments=3)
    case = Case(drawn.panel, EQUAL_WEIGHT, Terms(), seeds=tuple(range(8)))
    control = replace(case, panel=no_edge(case.panel, 1))
    found = [gather(each, protocol, lambda world, *_: Prophet(world)) for each in (case, control)]
    assert found[0] is not None
    judged = judge(found[0], found[1])
    assert judged.verdict == CHAMPION_KEPT
    assert [name for name, passed in judged.checks.items() if not passed] == [CONTROL]


def test_an_outcome_survives_its_bytes() -> None:
    record = record_of(CASE.world, BUY_AND_HOLD, Terms())
    again = unpack(pack(record))
    assert (again.growth == record.growth).all()
    assert (again.largest == record.largest).all()
    assert 1 / 3 < record.largest.max() < 1.0


def test_the_control_world_keeps_the_market_and_loses_the_edge() -> None:
    edgy = draw(8, years=10.0, instruments=5).panel
    # Tomorrow's return is today's, in part: an edge that nobody could miss.
    moves = np.diff(np.log(edgy.close), axis=0)
    moves[1:] += 0.3 * moves[:-1]
    control = no_edge(edgy, seed=0)
    fresh = np.diff(np.log(control.close), axis=0)
    assert len(control) == len(edgy)
    assert fresh.std(axis=0) == pytest.approx(moves.std(axis=0), rel=0.15)
    assert np.corrcoef(fresh.T) == pytest.approx(np.corrcoef(moves.T), abs=0.1)
    assert abs(np.corrcoef(fresh[1:, 0], fresh[:-1, 0])[0, 1]) < 0.06
    calm = np.abs(fresh).mean(axis=1)
    assert np.corrcoef(calm[1:], calm[:-1])[0, 1] > 0.1
    assert (control.low <= np.minimum(control.open, control.close) * (1 + 1e-12)).all()
    assert (control.high >= np.maximum(control.open, control.close) * (1 - 1e-12)).all()
    assert not (no_edge(edgy, seed=1).close == control.close).all()
