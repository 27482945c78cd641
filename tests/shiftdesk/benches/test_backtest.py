"""The benches of the backtest and of the policy: small runs have every figure."""

import math
from importlib.util import find_spec

import numpy as np
import pytest

from ai_pod.policies.features import WINDOW, market_features, observe
from ai_pod.policies.learned import BOUND, LearnedPolicy
from shiftdesk.benches import backtest, policy
from shiftdesk.errors import UsageProblem
from tests.support.build_learning import layers, panel, provenance


def test_every_figure_of_the_backtest_is_measured() -> None:
    sizes = {"bars": "8000", "peer_bars": "2000", "instruments": "10", "days": "400"}
    settings, figures = backtest.run({**sizes, "repeats": "1"})
    assert figures["bars_per_cpu_s"] > 10_000
    assert figures["portfolio_cpu_s"] > 0
    assert int(str(settings["portfolio_fills"])) > 20
    assert figures["cost_growth"] > 0
    if find_spec("backtesting") is None:
        assert math.isnan(figures["vs_backtesting_py"])
        assert "not installed" in str(settings["peer"])
    else:
        assert figures["vs_backtesting_py"] > 1
        assert f"{settings['trades']} trades" in str(settings["peer"])


def test_every_figure_of_the_policy_is_measured() -> None:
    settings, figures = policy.run({"calls": "200"})
    assert settings["observation"] == 120
    assert 0 < figures["one_desk_us_p50"] <= figures["one_desk_us_p99"]
    assert 0 < figures["ten_desks_us_p50"] <= figures["ten_desks_us_p99"]


@pytest.mark.parametrize("bench", [backtest, policy])
def test_a_setting_that_is_none_is_refused(bench: object) -> None:
    with pytest.raises(UsageProblem, match="no setting"):
        bench.run({"speed": "1"})  # type: ignore[attr-defined]  # both are benches


def test_a_policys_weights_are_the_plain_softmax_of_its_layers() -> None:
    made = LearnedPolicy("test", layers((18, 8, 3)), provenance())
    seen = observe(market_features(panel(WINDOW, 3).close)[-1], np.full((4, 3), 0.2))
    (first, bias), (head, last) = ((w.astype(float), b.astype(float)) for w, b in made.layers)
    logits = np.tanh(seen.astype(float) @ first + bias) @ head + last
    powers = np.exp(np.clip(logits, -BOUND, BOUND))
    expected = powers / (1.0 + powers.sum(axis=1, keepdims=True))
    np.testing.assert_allclose(made.act(seen), expected, rtol=1e-12)
