"""Signals as people look at them."""

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.signals import trace_of
from backend.auth.dependencies import Caller
from backend.cursors import cursor_of, place_of
from backend.desks.access import SEE_ALL, find_desk
from backend.errors import NotFound
from backend.models import Desk
from backend.schemas import Page
from backend.signals import repository
from backend.signals.repository import Recorded
from backend.signals.schemas import Explanation, OrderedView, SignalView
from market import tracing
from market.words import Interval


async def page(
    session: AsyncSession, desk: Desk, *, cursor: str | None, instrument: str | None, limit: int
) -> Page[SignalView]:
    rows = await repository.page(
        session, desk.id, before=place_of(cursor), instrument=instrument, limit=limit + 1
    )
    views = [view(row) for row in rows]
    return Page.cut(views, limit, lambda last: cursor_of(last.bar_end, last.id))


async def seen(
    session: AsyncSession, caller: Caller, signal_id: str, desk_id: str | None
) -> Recorded:
    """The signal with its decision, if the caller may look at its desk; where `desk_id` is given,
    of that desk alone. Raises NotFound.
    """
    missing = NotFound(f"there is no signal {signal_id!r}", code="signal_not_found")
    row = await repository.signal(session, caller.organisation, signal_id)
    if row is None or desk_id not in (None, row[0].desk_id):
        raise missing
    try:
        await find_desk(session, caller, row[0].desk_id, SEE_ALL)
    except NotFound:
        raise missing from None
    return row


async def explanation(session: AsyncSession, row: Recorded) -> Explanation:
    """What was frozen when the signal was published."""
    its, decision = row
    order = await repository.order(session, its)
    return Explanation(
        signal=its.id,
        instrument=its.instrument,
        policy_version=its.policy_version,
        base=its.base,
        score=its.score,
        contributions=its.contributions,
        reason=its.reason,
        instruments=sorted(decision.weights),
        observation=np.frombuffer(decision.observation, "<f4").tolist(),
        weight_wanted=its.weight_after / decision.limits.get("scale", 1.0),
        weight_after=its.weight_after,
        limits=decision.limits,
        order=None if order is None else OrderedView.model_validate(order, extra="ignore"),
    )


def view(row: Recorded) -> SignalView:
    signal, decision = row
    return SignalView(
        id=signal.id,
        desk=signal.desk_id,
        pod=decision.pod,
        bar_end=signal.bar_end,
        interval=Interval(decision.interval),
        policy_version=signal.policy_version,
        instrument=signal.instrument,
        weight_before=signal.weight_before,
        weight_after=signal.weight_after,
        price=signal.price,
        score=signal.score,
        base=signal.base,
        contributions=signal.contributions,
        reason=signal.reason,
        synthetic=signal.synthetic,
        outcome=decision.outcome,
        trace_id=tracing.kept(trace_of(signal.desk_id, signal.bar_end)),
    )
