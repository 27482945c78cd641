"""Every query of the detectors: who may be concerned, and what Postgres itself can tell."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import Desk, EquityPoint, Policy, PolicyLine, Seat
from backend.trading.conditions import Context, desk_scope


async def instruments_by_pool(session: AsyncSession) -> dict[str, set[str]]:
    """What the desks of each pool trade."""
    rows = select(Desk.pool, func.jsonb_array_elements_text(Desk.instruments)).distinct()
    found = defaultdict[str, set[str]](set)
    for pool, instrument in await session.execute(rows):
        found[pool].add(instrument)
    return found


async def desks_by_pod(session: AsyncSession) -> dict[str, list[str]]:
    found = defaultdict[str, list[str]](list)
    for pod, desk in await session.execute(select(Seat.pod, Seat.desk_id)):
        found[pod].append(desk)
    return found


async def with_old_policy(session: AsyncSession, max_days: float) -> dict[str, Context]:
    """Desks, as scopes, whose line's champion was learned longer ago than that; 0 is no bound.

    Rules do not age. A policy's age is real time, whatever the market's clock.
    """
    if max_days <= 0:
        return {}
    oldest = datetime.now(UTC) - timedelta(days=max_days)
    statement = (
        select(Desk.id, Policy.id, Policy.created_at)
        .join(PolicyLine, PolicyLine.id == Desk.policy_line)
        .join(Policy, (Policy.policy_line == PolicyLine.id) & (Policy.id == PolicyLine.champion))
        .where(Policy.created_at < oldest, Policy.id.not_like("rule:%"))
    )
    return {
        desk_scope(desk): {"policy": policy, "of": made.isoformat(), "max_days": str(max_days)}
        for desk, policy, made in await session.execute(statement)
    }


async def in_drawdown(session: AsyncSession) -> dict[str, Context]:
    """Desks, as scopes, that were worth less than their limit allows when they were marked last."""
    last = (
        select(EquityPoint.equity)
        .where(EquityPoint.desk_id == Desk.id)
        .order_by(EquityPoint.bar_end.desc())
        .limit(1)
        .correlate(Desk)
        .scalar_subquery()
    )
    floor = Desk.peak_equity * (1 - Desk.max_drawdown)
    rows = select(Desk.id, last, Desk.peak_equity, Desk.max_drawdown).where(last < floor)
    return {
        desk_scope(desk): {"equity": str(equity), "peak": str(peak), "limit": str(limit)}
        for desk, equity, peak, limit in await session.execute(rows)
    }
