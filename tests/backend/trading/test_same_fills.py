"""One simulator: the same actions through environment, backtest, gate and paper broker are the same
fills, to the cent.

Prices are whole hundreds and costs whole per cents, so that every amount is a whole number of cents
by itself: the environment, which never rounds, and the paper broker, which always does, must agree.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal as D

import numpy as np
import pytest
from sqlalchemy import select

from ai_pod.agents.learning.env import TradingEnv
from ai_pod.agents.learning.judging.outcomes import record_of, replayed
from ai_pod.policies.backtest import Run, Terms, World, backtest, replay
from ai_pod.policies.features import WINDOW, Array, Observations
from ai_pod.policies.learned import weights_of_logits
from ai_pod.policies.policy import apply_profile
from backend.database import transaction
from backend.models import Fill, Position
from backend.trading.brokers.paper import Matcher
from market.calendars import to_ns
from market.series import Panel
from market.simulator.costs import CostModel
from market.simulator.money import to_cents
from market.simulator.step import start, step
from market.words import Bar, Interval
from tests.support.build_desks import set_desks
from tests.support.build_trading import AAPL, IBM, MINUTE, T0, Desks, decision, publish_bars

NAMES = (AAPL, IBM)
STEPS = 12
QUARTER = timedelta(minutes=15)
MONEY = 100_000_000
COSTS = CostModel(commission_bps=100, half_spread_bps=50, slippage_bps=50)
TERMS = Terms(costs=COSTS, starting_cash=float(MONEY))


@dataclass
class Scripted:
    """Wants row after row, from the first again once all are done."""

    rows: Array
    version: str = "scripted"
    asked: int = 0

    def act(self, observations: Observations) -> Array:
        row = self.rows[self.asked % len(self.rows)]
        self.asked += 1
        return np.broadcast_to(row, (len(observations), len(row)))


def whole_world() -> World:
    """WINDOW bars of history and STEPS to trade; some fills meet the bar's high or low."""
    random = np.random.default_rng(5)
    bars, k = WINDOW + STEPS, len(NAMES)
    close = 10_000 * np.exp(random.normal(0, 0.03, (bars, k)).cumsum(axis=0))
    close = np.round(close, -2)
    open_ = np.round(np.vstack([close[:1], close[:-1]]) * random.uniform(0.98, 1.02, (bars, k)), -2)
    reach = random.choice([0.0, 0.0, 400.0], (bars, k))
    ends = to_ns(T0) + (np.arange(bars) - WINDOW + 1) * int(QUARTER.total_seconds()) * 10**9
    high, low = np.maximum(open_, close) + reach, np.minimum(open_, close) - reach
    volume = np.full((bars, k), 1e6)
    return World.of(Panel(NAMES, ends, open_, high, low, close, volume, True))


WORLD = whole_world()
LOGITS = np.random.default_rng(1).normal(0, 2, (STEPS, len(NAMES))).astype(np.float32)
WEIGHTS = weights_of_logits(LOGITS.astype(np.float64))
POLICY = Scripted(WEIGHTS)

Cents = list[tuple[int, str, D, D, D]]
"""Fills: (step, instrument, signed quantity, price, fee)."""


def fills_of(quantities: Array, prices: Array, fees: Array) -> Cents:
    return [
        (int(i), NAMES[j], D(int(quantities[i, j])), to_cents(prices[i, j]), to_cents(fees[i, j]))
        for i, j in np.argwhere(quantities != 0)
    ]


def of_run(run: Run) -> Cents:
    return fills_of(run.quantities, run.prices, run.commissions)


def books_of(fills: Cents) -> list[tuple[D, list[D]]]:
    """(cash, positions) after each step, in exact decimals."""
    cash, held, done = D(MONEY), dict.fromkeys(NAMES, D(0)), []
    for i in range(STEPS):
        for _, name, quantity, price, fee in (one for one in fills if one[0] == i):
            cash -= quantity * price + fee
            held[name] += quantity
        done.append((cash, list(held.values())))
    return done


@pytest.fixture(scope="module")
def expected() -> Cents:
    """By the simulator's own step, rounded as a venue rounds."""
    book, made = start(float(MONEY), len(NAMES)), []
    for i in range(STEPS):
        rows = (getattr(WORLD, name)[i + 1] for name in ("open", "high", "low", "close"))
        wanted = apply_profile(WEIGHTS[i], TERMS.profile)
        costs = COSTS.to_the_cent()
        book, out = step(book, wanted, WORLD.close[i], *rows, costs, TERMS.lots, TERMS.band)
        made.append((out.quantities, out.prices, out.commissions))
    fills = fills_of(*map(np.array, zip(*made, strict=True)))
    assert len(fills) >= STEPS
    assert {one[2] > 0 for one in fills} == {True, False}
    return fills


def test_the_environment(expected: Cents) -> None:
    env = TradingEnv(WORLD, TERMS, episode_bars=STEPS)
    env.reset(options={"row": 0})
    for logits, (cash, held) in zip(LOGITS, books_of(expected), strict=True):
        *_, info = env.step(logits)
        assert to_cents(info["cash"]) == cash
        assert [D(int(one)) for one in info["positions"]] == held


def test_the_backtest_stepped_and_compiled(expected: Cents) -> None:
    (asked,) = backtest(WORLD, [POLICY], TERMS)
    (compiled,) = replay(WORLD, np.vstack([WEIGHTS, WEIGHTS[-1:]])[None], TERMS)
    (rounded,) = backtest(WORLD, [POLICY], Terms(costs=COSTS.to_the_cent(), starting_cash=MONEY))
    for run in (asked, compiled, rounded):
        assert of_run(run) == expected


def test_the_gate(expected: Cents) -> None:
    """What the gate weighs is the growth of these very books."""
    worth = [D(MONEY)]
    for i, (cash, held) in enumerate(books_of(expected)):
        closes = [to_cents(price) for price in WORLD.close[i + 1]]
        worth.append(cash + sum(n * price for n, price in zip(held, closes, strict=True)))
    growth = np.diff(np.log([float(one) for one in worth]))
    targets = np.vstack([WEIGHTS, WEIGHTS[-1:]])
    for record in (record_of(WORLD, POLICY, TERMS), replayed(WORLD, targets, TERMS)):
        np.testing.assert_allclose(record.growth, growth, rtol=1e-9)


async def test_the_paper_broker(desks: Desks, expected: Cents) -> None:
    """Decisions executed, sized, ordered and filled in the real tables."""
    money = {"cash": D(MONEY), "starting_cash": D(MONEY), "max_order_value": D(10**12)}
    wide = {"max_gross_exposure": 9.0, "max_daily_loss": 1.0, "max_drawdown": 1.0}
    await set_desks(desks.state, desks.desks, **money, **wide)
    matcher = Matcher(desks.state, costs=COSTS)
    for i in range(STEPS):
        at = T0 + i * QUARTER
        wanted = apply_profile(WEIGHTS[i], TERMS.profile)
        its = decision(
            desks.desk,
            dict(zip(NAMES, wanted.tolist(), strict=True)),
            at=at,
            price=dict(zip(NAMES, WORLD.close[i].tolist(), strict=True)),
        )
        await desks.decide(its)
        await desks.execute()
        await publish_bars(desks.state.redis, *(minute(i + 1, j) for j in range(len(NAMES))))
        await matcher.step(block_ms=1)
        desks.hand.forward(QUARTER)
    async with transaction(desks.state.sessions) as session:
        rows = list(await session.scalars(select(Fill)))
        held = {one.instrument: one.quantity for one in await session.scalars(select(Position))}
    sign = {"buy": 1, "sell": -1}
    filled = [
        (
            int((one.at - T0) / QUARTER),
            one.instrument,
            sign[one.side] * one.quantity,
            one.price,
            one.fee,
        )
        for one in rows
    ]
    assert sorted(filled) == sorted(expected)
    cash, positions = books_of(expected)[-1]
    assert (await desks.read()).cash == cash
    assert [held[name] for name in NAMES] == positions


def minute(row: int, column: int) -> Bar:
    """The first minute of a quarter, with all of the quarter's prices."""
    opened = T0 + (row - 1) * QUARTER
    prices = {
        name: float(getattr(WORLD, name)[row, column]) for name in ("open", "high", "low", "close")
    }
    return Bar(
        instrument=NAMES[column],
        interval=Interval.MINUTE,
        start=opened,
        end=opened + MINUTE,
        volume=1e6,
        synthetic=True,
        **prices,
    )
