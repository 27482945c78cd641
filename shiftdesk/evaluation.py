"""From targets or a policy to everything that is said of it: the path of `shiftdesk backtest`, and
of the bench that times it.
"""

from dataclasses import dataclass

import numpy as np

from ai_pod.agents.learning.statistics import moments, probabilistic_sharpe
from ai_pod.policies import performance
from ai_pod.policies.apart import Named, targets_of
from ai_pod.policies.backtest import Run, Terms, World, backtest, replay
from ai_pod.policies.doubts import Doubt, decay, doubts
from ai_pod.policies.features import Array
from ai_pod.policies.lookahead import rows
from ai_pod.policies.performance import Figures
from ai_pod.policies.policy import Policy
from ai_pod.policies.strategies import entered, matched
from ai_pod.policies.trades import Trades, fills_hash, trades_of
from market.series import Panel
from shiftdesk.figures import instant

CONVENTIONS = performance.CONVENTIONS | {
    "psr": "probability that the true Sharpe ratio is above zero (Bailey, López de Prado 2012), "
    "with skewness and kurtosis of the simple returns",
}


@dataclass(frozen=True)
class Judged:
    """A run with its trades and figures."""

    run: Run
    trades: Trades
    figures: Figures
    fills_sha256: str


@dataclass(frozen=True)
class Part:
    """A stretch of the run: the returns from row `first` of its bars to the last before `last`."""

    name: str
    first: int
    last: int
    figures: Figures

    def begins(self, run: Run) -> str:
        """The end of the first bar that counts."""
        return instant(run.ends[self.first + (self.first > 0)])


@dataclass(frozen=True)
class Evaluation:
    """What a backtest says; `market` holds the bars that were traded, T of them."""

    market: Panel
    ours: Judged
    benchmark: Judged
    beside: Figures
    doubts: list[Doubt]
    parts: tuple[Part, ...]
    parameters: int


def of_strategy(
    panel: Panel, first: int, named: Named, deadline: float, terms: Terms
) -> tuple[Run, int]:
    """A strategy that has seen the panel from its beginning, traded from row `first` on, and how
    many parameters it had.
    """
    answer = targets_of(named, panel, deadline)
    return _replayed(panel, first, named.name, answer.targets, terms), answer.parameters


def of_policy(panel: Panel, policy: Policy, terms: Terms) -> Run:
    """A policy through the panel; it trades from row WINDOW - 1 on, once it can observe."""
    return backtest(World.of(panel), [policy], terms)[0]


def like_random(panel: Panel, first: int, run: Run, terms: Terms) -> Run:
    """Random holdings that trade and hold as much as the run."""
    held = np.abs(run.quantities.cumsum(axis=0) * panel.close[first + 1 :]).sum(axis=1)
    exposure = float(np.mean(held / np.maximum(run.equity[1:], 1e-9)))
    drawn = matched(float(run.turnover.mean()), exposure)
    return _replayed(panel, first, drawn.name, drawn.targets(panel), terms)


def _replayed(panel: Panel, first: int, name: str, targets: Array, terms: Terms) -> Run:
    if first:
        panel, targets = rows(panel, first, len(panel)), entered(targets, first, len(panel))
    return replay(panel, targets[None], terms, [name])[0]


def judged(run: Run, market: Panel) -> Judged:
    """The run's trades, figures and hash."""
    trades = trades_of(run, market.close)
    figures = performance.of_run(run, market.close, trades)
    figures["psr"] = psr(performance.returns_of(run.equity))
    return Judged(run, trades, figures, fills_hash(run, market.instruments))


def evaluation(
    panel: Panel, run: Run, benchmark: Run, parameters: int, out_of_sample_from: int | None
) -> Evaluation:
    """Everything about a run and its benchmark, which end with the panel; out of sample begins with
    the first bar that ends at or after that instant (ns).
    """
    market = rows(panel, len(panel) - len(run.ends), len(panel))
    ours, theirs = judged(run, market), judged(benchmark, market)
    returns, others = (performance.returns_of(one.equity) for one in (run, benchmark))
    beside = performance.against(returns, others, ours.figures["periods_a_year"])
    found = doubts(run, ours.figures, ours.trades, market, parameters)
    parts = _parts(run, out_of_sample_from)
    if parts:
        found += decay(parts[0].figures, parts[1].figures)
    return Evaluation(market, ours, theirs, beside, found, parts, parameters)


def psr(returns: Array) -> float:
    """Probability that the true Sharpe ratio is above zero."""
    if not returns.std() > 0:
        return float("nan")
    return probabilistic_sharpe(*moments(returns))


def _parts(run: Run, out_of_sample_from: int | None) -> tuple[Part, ...]:
    """In sample and out of sample; none when either has fewer than three bars."""
    if out_of_sample_from is None:
        return ()
    at = int(run.ends.searchsorted(out_of_sample_from))
    if at < 3 or len(run.ends) - at < 3:
        return ()
    return (_part("in_sample", run, 0, at), _part("out_of_sample", run, at - 1, len(run.ends)))


def _part(name: str, run: Run, first: int, last: int) -> Part:
    returns = performance.returns_of(run.equity[first:last])
    ends = run.ends[first:last]
    figures = performance.of_returns(returns, performance.periods_a_year(ends), ends)
    return Part(name, first, last, figures | {"psr": psr(returns)})
