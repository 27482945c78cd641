"""One simulator: the same actions through environment, backtest, gate and paper broker are the same
fills, to the cent.

A year and more of recorded days of four stocks, at the default costs. All four count as a venue
counts, prices and fees to the cent: a fill that is a fraction of a cent off moves the book, and a
moved book soon buys another lot.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal as D

import numpy as np
import pytest
from sqlalchemy import select

from ai_pod.agents.learning.env import TradingEnv
from ai_pod.agents.learning.judging.outcomes import recorded, replays, runs_of
from ai_pod.policies.backtest import Run, Terms, World, backtest, replay
from ai_pod.policies.features import Array, Observations
from ai_pod.policies.learned import weights_of_logits
from ai_pod.policies.policy import apply_profile
from backend.database import transaction
from backend.models import Fill, Order, Position
from backend.trading.books import Execution, Holding, apply
from backend.trading.brokers.paper import Matcher
from backend.trading.matching import play
from backend.trading.risk import OrderRequest
from backend.trading.sizing import Target, orders_for
from backend.trading.words import Side
from market.series import panel
from market.shipped import daily_stock
from market.simulator.costs import CostModel
from market.simulator.money import to_cents
from market.simulator.step import start, step
from market.words import Bar, Interval
from tests.support.build_desks import set_desks
from tests.support.build_trading import (
    MINUTE,
    T0,
    Desks,
    decision,
    instrument,
    publish_bars,
    serve_instruments,
)

SYMBOLS = ("AAPL", "GOOG", "IBM", "MSFT")
NAMES = tuple(f"XNYS:{symbol}" for symbol in SYMBOLS)
SERVED = {name: instrument(name) for name in NAMES}
STEPS = 250
THROUGH_TABLES = 6
"""Steps that are also taken in the real tables, which take long."""

QUARTER = timedelta(minutes=15)
MONEY = 1_000_000
TERMS = Terms(costs=CostModel().to_the_cent(), starting_cash=float(MONEY))


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


def recorded_world() -> World:
    """The last days of the record, STEPS to trade."""
    days = panel(NAMES, [daily_stock(symbol) for symbol in SYMBOLS])
    world = World.of(days)
    return world.part(world.bars - STEPS - 1, world.bars)


WORLD = recorded_world()
LOGITS = np.random.default_rng(1).normal(0, 2, (STEPS, len(NAMES))).astype(np.float32)
WEIGHTS = weights_of_logits(LOGITS.astype(np.float64))
POLICY = Scripted(WEIGHTS)
TARGETS = np.vstack([WEIGHTS, WEIGHTS[-1:]])

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
    """By the simulator's own step."""
    book, made = start(float(MONEY), len(NAMES)), []
    for i in range(STEPS):
        rows = (getattr(WORLD, name)[i + 1] for name in ("open", "high", "low", "close"))
        wanted = apply_profile(WEIGHTS[i], TERMS.profile)
        book, out = step(book, wanted, WORLD.close[i], *rows, TERMS.costs, TERMS.lots, TERMS.band)
        made.append((out.quantities, out.prices, out.commissions))
    fills = fills_of(*map(np.array, zip(*made, strict=True)))
    assert len(fills) >= 2 * STEPS
    assert min(sum(one[2] > 0 for one in fills), sum(one[2] < 0 for one in fills)) >= STEPS // 2
    return fills


def test_the_environment(expected: Cents) -> None:
    """It tells cash and positions: each fill's quantity, and what a step's fills cost together."""
    env = TradingEnv(WORLD, TERMS, episode_bars=STEPS)
    env.reset(options={"row": 0})
    for logits, (cash, held) in zip(LOGITS, books_of(expected), strict=True):
        *_, info = env.step(logits)
        assert abs(D(info["cash"]) - cash) < D("1e-6")
        assert [D(int(one)) for one in info["positions"]] == held


def test_the_backtest_stepped_and_compiled(expected: Cents) -> None:
    (asked,) = backtest(WORLD, [POLICY], TERMS)
    (compiled,) = replay(WORLD, TARGETS[None], TERMS)
    assert of_run(asked) == expected
    assert of_run(compiled) == expected


def test_the_gate(expected: Cents) -> None:
    """Its record is derived from the very runs that it hands over."""
    worth = [D(MONEY)]
    for i, (cash, held) in enumerate(books_of(expected)):
        closes = [to_cents(price) for price in WORLD.close[i + 1]]
        worth.append(cash + sum(n * price for n, price in zip(held, closes, strict=True)))
    growth = np.diff(np.log([float(one) for one in worth]))
    for runs in (runs_of(WORLD, POLICY, TERMS), replays(WORLD, TARGETS, TERMS)):
        assert of_run(runs[0]) == expected
        np.testing.assert_allclose(recorded(WORLD, *runs).growth, growth, rtol=1e-9, atol=1e-13)


def test_the_paper_brokers_sizing_matching_and_books(expected: Cents) -> None:
    """Without the tables, over all steps."""
    cash, held, filled = D(MONEY), {name: Holding() for name in NAMES}, []
    for i in range(STEPS):
        for request in orders_for(target(i), cash, quantities(held), SERVED):
            its, bar = request.instrument, minute(i + 1, NAMES.index(request.instrument))
            (one,) = play([order(request, i)], held[its].quantity, [bar], SERVED[its])
            done = Execution(request.side, one.quantity, one.price, one.fee)
            cash, held[its] = cash + done.cash_change, apply(held[its], done)
            filled.append((i, its, done.signed, one.price, one.fee))
    assert sorted(filled) == expected
    assert (cash, list(quantities(held).values())) == books_of(expected)[-1]


def quantities(held: dict[str, Holding]) -> dict[str, D]:
    return {name: holding.quantity for name, holding in held.items()}


def order(request: OrderRequest, i: int) -> Order:
    return Order(
        id="order_1",
        instrument=request.instrument,
        side=request.side,
        type=request.terms.kind,
        quantity=request.quantity,
        filled=D(0),
        time_in_force=request.terms.time_in_force,
        traded_value=D(0),
        fees=D(0),
        active_from=T0 + i * QUARTER,
    )


def target(i: int) -> Target:
    wanted = apply_profile(WEIGHTS[i], TERMS.profile).tolist()
    prices = WORLD.close[i].tolist()
    return Target(dict(zip(NAMES, wanted, strict=True)), dict(zip(NAMES, prices, strict=True)))


async def test_the_paper_broker(desks: Desks, expected: Cents) -> None:
    """Decisions executed, sized, ordered and filled in the real tables."""
    await serve_instruments(desks.state.redis, served=SERVED)
    money = {"cash": D(MONEY), "starting_cash": D(MONEY), "max_order_value": D(10**12)}
    wide = {"max_gross_exposure": 9.0, "max_daily_loss": 1.0, "max_drawdown": 1.0}
    await set_desks(desks.state, desks.desks, **money, **wide)
    matcher = Matcher(desks.state)
    for i in range(THROUGH_TABLES):
        its = target(i)
        await desks.decide(decision(desks.desk, its.weights, at=T0 + i * QUARTER, price=its.prices))
        await desks.execute()
        await publish_bars(desks.state.redis, *(minute(i + 1, j) for j in range(len(NAMES))))
        await matcher.step(block_ms=1)
        desks.hand.forward(QUARTER)
    async with transaction(desks.state.sessions) as session:
        rows = list(await session.scalars(select(Fill)))
        held = {one.instrument: one.quantity for one in await session.scalars(select(Position))}
    filled = [
        (
            int((one.at - T0) / QUARTER),
            one.instrument,
            Side(one.side).sign * one.quantity,
            one.price,
            one.fee,
        )
        for one in rows
    ]
    assert sorted(filled) == [one for one in expected if one[0] < THROUGH_TABLES]
    cash, positions = books_of(expected)[THROUGH_TABLES - 1]
    assert (await desks.read()).cash == cash
    assert [held.get(name, D(0)) for name in NAMES] == positions


def minute(row: int, column: int) -> Bar:
    """The first minute of a quarter, with all of the day's prices."""
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
