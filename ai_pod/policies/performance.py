"""What a series of returns, or a run, has been worth: figures for people, each with its convention.

What is not defined (a Sharpe ratio of a book that never moved) is NaN. Whether a figure is luck is
asked elsewhere: `doubts`, and the learning agent's statistics.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from ai_pod.policies.backtest import Run
from ai_pod.policies.features import Array
from ai_pod.policies.liquidity import DAY_NS
from ai_pod.policies.trades import Trades

YEAR_NS = 365.25 * DAY_NS
_STILL = 1e-12
"""A standard deviation below this counts as none."""

CONVENTIONS: dict[str, str] = {
    "total_return": "geometric: last over first equity, less one; after costs",
    "annual_return": "geometric: growth to the power of one year, years by periods a year",
    "mean_return_a_year": "arithmetic: mean simple return a period, times periods a year",
    "volatility": "standard deviation (ddof 1) of simple returns, times root of periods a year",
    "sharpe": "arithmetic mean over standard deviation (ddof 1) of simple returns, times root of "
    "periods a year; no riskless rate (Sharpe 1994)",
    "sortino": "arithmetic mean over downside deviation (root of the mean of min(r, 0)², over all "
    "periods), times root of periods a year",
    "calmar": "annual return over largest drawdown, over the whole series",
    "max_drawdown": "largest fall from a peak of equity at period ends, as a share of the peak",
    "max_drawdown_days": "calendar days from that peak to its recovery, or to the end",
    "longest_drawdown_days": "calendar days of the longest time below a peak",
    "ulcer_index": "root of the mean squared drawdown (Martin 1987)",
    "skew": "third standardised moment, ddof 0",
    "kurtosis": "fourth standardised moment, ddof 0; a normal distribution has 3",
    "best_period": "largest simple return of one period",
    "worst_period": "smallest simple return of one period",
    "value_at_risk_95": "5 % quantile of simple returns a period, linear between observations, as "
    "a loss",
    "expected_shortfall_95": "mean loss of the periods at or below that quantile",
    "positive_periods": "share of periods with a return above zero",
    "gain_to_loss": "sum of positive over sum of negative returns (Bernardo, Ledoit 2000)",
    "t_statistic": "arithmetic mean over its standard error (ddof 1), periods taken as independent",
    "p_value": "two-sided, Student's t with one degree of freedom less than periods",
    "periods_a_year": "periods over the years between first and last end (365.25 days), or as told",
    "years": "periods over periods a year",
    "turnover_a_year": "traded value over equity at the decision, summed, per year",
    "exposure": "mean of the absolute value of positions over equity, at bar ends",
    "time_in_market": "share of bars after which something was held",
    "fees": "commissions paid, in money; spread and slippage are in the prices",
    "fills": "number of fills",
    "trades": "positions from flat to flat or over zero; one still open counts at the last close",
    "open_trades": "of these, still open at the end",
    "hit_rate": "share of trades with a profit after commissions",
    "profit_factor": "sum of profits over sum of losses of trades",
    "largest_trade_share": "largest profit of one trade over the profit of all",
    "final_equity": "cash and positions at the last close",
    "beta": "covariance over the benchmark's variance, simple returns",
    "alpha_a_year": "arithmetic: mean return less beta times the benchmark's, times periods a year",
    "correlation": "with the benchmark's simple returns",
    "tracking_error": "standard deviation (ddof 1) of the difference of simple returns, annualised",
    "information_ratio": "mean over standard deviation (ddof 1) of that difference, annualised",
}
"""How each figure is made, by its name."""

Figures = dict[str, float]


@dataclass(frozen=True)
class Drawdown:
    """One time below a peak, by rows of the equity; `recovered` is None while it lasts."""

    depth: float
    peak: int
    trough: int
    recovered: int | None


def periods_a_year(ends: NDArray[np.int64]) -> float:
    """From the ends (ns) of the bars themselves."""
    return (len(ends) - 1) * YEAR_NS / float(ends[-1] - ends[0])


def returns_of(equity: Array) -> Array:
    """Simple returns (n - 1,) of equity (n,). A book that is ruined loses all, and stays so."""
    ruined = np.maximum.accumulate(equity <= 0.0)
    before = np.where(ruined[:-1], 1.0, equity[:-1])
    returns: Array = np.where(ruined[1:], -1.0, equity[1:] / before - 1.0)
    returns[ruined[:-1]] = 0.0
    return returns


def of_returns(returns: Array, a_year: float, ends: NDArray[np.int64] | None = None) -> Figures:
    """Figures of simple returns (n,), `a_year` of them a year; `ends` (n + 1,) ns, if known."""
    equity = np.concatenate([[1.0], np.cumprod(1.0 + returns)])
    years, root = len(returns) / a_year, math.sqrt(a_year)
    mean, spread = float(returns.mean()), _spread(returns)
    downside = math.sqrt(float(np.mean(np.minimum(returns, 0.0) ** 2)))
    growth = float(equity[-1])
    annual = growth ** (1.0 / years) - 1.0 if growth > 0 else -1.0
    falls = 1.0 - equity / np.maximum.accumulate(equity)
    deepest = float(falls.max())
    figures = {
        "total_return": growth - 1.0,
        "annual_return": annual,
        "mean_return_a_year": mean * a_year,
        "volatility": spread * root,
        "sharpe": _over(mean, spread) * root,
        "sortino": _over(mean, downside) * root,
        "calmar": _over(annual, deepest),
        "max_drawdown": deepest,
        "ulcer_index": math.sqrt(float(np.mean(falls[1:] ** 2))),
        **_shape(returns),
        **_student(mean, spread, len(returns)),
        "periods_a_year": a_year,
        "years": years,
    }
    if ends is None:
        return figures
    return figures | _durations(falls, ends)


def against(returns: Array, benchmark: Array, a_year: float) -> Figures:
    """Figures of simple returns beside a benchmark's over the same periods."""
    spread, theirs = _spread(returns), _spread(benchmark)
    covariance = float(np.cov(returns, benchmark)[0, 1]) if len(returns) > 1 else math.nan
    beta = _over(covariance, theirs * theirs)
    difference = returns - benchmark
    off = _spread(difference)
    return {
        "beta": beta,
        "alpha_a_year": (float(returns.mean()) - beta * float(benchmark.mean())) * a_year,
        "correlation": _over(covariance, spread * theirs),
        "tracking_error": off * math.sqrt(a_year),
        "information_ratio": _over(float(difference.mean()), off) * math.sqrt(a_year),
    }


def of_run(run: Run, close: Array, trades: Trades) -> Figures:
    """Figures of a run through bars whose closes are (n, k)."""
    figures = of_returns(returns_of(run.equity), periods_a_year(run.ends), run.ends)
    held = np.abs(np.cumsum(run.quantities, axis=0) * close[1:]).sum(axis=1)
    profit = trades.profit
    gained, lost = float(profit[profit > 0].sum()), float(-profit[profit < 0].sum())
    return figures | {
        "turnover_a_year": float(run.turnover.sum()) / figures["years"],
        "exposure": float(np.mean(held / np.maximum(run.equity[1:], 1e-9))),
        "time_in_market": float(np.mean(held > 1e-9)),
        "fees": float(run.fees.sum()),
        "fills": float(np.count_nonzero(run.quantities)),
        "trades": float(len(trades)),
        "open_trades": float(trades.open.sum()),
        "hit_rate": _over(float((profit > 0).sum()), float(len(trades))),
        "profit_factor": _over(gained, lost),
        "largest_trade_share": _share(float(profit.max(initial=0.0)), float(profit.sum())),
        "final_equity": float(run.equity[-1]),
    }


def drawdowns(equity: Array, count: int = 5) -> list[Drawdown]:
    """The `count` deepest times below a peak, deepest first."""
    falls = 1.0 - equity / np.maximum.accumulate(equity)
    begins, ends = _below(falls)
    found = []
    for first, after in zip(begins.tolist(), ends.tolist(), strict=True):
        trough = first + int(falls[first:after].argmax())
        recovered = after if after < len(equity) else None
        found.append(Drawdown(float(falls[trough]), first - 1, trough, recovered))
    return sorted(found, key=lambda one: -one.depth)[:count]


def _shape(returns: Array) -> Figures:
    spread = float(returns.std())
    normed = (returns - returns.mean()) / spread if spread > _STILL else np.full(1, np.nan)
    tail = float(np.quantile(returns, 0.05))
    gained, lost = np.maximum(returns, 0.0).sum(), np.maximum(-returns, 0.0).sum()
    squares = normed * normed
    return {
        "skew": float((squares * normed).mean()),
        "kurtosis": float((squares * squares).mean()),
        "best_period": float(returns.max()),
        "worst_period": float(returns.min()),
        "value_at_risk_95": -tail,
        "expected_shortfall_95": -float(returns[returns <= tail].mean()),
        "positive_periods": float((returns > 0).mean()),
        "gain_to_loss": _over(float(gained), float(lost)),
    }


def _student(mean: float, spread: float, count: int) -> Figures:
    """The test of a mean of zero."""
    statistic = _over(mean, spread) * math.sqrt(count)
    if math.isnan(statistic):
        return {"t_statistic": math.nan, "p_value": math.nan}
    return {
        "t_statistic": statistic,
        "p_value": 2.0 * float(stdtr(count - 1, -abs(statistic))),
    }


def _durations(falls: Array, ends: NDArray[np.int64]) -> Figures:
    """Days of the deepest and of the longest time below a peak."""
    begins, afters = _below(falls)
    if not len(begins):
        return {"max_drawdown_days": 0.0, "longest_drawdown_days": 0.0}
    days = (ends[np.minimum(afters, len(ends) - 1)] - ends[begins - 1]) / DAY_NS
    deepest = int(np.searchsorted(begins, falls.argmax(), side="right")) - 1
    return {
        "max_drawdown_days": float(days[deepest]),
        "longest_drawdown_days": float(days.max()),
    }


def _below(falls: Array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows at which times below a peak begin, and those that follow their ends."""
    below = np.concatenate([[False], falls > _STILL, [False]])
    begins, ends = ~below[:-1] & below[1:], below[:-1] & ~below[1:]
    return np.flatnonzero(begins), np.flatnonzero(ends)


def _spread(returns: Array) -> float:
    return float(returns.std(ddof=1)) if len(returns) > 1 else math.nan


def _share(part: float, whole: float) -> float:
    return part / whole if whole > _STILL else math.nan


def _over(one: float, other: float) -> float:
    return one / other if abs(other) > _STILL else math.nan
