"""The decision: weights inside the profile, signals with reasons that add up, misfits refused."""

import numpy as np
import pytest

from ai_pod.agents.trading.deciding import Moment, PolicyMisfit, Standing, decide
from ai_pod.contracts.seats import RiskProfile
from ai_pod.contracts.signals import BAND
from ai_pod.policies.explain import Explanation
from ai_pod.policies.features import WINDOW, Array, Observations, latest_features
from ai_pod.policies.policy import GROSS
from ai_pod.policies.rules import rule
from tests.support.build_pod import INSTRUMENTS, OPEN, seat


def _moment() -> Moment:
    walk = np.random.default_rng(3).normal(0.0005, 0.003, (WINDOW, 2)).cumsum(axis=0)
    return _seen(100.0 * np.exp(walk))


def _seen(closes: Array) -> Moment:
    prices = dict(zip(INSTRUMENTS, closes[-1].tolist(), strict=True))
    return Moment("pod-t", 4, OPEN, prices, latest_features([closes])[0], True)


def _standing(held: tuple[float, float] = (0.0, 0.0), **fields: object) -> Standing:
    return Standing(seat(**fields), list(held), list(held))


@pytest.mark.parametrize("profile", list(RiskProfile))
@pytest.mark.parametrize("policy", ["momentum", "sma-cross", "equal-weight", "buy-and-hold"])
def test_signals_tell_the_change_and_add_up(policy: str, profile: RiskProfile) -> None:
    desks = [_standing((0.3, 0.1), desk=f"d{n}", risk_profile=profile) for n in range(3)]
    decisions = decide(rule(f"rule:{policy}@1"), _moment(), desks)
    assert [d.desk for d in decisions] == ["d0", "d1", "d2"]
    for decision in decisions:
        assert sum(decision.weights.values()) <= GROSS[profile] + 1e-9
        moved = {i for i, w in decision.weights.items() if abs(w - _held(i)) > BAND}
        assert {signal.instrument for signal in decision.signals} == moved
        for signal in decision.signals:
            total = signal.base + sum(signal.contributions.values())
            assert total == pytest.approx(signal.score, abs=1e-9)
            assert signal.reason


def _held(instrument: str) -> float:
    return dict(zip(INSTRUMENTS, (0.3, 0.1), strict=True))[instrument]


def test_what_is_within_the_band_is_no_signal() -> None:
    held = (0.4 + BAND / 2, 0.4)
    [decision] = decide(rule("rule:equal-weight@1"), _moment(), [_standing(held)])
    assert not decision.signals
    assert decision.weights == dict(zip(INSTRUMENTS, (0.4, 0.4), strict=True))


@pytest.mark.parametrize("gap", ["short", "nan"])
def test_without_a_whole_window_the_desk_keeps_what_it_holds(gap: str) -> None:
    closes = np.full((WINDOW - 1 if gap == "short" else WINDOW, 2), 100.0)
    if gap == "nan":
        closes[3, 1] = np.nan
    moment = _seen(closes)
    [decision] = decide(rule("rule:equal-weight@1"), moment, [_standing((0.2, 0.7))])
    assert decision.weights == {INSTRUMENTS[0]: 0.2, INSTRUMENTS[1]: 0.7}
    assert not decision.signals


class _Odd:
    """A policy whose weights do not fit."""

    version = "sha256:odd"

    def __init__(self, weights: Array) -> None:
        self._weights = weights

    def act(self, observations: Observations) -> Array:
        return self._weights

    def attribute(self, observations: Observations) -> Explanation:
        raise AssertionError("a misfit is not explained")


@pytest.mark.parametrize("weights", [np.zeros((1, 3)), np.full((1, 2), np.nan)])
def test_weights_that_do_not_fit_are_refused(weights: Array) -> None:
    with pytest.raises(PolicyMisfit, match="sha256:odd"):
        decide(_Odd(weights), _moment(), [_standing()])
