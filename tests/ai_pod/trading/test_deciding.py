"""The decision: weights inside the profile, signals with reasons that add up, misfits refused."""

import itertools

import msgspec
import numpy as np
import pytest

from ai_pod.agents.trading.deciding import Moment, PolicyMisfit, Standing, decide, faulted
from ai_pod.contracts.seats import RiskProfile
from ai_pod.contracts.signals import BAND, Decision, Fault
from ai_pod.policies.explain import Explanation, explain
from ai_pod.policies.features import FEATURES, WINDOW, Array, Observations, latest_features
from ai_pod.policies.learned import LearnedPolicy, Provenance
from ai_pod.policies.policy import GROSS, Policy
from ai_pod.policies.rules import RULES, rule
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


class _Raising(_Odd):
    def act(self, observations: Observations) -> Array:
        raise ZeroDivisionError("no luck today")


class _Unexplained(_Odd):
    def attribute(self, observations: Observations) -> Explanation:
        raise KeyError("why")


@pytest.mark.parametrize("policy", [_Raising, _Unexplained])
def test_what_a_policy_raises_is_its_own_fault(policy: type[_Odd]) -> None:
    with pytest.raises(PolicyMisfit) as refused:
        decide(policy(np.full((1, 2), 0.4)), _moment(), [_standing()])
    assert refused.value.fault is Fault.RAISED


def test_a_faulted_desk_keeps_what_it_holds() -> None:
    decision = faulted(_moment(), _standing((0.2, 0.7)), Fault.MISFIT, "x" * 2000)
    assert list(decision.weights.values()) == [0.2, 0.7]
    assert (decision.fault, len(decision.fault_detail)) == (Fault.MISFIT, 500)
    assert not decision.signals


@pytest.mark.parametrize(("profile", "cut"), [("cautious", 0.5), ("balanced", 0.8)])
def test_what_the_profile_cuts_is_told(profile: str, cut: float) -> None:
    desk = _standing(risk_profile=RiskProfile(profile))
    [decision] = decide(rule("rule:equal-weight@1"), _moment(), [desk])
    assert decision.limits == pytest.approx(
        {"wanted_gross": 1.0, "profile_gross": cut, "scale": cut}
    )
    bold = _standing(risk_profile=RiskProfile.BOLD)
    [uncut] = decide(rule("rule:equal-weight@1"), _moment(), [bold])
    assert uncut.limits == {}


def _net(instruments: int) -> LearnedPolicy:
    generator = np.random.default_rng(7)
    sizes = [instruments * len(FEATURES), 64, 64, instruments]
    layers = tuple(
        (generator.normal(0.0, 1.5 / before**0.5, (before, after)), generator.normal(0, 0.3, after))
        for before, after in itertools.pairwise(sizes)
    )
    return LearnedPolicy("sha256:net", layers, Provenance(instruments=INSTRUMENTS, interval="1m"))


@pytest.mark.parametrize(
    "policy", [_net(2), *(rule(name) for name in RULES)], ids=lambda p: p.version
)
def test_a_decision_can_be_worked_out_again_from_what_it_stored(policy: Policy) -> None:
    desks = [_standing((0.3, n / 10), desk=f"d{n}", policy_version=policy.version) for n in (1, 5)]
    written = [msgspec.json.encode(one) for one in decide(policy, _moment(), desks)]
    for decision in (msgspec.json.decode(one, type=Decision) for one in written):
        observation = np.frombuffer(decision.observation, "<f4")[None]
        scores = explain(policy, observation).scores[0].tolist()
        again = dict(zip(sorted(decision.weights), scores, strict=True))
        for signal in decision.signals:
            total = signal.base + sum(signal.contributions.values())
            assert total == pytest.approx(signal.score, abs=1e-6)
            assert again[signal.instrument] == pytest.approx(signal.score, abs=1e-6)
        acted = policy.act(observation)[0] * decision.limits.get("scale", 1.0)
        assert acted.tolist() == pytest.approx(list(decision.weights.values()))
