"""Reasons to doubt a backtest, in the manner of LEAN's report: each has a code and a sentence.

A backtest without doubts has not been proved right; the gate asks harder questions.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ai_pod.policies.backtest import Run, World
from ai_pod.policies.liquidity import DAY_NS
from ai_pod.policies.performance import Figures
from ai_pod.policies.trades import Trades, fills_of
from market.series import Panel

FEWEST_TRADES = 30
TRADES_PER_PARAMETER = 10
ONE_TRADE = 0.5
SURE = 0.05
STALE_SHARE = 0.05
STALE_BARS = 5.0
DEAR = 0.5
SHORTEST_YEARS = 2.0


@dataclass(frozen=True)
class Doubt:
    code: str
    sentence: str


def doubts(
    run: Run, figures: Figures, trades: Trades, market: Panel | World, parameters: int
) -> list[Doubt]:
    """What should be asked of a run through `market`, by a strategy of so many parameters."""
    found = [
        *_of_trades(figures, trades, parameters),
        *_of_returns(run, figures),
        *_of_fills(run, market),
        *_of_bars(market),
    ]
    if market.synthetic:
        found.append(Doubt("synthetic_bars", "The bars are synthetic: no market has made them."))
    return found


def decay(before: Figures, after: Figures) -> list[Doubt]:
    """What an out-of-sample stretch says against the one before it."""
    if after["sharpe"] < 0.5 * before["sharpe"] and before["sharpe"] > 0:
        said = f"{before['sharpe']:.2f} before, {after['sharpe']:.2f} out of sample"
        return [Doubt("out_of_sample_decay", f"The Sharpe ratio does not hold: {said}.")]
    return []


def _of_trades(figures: Figures, trades: Trades, parameters: int) -> Iterator[Doubt]:
    count = len(trades)
    if count < FEWEST_TRADES:
        yield Doubt(
            "too_few_trades", f"{count} trades say little; {FEWEST_TRADES} are the least to judge."
        )
    if parameters and count < TRADES_PER_PARAMETER * parameters:
        yield Doubt(
            "too_many_parameters",
            f"{parameters} parameters were free for {count} trades: fewer than "
            f"{TRADES_PER_PARAMETER} trades for each may be a fit to the past.",
        )
    if count > 1 and figures["largest_trade_share"] > ONE_TRADE:
        yield Doubt(
            "carried_by_one_trade",
            f"One trade made {figures['largest_trade_share']:.0%} of the profit of all.",
        )
    gross = float(trades.profit.sum()) + figures["fees"]
    if gross > 0 and figures["fees"] > DEAR * gross:
        yield Doubt(
            "eaten_by_costs",
            f"Commissions took {figures['fees'] / gross:.0%} of what the trades made before them.",
        )


def _of_returns(run: Run, figures: Figures) -> Iterator[Doubt]:
    if (run.equity <= 0).any():
        yield Doubt("ruined", "The book lost all that it had.")
    if figures["p_value"] >= SURE or figures["t_statistic"] < 0:
        yield Doubt(
            "mean_may_be_zero",
            f"The mean return may be luck: t = {figures['t_statistic']:.2f}, "
            f"p = {figures['p_value']:.2f}.",
        )
    if figures["years"] < SHORTEST_YEARS:
        days = (run.ends[-1] - run.ends[0]) / DAY_NS
        yield Doubt(
            "short_span",
            f"{days:,.0f} days are one kind of market at most, and annual figures of them a guess.",
        )


def _of_fills(run: Run, market: Panel | World) -> Iterator[Doubt]:
    """Fills on prices that may have been nobody's: a bar without range, or one after a long gap."""
    fills = fills_of(run)
    if not len(fills):
        yield Doubt(
            "never_traded", "Nothing was traded: are the weights below one lot, or the band?"
        )
        return
    at = (fills.row, fills.column)
    still = market.high[at] == market.low[at]
    steps = np.diff(run.ends)
    waited = steps[fills.row - 1] > max(STALE_BARS * float(np.median(steps)), STALE_BARS * DAY_NS)
    stale = float(np.mean(still | waited))
    if stale > STALE_SHARE:
        yield Doubt(
            "stale_fills",
            f"{stale:.0%} of the fills are at bars without a range, or long after the decision.",
        )


def _of_bars(market: Panel | World) -> Iterator[Doubt]:
    """An instrument that often has no bar: it stands at its last close, and cannot be traded."""
    missing = np.isnan(market.open).mean(axis=0)
    worst = int(np.argmax(missing))
    if missing[worst] > STALE_SHARE:
        yield Doubt(
            "missing_bars",
            f"{market.instruments[worst]} has no bar in {missing[worst]:.0%} of the rows: it "
            "stands at its last close there, and nothing of it fills.",
        )
