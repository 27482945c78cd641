"""The desk's table of states, and desks that conditions bring into REDUCING and out of it."""

import itertools
from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest
from sqlalchemy import select

from ai_pod.contracts import keys as pod_keys
from ai_pod.contracts.live import Frame, FrameKind
from backend.audit import service as audit
from backend.database import transaction
from backend.models import AuditRow, Condition, Order, RiskState
from backend.trading import conditions, service, settling
from backend.trading.conditions import Claim
from backend.trading.desk_states import (
    TRANSITIONS,
    Cause,
    Standing,
    Trigger,
    triggers,
)
from backend.trading.schemas import OrderRequest
from backend.trading.words import OrderType, Side
from backend.transitions import IllegalTransition
from tests.support.build_trading import AAPL, IBM, MINUTE, T0, Desks, bar, decision, publish_bars

STANDINGS = [
    Standing(),
    Standing(causes=("stale_feed",)),
    Standing(halted=True),
    Standing(halted=True, causes=("by_hand", "drawdown")),
]


def test_pairs_outside_the_table_raise() -> None:
    for state, trigger in itertools.product(RiskState, Trigger):
        if (state, trigger) not in TRANSITIONS:
            with pytest.raises(IllegalTransition):
                TRANSITIONS.after(state, trigger)


@pytest.mark.parametrize("standing", STANDINGS)
@pytest.mark.parametrize("state", RiskState)
def test_from_every_state_the_triggers_lead_to_where_the_desk_belongs(
    state: RiskState, standing: Standing
) -> None:
    for trigger in triggers(state, standing):
        state = TRANSITIONS.after(state, trigger)
    assert state is standing.state


def test_a_kill_switch_outranks_conditions_and_they_outlive_it() -> None:
    assert [standing.state for standing in STANDINGS] == ["active", "reducing", "halted", "halted"]


async def order(desks: Desks, side: Side, quantity: int, limit: int | None = None) -> Order:
    body = OrderRequest(
        instrument=AAPL,
        side=side,
        quantity=Decimal(quantity),
        kind=OrderType.MARKET if limit is None else OrderType.LIMIT,
        limit_price=None if limit is None else Decimal(limit),
    )
    async with transaction(desks.state.sessions) as session:
        return await service.place_order(session, desks.state, desks.desk, body, None)


async def holding(desks: Desks) -> None:
    """The desk holds 100 AAPL."""
    await order(desks, Side.BUY, 100)
    await publish_bars(desks.state.redis, bar(AAPL, T0 + MINUTE))
    assert await desks.fill() == 1
    desks.hand.forward(timedelta(minutes=2))


async def states(desks: Desks) -> list[str]:
    async with transaction(desks.state.sessions) as session:
        return [row.state for row in await session.scalars(select(Order).order_by(Order.id))]


def claim(desks: Desks, cause: Cause = Cause.STALE_FEED, source: str = "") -> Claim:
    return Claim(conditions.desk_scope(desks.desk), cause, source, {"seconds": "90"})


async def test_reducing_cancels_what_opens_and_lets_only_sales_through(desks: Desks) -> None:
    await holding(desks)
    opening = await order(desks, Side.BUY, 10, limit=90)
    closing = await order(desks, Side.SELL, 40, limit=120)
    assert await conditions.begin(desks.state, claim(desks))
    assert (await desks.read()).state == RiskState.REDUCING
    async with transaction(desks.state.sessions) as session:
        assert (await session.get_one(Order, opening.id)).state == "cancelled"
        assert (await session.get_one(Order, opening.id)).reason == "reducing"
        assert (await session.get_one(Order, closing.id)).state == "accepted"
    bought = await order(desks, Side.BUY, 1)
    assert (bought.reason, bought.context) == ("reducing", {"why": "stale_feed"})
    assert (await order(desks, Side.SELL, 61)).reason == "sell_beyond_position"
    assert (await order(desks, Side.SELL, 60)).state == "accepted"


async def test_what_guards_a_position_stays_while_reducing(desks: Desks) -> None:
    await holding(desks)
    pair = {"time_in_force": "gtc", "oco_group": "pair", "instrument": AAPL, "side": "sell"}
    target = pair | {"kind": "limit", "limit_price": "120", "quantity": "100"}
    guard = pair | {"kind": "stop", "stop_price": "80", "quantity": "100"}
    for terms in (target, guard):
        async with transaction(desks.state.sessions) as session:
            body = OrderRequest.model_validate(terms)
            placed = await service.place_order(session, desks.state, desks.desk, body, None)
            assert placed.state == "accepted", placed.context
    await conditions.begin(desks.state, claim(desks))
    assert await states(desks) == ["filled", "accepted", "accepted"]


async def test_a_decision_of_a_reducing_desk_sells_and_buys_nothing(desks: Desks) -> None:
    await holding(desks)
    await conditions.begin(desks.state, claim(desks))
    its = decision(desks.desk, {AAPL: 0.05, IBM: 0.5}, at=desks.state.clock.now())
    await desks.decide(its)
    assert await desks.execute() == 1
    async with transaction(desks.state.sessions) as session:
        rows = await session.scalars(select(Order).where(Order.source == "decision"))
        found = {(row.instrument, row.side, row.state, row.reason) for row in rows}
    assert found == {(AAPL, "sell", "accepted", ""), (IBM, "buy", "denied", "reducing")}


async def test_the_last_of_several_causes_frees_the_desk(desks: Desks) -> None:
    other = claim(desks, Cause.DRAWDOWN)
    again = claim(desks, source="another finder")
    assert await conditions.begin(desks.state, claim(desks))
    assert not await conditions.begin(desks.state, claim(desks))
    assert await conditions.begin(desks.state, other)
    assert await conditions.begin(desks.state, again)
    for gone in (claim(desks), other):
        assert await conditions.end(desks.state, gone)
        assert (await desks.read()).state == RiskState.REDUCING
    assert await conditions.end(desks.state, again)
    assert not await conditions.end(desks.state, again)
    assert (await desks.read()).state == RiskState.ACTIVE
    async with transaction(desks.state.sessions) as session:
        rows = (await session.scalars(select(Condition))).all()
        assert all(row.cleared_at is not None and row.context for row in rows)
        actions = (await session.scalars(select(AuditRow.action))).all()
        assert await audit.first_broken(session, rows[0].organisation_id) is None
    assert (actions.count("condition_began"), actions.count("condition_ended")) == (3, 3)


@pytest.mark.parametrize("scope", ["organisation", "pool", "all"])
async def test_a_wider_scope_holds_its_desks(desks: Desks, scope: str) -> None:
    desk = await desks.read()
    name = {"organisation": desk.organisation_id, "pool": desk.pool}.get(scope)
    wide = f"{scope}:{name}" if name else scope
    await conditions.keep(desks.state, Cause.CLOCK_SKEW, "", {wide: {"seconds": "9"}})
    assert (await order(desks, Side.BUY, 1)).reason == "reducing"
    assert (await desks.read()).state == RiskState.REDUCING
    await conditions.keep(desks.state, Cause.CLOCK_SKEW, "", {"pool:ELSEWHERE": {}})
    assert (await desks.read()).state == RiskState.ACTIVE
    assert (await order(desks, Side.BUY, 1)).state == "accepted"


async def test_what_was_committed_and_not_settled_counts_at_once_and_is_settled_later(
    desks: Desks,
) -> None:
    await order(desks, Side.BUY, 10, limit=90)
    async with transaction(desks.state.sessions) as session:
        await conditions.begun(session, desks.state.clock, claim(desks))
    assert (await order(desks, Side.BUY, 1)).reason == "reducing"
    assert await settling.settle(desks.state) == 1
    assert await settling.settle(desks.state) == 0
    assert await states(desks) == ["cancelled", "denied"]


async def test_a_new_state_is_announced_live_and_in_the_snapshot(desks: Desks) -> None:
    await conditions.begin(desks.state, claim(desks))
    entries = await desks.state.redis.xrange(pod_keys.live(desks.desk))
    frames = [msgspec.json.decode(data[b"j"], type=Frame) for _, data in entries]
    (said,) = [frame.data for frame in frames if frame.kind is FrameKind.NOTICE]
    assert (said["code"], said["severity"]) == ("desk_reducing", "warning")
    assert "stale_feed" in said["text"]
    stored = await desks.state.redis.get(pod_keys.desk(desks.desk))
    assert stored is not None
    assert b'"state":"reducing","causes":["stale_feed"]' in stored
