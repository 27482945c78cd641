"""What a desk's snapshot tells of its market day: what it began with, and what was booked since."""

from datetime import timedelta
from decimal import Decimal as D

import msgspec

from ai_pod.contracts import keys
from ai_pod.contracts.desk import DayView, DeskSnapshot
from backend.database import transaction
from backend.models import EquityPoint
from backend.trading import announce
from tests.support.build_trading import AAPL, MINUTE, T0, Desks, bar, decision, publish_bars

DAY = timedelta(days=1)


async def the_day(desks: Desks) -> DayView | None:
    await announce.refresh(desks.state, None)
    stored = await desks.state.redis.get(keys.desk(desks.desk))
    assert stored is not None
    return msgspec.json.decode(stored, type=DeskSnapshot).day


async def mark(desks: Desks, before: timedelta, equity: str) -> None:
    desk = await desks.read()
    async with transaction(desks.state.sessions) as session:
        session.add(
            EquityPoint(
                desk_id=desk.id,
                organisation_id=desk.organisation_id,
                bar_end=T0 - before,
                equity=D(equity),
                cash=D(equity),
                exposure=D(0),
            )
        )


async def test_a_day_begins_with_the_last_mark_before_it(desks: Desks) -> None:
    assert await the_day(desks) == DayView(
        opening=D("100000.00"), marked_at=None, realised={}, fees=D("0.00")
    )
    await mark(desks, 2 * DAY, "98000")
    await mark(desks, DAY, "99000")
    await mark(desks, MINUTE, "99500")
    begun = await the_day(desks)
    assert begun is not None
    assert (begun.opening, begun.marked_at) == (D(99_000), T0 - DAY)


async def test_what_was_booked_counts_for_its_own_day(desks: Desks) -> None:
    await desks.decide(decision(desks.desk, {AAPL: 0.5}))
    await desks.execute()
    await publish_bars(desks.state.redis, bar(AAPL, T0, 100.0))
    assert await desks.fill() == 1
    await desks.decide(decision(desks.desk, {AAPL: 0.0}, at=T0 + 15 * MINUTE))
    await desks.execute()
    await publish_bars(desks.state.redis, bar(AAPL, T0 + 15 * MINUTE, 90.0))
    assert await desks.fill() == 1
    desk, begun = await desks.read(), await the_day(desks)
    assert begun is not None
    assert begun.fees == desk.fees > 0
    assert begun.realised[AAPL] == desk.cash + desk.fees - 100_000 < -4_000
    desks.hand.forward(DAY)
    following = await the_day(desks)
    assert following is not None
    assert (following.realised, following.fees) == ({}, 0)
    assert following.marked_at == T0 + 15 * MINUTE
