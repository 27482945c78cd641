"""Builders for the tests of policies and learning: panels of noise, and of a planted trend."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np

from ai_pod.contracts.learning import PolicyLine
from ai_pod.contracts.seats import RiskProfile
from ai_pod.policies.features import Array, Observations, market_features, observe
from ai_pod.policies.learned import Layer, Provenance
from market.calendars import to_ns
from market.history import History
from market.series import Bars, Panel
from market.words import Instrument, Interval

FIRST = datetime(2012, 1, 3, 14, 45, tzinfo=UTC)
VOLATILITY = 0.004


def instruments(count: int) -> tuple[str, ...]:
    return tuple(f"XNYS:S{number}" for number in range(count))


def seen_by(closes: Array, weights: Array) -> Observations:
    """What books with these weights (n, k) observe at the last of the closes (T, k)."""
    return observe(market_features(closes)[-1], weights)


def panel(bars: int = 1200, count: int = 3, *, trend: float = 0.0, seed: int = 0) -> Panel:
    """Quarter-hour bars. With `trend` the last eight bars' move goes on: a world that can be
    learned; without, prices are noise.
    """
    random = np.random.default_rng(seed)
    returns = random.normal(0.0, VOLATILITY, (bars, count))
    for bar in range(1, bars):
        before = returns[max(0, bar - 8) : bar].sum(axis=0)
        returns[bar] += trend * VOLATILITY * np.tanh(before / 0.01)
    close = 100.0 * np.exp(returns.cumsum(axis=0))
    gaps = np.exp(random.normal(0.0, 0.0003, (bars, count)))
    opened = np.vstack([close[:1], close[:-1]]) * gaps
    return Panel(
        instruments=instruments(count),
        end=to_ns(FIRST) + np.arange(bars, dtype=np.int64) * Interval.QUARTER.seconds * 10**9,
        open=opened,
        high=np.maximum(opened, close) * 1.001,
        low=np.minimum(opened, close) * 0.999,
        close=close,
        volume=np.full((bars, count), 1000.0),
        synthetic=True,
    )


def stored(root: str, prices: Panel) -> History:
    """A history store that holds the panel."""
    history = History(root)
    for column, name in enumerate(prices.instruments):
        venue, symbol = name.split(":")
        values = {
            what: getattr(prices, what)[:, column].copy()
            for what in ("open", "high", "low", "close", "volume")
        }
        bars = Bars(end=prices.end, synthetic=True, **values)
        history.write(Instrument(venue=venue, symbol=symbol), Interval.QUARTER, bars)
    return history


def policy_line(
    count: int = 3, *, champion: str = "rule:equal-weight@1", trials: int = 0, name: str = "line"
) -> PolicyLine:
    return PolicyLine(
        id=name,
        organisation="org-1",
        pool="XNYS",
        instruments=instruments(count),
        interval=Interval.QUARTER,
        risk_profile=RiskProfile.BOLD,
        champion=champion,
        trials=trials,
    )


def layers(sizes: Sequence[int], seed: int = 0) -> tuple[Layer, ...]:
    """Random layers of those sizes, input first."""
    random = np.random.default_rng(seed)
    return tuple(
        (random.normal(0, 0.3, (one, two)).astype(np.float32), np.zeros(two, np.float32) + 0.1)
        for one, two in pairwise(sizes)
    )


def provenance(count: int = 3) -> Provenance:
    return Provenance(instruments=instruments(count), interval=Interval.QUARTER)
