"""Cheaters are found, and the first bar that cheats is named; the honest are not accused."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from ai_pod.policies.errors import StrategyFault
from ai_pod.policies.features import Array
from ai_pod.policies.lookahead import checked, prove
from ai_pod.policies.strategies import STRATEGIES
from market.series import Panel
from tests.support.build_learning import panel

PANEL = panel(300, 3, seed=7)


@dataclass(frozen=True)
class Made:
    """A strategy of a function."""

    rule: Callable[[Panel], Array]
    name: str = "made"
    parameters: int = 0
    calls: list[int] = field(default_factory=list)

    def targets(self, panel: Panel) -> Array:
        self.calls.append(len(panel))
        return self.rule(panel)


def tomorrow_from(first: int) -> Callable[[Panel], Array]:
    """From bar `first` on it holds what rises tomorrow."""

    def rule(panel: Panel) -> Array:
        wanted = np.zeros(panel.close.shape)
        wanted[first:-1] = (panel.close[first + 1 :] > panel.close[first:-1]) / 3.0
        return wanted

    return rule


def whole_mean(panel: Panel) -> Array:
    """Buys below the mean of all prices, later ones included."""
    return (panel.close < panel.close.mean(axis=0)) / 3.0


def length(panel: Panel) -> Array:
    """Knows how long the data are."""
    return np.full(panel.close.shape, 1.0 / (3.0 + len(panel)))


@pytest.mark.parametrize("name", STRATEGIES)
def test_what_is_built_in_is_honest(name: str) -> None:
    proof = prove(STRATEGIES[name], PANEL, cuts=12)
    assert proof.row is None
    assert proof.cuts == 12


@pytest.mark.parametrize("first", [0, 131, 290])
def test_who_looks_a_day_ahead_is_found_at_the_first_bar_that_does(first: int) -> None:
    whole = tomorrow_from(first)(PANEL)
    proof = prove(Made(tomorrow_from(first)), PANEL, cuts=299)
    assert proof.row is not None
    # The first bar whose target is not what it is without a tomorrow.
    expected = int(np.flatnonzero(whole.any(axis=1))[0])
    assert first <= proof.row <= expected
    assert proof.cut == proof.row + 1


@pytest.mark.parametrize("rule", [whole_mean, length])
def test_who_takes_a_figure_of_the_whole_is_found(rule: Callable[[Panel], Array]) -> None:
    proof = prove(Made(rule), PANEL, cuts=5)
    assert proof.row == 0


def test_a_strategy_that_needs_more_bars_is_not_accused() -> None:
    def rule(panel: Panel) -> Array:
        if len(panel) < 100:
            raise IndexError("too short")
        return np.zeros(panel.close.shape)

    proof = prove(Made(rule), PANEL, cuts=10)
    assert proof.row is None
    assert proof.skipped == 0


def test_who_refuses_fewer_bars_is_found_by_another_future() -> None:
    def rule(panel: Panel) -> Array:
        if len(panel) < len(PANEL):
            raise IndexError("too short")
        return tomorrow_from(10)(panel)

    proof = prove(Made(rule), PANEL, cuts=20)
    assert proof.row is not None
    assert proof.row >= 10
    assert proof.how == "changed"


def test_cuts_where_nothing_can_be_computed_are_counted() -> None:
    def rule(panel: Panel) -> Array:
        if len(panel) < 100 or panel.close[100, 0] != PANEL.close[100, 0]:
            raise IndexError("not these bars")
        return np.zeros(panel.close.shape)

    proof = prove(Made(rule), PANEL, cuts=10)
    assert proof.row is None
    assert proof.skipped == 4


def test_a_strategy_that_changes_its_mind_is_no_strategy() -> None:
    random = np.random.default_rng(0)
    with pytest.raises(StrategyFault, match="other targets for the same bars"):
        prove(Made(lambda panel: random.random(panel.close.shape)), PANEL)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (lambda panel: np.zeros(len(panel)), r"shape \(300,\), not \(300, 3\)"),
        (lambda panel: np.full(panel.close.shape, np.inf), "infinite weight of XNYS:S0 at bar 1"),
    ],
)
def test_what_are_no_weights_is_refused(rule: Callable[[Panel], Array], words: str) -> None:
    with pytest.raises(StrategyFault, match=words):
        checked(Made(rule), PANEL)
