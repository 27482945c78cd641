"""Features: no look-ahead, no scale, and the same numbers from a panel as from a window."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pod.policies.features import (
    FEATURES,
    WINDOW,
    by_instrument,
    latest_features,
    market_features,
    observe,
)
from tests.support.build_learning import panel, seen_by

CLOSES = panel(300, 3).close
HELD = np.array([[0.2, 0.0, 0.5], [0.0, 0.0, 0.0]])


@given(st.integers(WINDOW, 300))
def test_a_bar_looks_the_same_in_the_panel_as_in_its_own_window(bars: int) -> None:
    row = market_features(CLOSES)[bars - WINDOW]
    np.testing.assert_array_equal(observe(row, HELD), seen_by(CLOSES[:bars], HELD))


def test_what_comes_later_changes_nothing_before() -> None:
    changed = CLOSES.copy()
    changed[200:] *= 3.0
    before = market_features(CLOSES)
    after = market_features(changed)
    np.testing.assert_array_equal(before[: 200 - WINDOW + 1], after[: 200 - WINDOW + 1])
    assert not np.array_equal(before[200 - WINDOW + 1], after[200 - WINDOW + 1])


def test_prices_in_another_currency_look_the_same() -> None:
    np.testing.assert_allclose(
        seen_by(CLOSES * 130.0, HELD), seen_by(CLOSES, HELD), rtol=1e-4, atol=1e-5
    )


def test_features_have_their_meaning() -> None:
    rising = 100.0 * np.exp(np.arange(WINDOW) * 0.01)[:, None]
    seen = dict(zip(FEATURES, seen_by(rising, np.array([[1.0]]))[0], strict=True))
    assert seen["return_1"] == pytest.approx(1.0, rel=1e-3)
    assert seen["momentum_8"] == pytest.approx(np.sqrt(8), rel=1e-3)
    # Clipped: an unbroken rise of 32 bars is √32 deviations.
    assert seen["momentum_32"] == 5.0
    assert seen["sma_cross"] > 0
    assert seen["volatility_ratio"] == pytest.approx(0.0, abs=1e-3)
    assert seen["weight"] == 1.0


def test_the_weight_is_counted_in_equal_shares() -> None:
    seen = by_instrument(seen_by(CLOSES, HELD))
    np.testing.assert_allclose(seen[0, :, FEATURES.index("weight")], [0.6, 0.0, 1.5], rtol=1e-6)


def test_a_still_market_is_no_trouble() -> None:
    assert np.isfinite(seen_by(np.full((WINDOW, 2), 50.0), np.zeros((1, 2)))).all()


def test_too_few_closes_are_refused() -> None:
    with pytest.raises(ValueError, match=f"32 closes; the features need {WINDOW}"):
        seen_by(CLOSES[: WINDOW - 1], HELD)


def test_windows_seen_together_look_as_each_alone() -> None:
    gap = CLOSES[:WINDOW].copy()
    gap[3, 1] = np.nan
    windows = [CLOSES[:WINDOW], CLOSES[: WINDOW - 1], CLOSES[40 : 40 + WINDOW, :2], gap]
    first, short, second, missing = latest_features(windows)
    np.testing.assert_array_equal(first, market_features(CLOSES[:WINDOW])[-1])
    np.testing.assert_array_equal(second, market_features(CLOSES[40 : 40 + WINDOW, :2])[-1])
    assert short is None
    assert missing is None
    assert latest_features([]) == []
