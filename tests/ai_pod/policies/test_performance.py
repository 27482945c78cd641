"""Figures against values that others have printed, and the drawdowns and trades behind them."""

import math

import numpy as np
import pytest

from ai_pod.policies.backtest import Run
from ai_pod.policies.performance import (
    CONVENTIONS,
    against,
    drawdowns,
    of_returns,
    of_run,
    returns_of,
)
from ai_pod.policies.trades import fills_hash, fills_of, trades_of

MIXED = np.array([1.0, 10.0, -4.0, 2.0, 3.0, 2.0, 1.0, -10.0]) / 100
WITH_FIRST = np.concatenate([[0.0], MIXED])

BACON = (
    np.array(
        [0.3, 2.6, 1.1, -1.0, 1.5, 2.5, 1.6, 6.7, -1.4, 4.0, -0.5, 8.1,
         4.0, -3.7, -6.1, 1.7, -4.9, -2.2, 7.0, 5.8, -6.5, 2.4, -0.5, -0.9]
    )
    / 100
)  # fmt: skip
BENCHMARK = (
    np.array(
        [0.2, 2.5, 1.8, -1.1, 1.4, 1.8, 1.4, 6.5, -1.5, 4.2, -0.6, 8.3,
         3.9, -3.8, -6.2, 1.5, -4.8, 2.1, 6.0, 5.6, -6.7, 1.9, -0.3, 0.0]
    )
    / 100
)  # fmt: skip
"""Monthly returns of Bacon 2008, `Practical Portfolio Performance Measurement and Attribution`, as
R's PerformanceAnalytics ships them (`portfolio_bacon`)."""


@pytest.mark.parametrize(
    ("returns", "a_year", "name", "printed"),
    [
        # quantopian/empyrical, empyrical/tests/test_stats.py: `mixed_returns`, daily; it begins
        # with a NaN, which counts as a period of growth, and not as a return
        (WITH_FIRST, 252, "annual_return", 1.9135925373194231),
        (WITH_FIRST, 252, "calmar", 19.135925373194233),
        (MIXED, 252, "volatility", 0.9136465399704637),
        (MIXED, 252, "sharpe", 1.7238613961706866),
        (MIXED, 252, "sortino", 2.605531251673693),
        (MIXED, 252, "max_drawdown", 0.1),
        # the same with a first return of 0, weekly and monthly
        (WITH_FIRST, 52, "annual_return", 0.24690830513998208),
        (WITH_FIRST, 52, "volatility", 0.38851569394870583),
        (WITH_FIRST, 52, "calmar", 2.4690830513998208),
        (WITH_FIRST, 12, "annual_return", 0.052242061386048144),
        (WITH_FIRST, 12, "volatility", 0.18663690238892558),
        (WITH_FIRST, 12, "calmar", 0.52242061386048144),
    ],
)
def test_figures_are_those_that_empyrical_asserts(
    returns: np.ndarray, a_year: float, name: str, printed: float
) -> None:
    assert of_returns(returns, a_year)[name] == pytest.approx(printed, rel=1e-12)


def rounded_as(value: float, printed: str) -> str:
    """The value with as many digits as were printed."""
    return f"{value:.{len(printed.partition('.')[2])}f}"


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        # PerformanceAnalytics' vignette PA-Bacon, with pages of Bacon 2008
        ("kurtosis", "2.43"),  # p. 84, method="moment"
        ("gain_to_loss", "1.78"),  # Bernardo and Ledoit ratio, p. 95
    ],
)
def test_figures_are_those_that_bacon_prints(name: str, printed: str) -> None:
    assert rounded_as(of_returns(BACON, 12.0)[name], printed) == printed


def test_ratios_that_bacon_prints_follow_from_the_figures() -> None:
    figures, theirs = of_returns(BACON, 12.0), of_returns(BENCHMARK, 12.0)
    # PA-Bacon: SkewnessKurtosisRatio -0.034 (p. 99), FamaBeta 1.03 (p. 77), and the sample
    # skewness -0.09 (p. 84)
    n = len(BACON)
    sample = figures["skew"] * math.sqrt(n * (n - 1)) / (n - 2)
    assert rounded_as(figures["skew"] / figures["kurtosis"], "-0.034") == "-0.034"
    assert rounded_as(figures["volatility"] / theirs["volatility"], "1.03") == "1.03"
    assert rounded_as(sample, "-0.09") == "-0.09"


def test_sharpe_and_information_ratio_are_those_of_portfolio_analytics_js() -> None:
    # lequant40/portfolio_analytics_js, test of the Sharpe ratio module, on Bacon's returns: per
    # month, ddof 1
    month = of_returns(BACON, 1.0)
    assert month["sharpe"] == pytest.approx(0.22756845566238826, rel=1e-12)
    assert of_returns(BENCHMARK, 1.0)["sharpe"] == pytest.approx(0.26162488955600643, rel=1e-12)
    beside = against(BACON, BENCHMARK, 1.0)
    assert beside["information_ratio"] == pytest.approx(-0.10726723360428486, rel=1e-12)


def test_a_benchmark_is_its_own_beta() -> None:
    beside = against(BENCHMARK, BENCHMARK, 12.0)
    assert beside["beta"] == pytest.approx(1.0)
    assert beside["correlation"] == pytest.approx(1.0)
    assert beside["alpha_a_year"] == pytest.approx(0.0, abs=1e-15)
    assert beside["tracking_error"] == 0.0
    assert math.isnan(beside["information_ratio"])


def test_what_is_not_defined_is_nan() -> None:
    still = of_returns(np.zeros(10), 252.0)
    for name in ("sharpe", "sortino", "calmar", "skew", "kurtosis", "t_statistic", "p_value"):
        assert math.isnan(still[name]), name
    assert still["total_return"] == still["max_drawdown"] == 0.0


def test_a_mean_is_as_sure_as_students_table_says() -> None:
    # NIST/SEMATECH e-Handbook, table of Student's t: 2.069 for 23 degrees of freedom at 0.975
    moved = (BACON - BACON.mean()) / BACON.std(ddof=1) + 2.069 / math.sqrt(len(BACON))
    figures = of_returns(moved / 100, 12.0)
    assert figures["t_statistic"] == pytest.approx(2.069)
    assert rounded_as(figures["p_value"], "0.050") == "0.050"


def test_drawdowns_and_how_long_they_last() -> None:
    equity = np.array([100.0, 110, 99, 104.5, 110, 121, 60.5, 90, 119, 120])
    days = (np.arange(10) * 86400 * 10**9).astype(np.int64)
    deepest, other = drawdowns(equity)
    assert (deepest.peak, deepest.trough, deepest.recovered) == (5, 6, None)
    assert deepest.depth == pytest.approx(0.5)
    assert (other.peak, other.trough, other.recovered) == (1, 2, 4)
    figures = of_returns(returns_of(equity), 252.0, days)
    assert figures["max_drawdown_days"] == 4.0
    assert figures["longest_drawdown_days"] == 4.0
    assert of_returns(np.full(3, 0.01), 252.0, days[:4])["longest_drawdown_days"] == 0.0


def test_a_ruined_book_stays_ruined() -> None:
    returns = returns_of(np.array([100.0, 50.0, -10.0, 20.0, 30.0]))
    np.testing.assert_array_equal(returns, [-0.5, -1.0, 0.0, 0.0])
    figures = of_returns(returns, 252.0)
    assert figures["total_return"] == figures["annual_return"] == -1.0


CLOSE = np.array([10.0, 10.0, 12.0, 11.0, 9.0, 8.0])[:, None]


def run(quantities: list[float], prices: list[float], fee: float = 1.0) -> Run:
    """A book of 1,000 that fills these quantities at these prices, one instrument."""
    filled, at = np.array(quantities)[:, None], np.array(prices)[:, None]
    fees = np.where(filled != 0, fee, 0.0)
    cash = 1000.0 - np.cumsum(filled * at + fees, axis=0)
    equity = np.concatenate([[1000.0], (cash + np.cumsum(filled, axis=0) * CLOSE[1:]).ravel()])
    ends = (np.arange(6) * 86400 * 10**9).astype(np.int64)
    turnover = np.abs(filled * at).ravel() / equity[:-1]
    return Run("hand", ends, equity, fees.ravel(), turnover, filled, at, fees)


def test_a_trade_is_a_position_from_flat_to_flat_or_over_zero() -> None:
    made = run([10.0, 10.0, -30.0, 0.0, 4.0], [10.0, 12.0, 11.0, 9.0, 8.0])
    trades = trades_of(made, CLOSE)
    assert trades.opened.tolist() == [1, 3]
    assert trades.closed.tolist() == [3, 5]
    assert trades.open.tolist() == [False, True]
    assert trades.long.tolist() == [True, False]
    # 20 bought for 220 and sold for 220, 2 in fees and two thirds of the third's 1
    assert trades.profit[0] == pytest.approx(-2 - 2 / 3)
    # 10 sold at 11, 4 bought back at 8, 6 still owed at 8; a third of 1, and 1
    assert trades.profit[1] == pytest.approx(110 - 32 - 48 - 1 - 1 / 3)
    assert trades.profit.sum() == pytest.approx(made.equity[-1] - 1000.0)
    figures = of_run(made, CLOSE, trades)
    assert figures["trades"] == 2.0
    assert figures["open_trades"] == 1.0
    assert figures["hit_rate"] == 0.5
    assert figures["fees"] == 4.0
    assert figures["time_in_market"] == 1.0
    assert figures["profit_factor"] == pytest.approx(trades.profit[1] / -trades.profit[0])
    assert figures.keys() <= CONVENTIONS.keys()


def test_fills_come_in_order_and_the_hash_is_of_them_alone() -> None:
    one = run([10.0, 0.0, -10.0, 0.0, 0.0], [10.0, 1.0, 11.0, 1.0, 1.0])
    other = run([10.0, 0.0, -10.0, 0.0, 0.0], [10.0, 2.0, 11.0, 2.0, 2.0])
    dearer = run([10.0, 0.0, -10.0, 0.0, 0.0], [10.0, 1.0, 11.01, 1.0, 1.0])
    fills = fills_of(one)
    assert fills.row.tolist() == [1, 3]
    assert fills.quantity.tolist() == [10.0, -10.0]
    assert fills_hash(one, ("A",)) == fills_hash(other, ("A",))
    assert fills_hash(one, ("A",)) != fills_hash(dearer, ("A",))
    assert fills_hash(one, ("A",)) != fills_hash(one, ("B",))
