"""A policy that cannot decide holds its own desk in REDUCING, until it decides again."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from msgspec import structs
from sqlalchemy import select

from ai_pod.contracts.signals import Decision, Fault
from backend.database import transaction
from backend.models import Condition, Order, RiskState
from backend.models import Decision as DecisionRow
from backend.settings import Settings
from tests.support.build_trading import AAPL, T0, Desks, decision, trading_desks

BAR = timedelta(minutes=15)


@pytest.fixture
async def two(settings: Settings) -> AsyncIterator[Desks]:
    async with trading_desks(settings, ("ann", "ben")) as its:
        yield its


def faulted(desk: str, fault: Fault, *, bars: int = 0) -> Decision:
    usual = structs.replace(decision(desk, {AAPL: 0.0}, at=T0 + bars * BAR), signals=())
    return structs.replace(usual, fault=fault, fault_detail="odd: no weights")


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (Fault.REFUSED, "policy_expired"),
        (Fault.MISFIT, "policy_faulted"),
        (Fault.RAISED, "policy_faulted"),
        (Fault.OVERDUE, "policy_faulted"),
    ],
)
async def test_its_desk_alone_is_reducing_until_it_decides_again(
    two: Desks, fault: Fault, cause: str
) -> None:
    ann, ben = two.desks
    await two.decide(faulted(ann, fault))
    await two.decide(structs.replace(decision(ben, {AAPL: 0.4}), lease_epoch=2))
    assert await two.execute() == 2
    assert (await two.read(ann)).state == RiskState.REDUCING
    assert (await two.read(ben)).state == RiskState.ACTIVE
    async with transaction(two.state.sessions) as session:
        [row] = await session.scalars(select(Condition))
        decisions = await session.scalars(select(DecisionRow))
        outcomes = {row.desk_id: row.outcome for row in decisions}
        assert outcomes == {ann: "faulted", ben: "executed"}
    assert (row.cause, row.context["fault"]) == (cause, fault)
    assert row.context["detail"] == "odd: no weights"
    two.hand.forward(BAR)
    await two.decide(decision(ann, {AAPL: 0.4}, at=T0 + BAR))
    assert await two.execute() == 1
    assert (await two.read(ann)).state == RiskState.ACTIVE
    async with transaction(two.state.sessions) as session:
        [order] = await session.scalars(select(Order).where(Order.desk_id == ann))
    assert (order.side, order.state) == ("buy", "accepted")


async def test_another_fault_is_another_condition_and_the_same_is_none(two: Desks) -> None:
    for bars, fault in enumerate((Fault.RAISED, Fault.MISFIT, Fault.REFUSED)):
        await two.decide(faulted(two.desk, fault, bars=bars))
        assert await two.execute() == 1
        two.hand.forward(BAR)
    async with transaction(two.state.sessions) as session:
        rows = (await session.scalars(select(Condition).order_by(Condition.id))).all()
    assert [(row.cause, row.cleared_at is None) for row in rows] == [
        ("policy_faulted", False),
        ("policy_expired", True),
    ]
