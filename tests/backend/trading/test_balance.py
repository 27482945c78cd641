"""Over random decisions and bars, through the real database: the books balance exactly."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal as D

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from backend.database import transaction
from backend.models import Desk, Fill, Position, Seat
from backend.settings import Settings
from backend.state import open_state
from backend.trading.brokers.paper import Matcher
from backend.trading.executor import DecisionConsumer
from market.eventlog import EventLog
from tests.support.build_trading import (
    AAPL,
    IBM,
    MINUTE,
    Desks,
    bar,
    decision,
    publish_bars,
    trading_desks,
)
from tests.support.history import judge, read

BAR = timedelta(minutes=15)

Round = tuple[float, float, float, float, bool]

rounds = st.lists(
    st.tuples(
        st.floats(0, 0.5), st.floats(0, 0.5), st.floats(40, 400), st.floats(40, 400), st.booleans()
    ),
    min_size=2,
    max_size=6,
)


async def play(desks: Desks, played: list[Round]) -> None:
    """Each round: a decision and its bar, the bar first or the decision first."""
    consumer, matcher = DecisionConsumer(desks.state), Matcher(desks.state)
    for wa, wi, pa, pi, bar_first in played:
        at = desks.hand.clock.now()
        pa, pi = round(pa, 2), round(pi, 2)
        bars = bar(AAPL, at, pa), bar(IBM, at + MINUTE, pi)
        its = decision(desks.desk, {AAPL: wa, IBM: wi}, at=at, price={AAPL: pa, IBM: pi})
        if bar_first:
            await publish_bars(desks.state.redis, *bars)
            await matcher.step(block_ms=1)
        await desks.decide(its)
        await desks.execute(consumer)
        if not bar_first:
            await publish_bars(desks.state.redis, *bars)
        await matcher.step(block_ms=1)
        desks.hand.forward(BAR)


async def check(desks: Desks) -> None:
    async with transaction(desks.state.sessions) as session:
        desk = await session.get_one(Desk, desks.desk)
        fills = list(await session.scalars(select(Fill).where(Fill.desk_id == desk.id)))
        positions = list(await session.scalars(select(Position).where(Position.desk_id == desk.id)))
    sign = {"buy": 1, "sell": -1}
    paid = sum((one.price * one.quantity * sign[one.side] for one in fills), D(0))
    assert desk.fees == sum((one.fee for one in fills), D(0))
    assert desk.cash == desk.starting_cash - paid - desk.fees
    cost = sum((one.cost for one in positions), D(0))
    realised = sum((one.realised for one in positions), D(0))
    assert desk.cash + cost == desk.starting_cash + realised - desk.fees
    assert all(one.quantity >= 0 for one in positions)


@given(played=rounds)
@hypothesis_settings(
    max_examples=8,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
async def test_books_balance(
    settings: Settings, tmp_path_factory: pytest.TempPathFactory, played: list[Round]
) -> None:
    folder = tmp_path_factory.mktemp("events")
    await forget(settings)
    async with trading_desks(settings, [folder.name]) as desks:
        events = EventLog(folder, "backend", desks.hand.clock)
        desks.state = replace(desks.state, events=events)
        await play(desks, played)
        await check(desks)
        events.close()
    judgement = judge(read(folder))
    assert judgement.faults == []
    assert judgement.counts["event decision_executed"] == len(played)


async def forget(settings: Settings) -> None:
    """So that each example begins with an empty market and a free seat."""
    async with open_state(settings) as state:
        await state.redis.flushall()
        async with transaction(state.sessions) as session:
            await session.execute(delete(Seat))
