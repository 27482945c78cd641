"""Worlds whose truth is known: what is planted is visible, and nothing else is there."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ai_pod.agents.learning.judging.evidence import CHAMPION, Evidence
from ai_pod.agents.learning.judging.judgement import CHAMPION_KEPT
from ai_pod.agents.learning.judging.outcomes import Record
from ai_pod.agents.learning.judging.protocol import Protocol, folds
from ai_pod.policies.features import WINDOW, Array, market_features
from shiftdesk.proving.examining import Job, examine, promotes_best
from shiftdesk.proving.ideal import EDGES, scaled
from shiftdesk.proving.power import Point, write
from shiftdesk.proving.worlds import DAYS, NO_EDGE, Edge, draw

SEED = 950_123


def test_a_planted_edge_is_what_the_features_show() -> None:
    """The compiled world computes the features of `market_features` on its way."""
    weights = (0.3, -1.0, 0.6, 0.4, -0.5)
    edge = Edge("all of them", 0.05, weights, relative=False)
    drawn, plain = draw(SEED, edge, years=1.0), draw(SEED, years=1.0)
    planted = (drawn.expected - plain.expected)[:-1] / (0.05 * drawn.volatility[1:])
    seen = market_features(drawn.panel.close).astype(np.float64) @ np.array(weights)
    assert planted[WINDOW - 1 :] == pytest.approx(np.clip(seen[:-1], -2.0, 2.0), abs=1e-4)


def test_a_relative_edge_moves_no_market() -> None:
    drawn, plain = draw(SEED, EDGES[1], years=1.0), draw(SEED, years=1.0)
    shift = (drawn.expected - plain.expected)[:-1] / drawn.volatility[1:]
    assert np.abs(shift).max() > 0.01
    assert shift.sum(axis=1) == pytest.approx(0.0, abs=1e-12)


def test_without_an_edge_nothing_is_known_ahead() -> None:
    """No feature goes with the next bar's return, in ten instruments and thirty years."""
    panel = draw(SEED, years=30.0).panel
    moves = np.diff(np.log(panel.close), axis=0)[WINDOW - 1 :]
    features = market_features(panel.close)[:-1]
    for number in range(features.shape[2]):
        together = [
            np.corrcoef(features[:, j, number], moves[:, j])[0, 1] for j in range(moves.shape[1])
        ]
        assert abs(np.mean(together)) < 3.0 / np.sqrt(len(moves))


def test_the_market_is_like_one() -> None:
    panel = draw(SEED, years=30.0).panel
    moves = np.diff(np.log(panel.close), axis=0)
    assert 0.2 < moves.std() * np.sqrt(DAYS) < 0.4
    assert ((moves / moves.std(axis=0)) ** 4).mean() > 5.0
    assert 0.15 < np.corrcoef(moves.T)[np.triu_indices(10, 1)].mean() < 0.5
    wild = np.abs(moves).mean(axis=1)
    assert np.corrcoef(wild[1:], wild[:-1])[0, 1] > 0.3
    assert (panel.low <= np.minimum(panel.open, panel.close)).all()
    assert (panel.high >= np.maximum(panel.open, panel.close)).all()


def test_an_edge_is_promoted_and_its_absence_is_not(tmp_path: Path) -> None:
    """A small protocol, an edge beyond doubt; the last run finds all outcomes kept."""
    plain = Job(NO_EDGE, SEED, Protocol(groups=3), years=6.0, naively=True)
    found = examine(replace(plain, edge=scaled(EDGES[1], 2.0)))
    assert found.promoted
    assert found.naive
    assert found.naive_split
    assert found.judgement.measures["control_promoted"] == 0.0
    kept = examine(replace(plain, kept=str(tmp_path)))
    assert kept.judgement.verdict == CHAMPION_KEPT
    assert examine(replace(plain, kept=str(tmp_path))).judgement == kept.judgement


def test_the_naive_rule_takes_the_best_of_all_records() -> None:
    """Every record is worse than the champion but one: one seed's, on the tests of one fold."""
    protocol, bars = Protocol(groups=4), 401
    champion = np.random.default_rng(SEED).normal(0.0, 0.01, bars - 1)
    growth = np.tile(champion - 1e-4, (2, protocol.paths, 1))

    def evidence(of: Array) -> Evidence:
        mine, theirs = Record(of, of, of, of), Record(*[champion] * 4)
        return Evidence(1, np.arange(bars), mine, {CHAMPION: theirs}, "", 2, protocol)

    assert not promotes_best(evidence(growth))
    fold = folds(bars, protocol)[2]
    for (first, last), path in zip(fold.tests, fold.paths, strict=True):
        growth[1, path, first : last - 1] += 2e-4
    assert promotes_best(evidence(growth))


def test_the_power_curve_is_data_and_a_picture(tmp_path: Path) -> None:
    points = [Point(0.35, 200, 0, 0.2, float("inf")), Point(1.5, 60, 57, 1.2, 6.5)]
    write(points, 10.0, tmp_path)
    lines = (tmp_path / "gate-power.csv").read_text().splitlines()
    assert lines[0] == "ideal_sharpe,worlds,promoted,sharpe_seen,years_needed"
    assert lines[2] == "1.500,60,57,1.200,6.500"
    assert (tmp_path / "gate-power.png").stat().st_size > 5_000
    assert points[0].interval == (0.0, pytest.approx(0.0188, abs=1e-4))
    # Wilson 1927: 57 of 60 is 86 % to 98 %.
    assert points[1].interval == pytest.approx((0.8630, 0.9828), abs=1e-4)
