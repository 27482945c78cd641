"""How a figure of a backtest is written for people."""

import math

import numpy as np

SHARES = frozenset(
    (
        "total_return",
        "annual_return",
        "mean_return_a_year",
        "volatility",
        "max_drawdown",
        "ulcer_index",
        "best_period",
        "worst_period",
        "value_at_risk_95",
        "expected_shortfall_95",
        "positive_periods",
        "exposure",
        "time_in_market",
        "hit_rate",
        "largest_trade_share",
        "alpha_a_year",
        "tracking_error",
        "psr",
        "deflated_sharpe",
    )
)
"""In percent."""
WHOLE = frozenset(
    ["fills", "trades", "open_trades", "max_drawdown_days", "longest_drawdown_days", "periods"]
)
MONEY = frozenset(["fees", "final_equity"])
LABELS = {"psr": "PSR", "p_value": "p-value", "t_statistic": "t-statistic"}


def shown(name: str, value: float) -> str:
    """The figure with its unit; a dash where it is not defined."""
    if math.isnan(value):
        return "–"
    if name in SHARES:
        return f"{value:.2%}"
    if name in WHOLE:
        return f"{value:,.0f}"
    if name in MONEY:
        return f"{value:,.2f}"
    return f"{value:,.4f}" if abs(value) < 100 else f"{value:,.1f}"


def label(name: str) -> str:
    """The figure's name in words."""
    if name in LABELS:
        return LABELS[name]
    words = name.replace("_95", " (95 %)").replace("_", " ")
    return words[0].upper() + words[1:]


def instant(ns: int | np.int64) -> str:
    """Nanoseconds as UTC, to the second."""
    return f"{np.datetime64(int(ns), 'ns').astype('datetime64[s]')}Z"
