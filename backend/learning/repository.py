"""Every query on policy lines, policies, trials and verdicts."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Row, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.learning import ShadowReported, TrialFinished, VerdictReached
from backend.cursors import Place
from backend.learning.states import WAITING, PolicyState
from backend.models import Desk, Policy, PolicyLine, Seat, ShadowReport, Trial, Verdict

LineRow = Row[PolicyLine, int]
PlacedPolicy = Row[Policy, PolicyLine]


async def lock_line(session: AsyncSession, line: str) -> PolicyLine | None:
    """The line, read afresh; its champion stands still until the transaction ends."""
    statement = select(PolicyLine).where(PolicyLine.id == line).with_for_update(key_share=True)
    found = await session.scalars(statement.execution_options(populate_existing=True))
    return found.one_or_none()


async def add_trial(session: AsyncSession, event: TrialFinished, organisation: str) -> bool:
    """False when it is on record already."""
    row = insert(Trial).values(
        id=event.id,
        organisation_id=organisation,
        policy_line=event.policy_line,
        night=event.night,
        seed=event.seed,
        algorithm=event.algorithm,
        steps=event.steps,
        cpu_seconds=event.cpu_seconds,
        sharpe=event.sharpe,
        policy=event.policy,
        at=event.at,
    )
    done = await session.execute(row.on_conflict_do_nothing().returning(Trial.id))
    return done.first() is not None


async def add_policy(session: AsyncSession, event: TrialFinished, organisation: str) -> None:
    """The trial's policy, known to the line from now on."""
    row = insert(Policy).values(
        policy_line=event.policy_line,
        id=event.policy,
        organisation_id=organisation,
        trial_id=event.id,
        sharpe=event.sharpe,
    )
    await session.execute(row.on_conflict_do_nothing())


async def add_verdict(session: AsyncSession, event: VerdictReached, organisation: str) -> None:
    session.add(
        Verdict(
            id=event.id,
            organisation_id=organisation,
            policy_line=event.policy_line,
            night=event.night,
            verdict=event.verdict,
            moved=False,
            champion=event.champion,
            challenger=event.challenger,
            sentence=event.sentence,
            window_from=event.window_from,
            window_to=event.window_to,
            bars=event.bars,
            seeds=event.seeds,
            trials=event.trials,
            sharpe_difference=event.sharpe_difference,
            interval_low=event.interval_low,
            interval_high=event.interval_high,
            cost_bps=event.cost_bps,
            competitors=[
                {name: getattr(one, name) for name in one.__struct_fields__}
                for one in event.competitors
            ],
            checks=event.checks,
            synthetic=event.synthetic,
            protocol=event.protocol,
            measures=event.measures,
            spa=event.spa,
            intervals={name: list(bounds) for name, bounds in event.intervals.items()},
            paths=event.paths,
            trial_records=event.trial_records,
            at=event.at,
            equity=msgspec.to_builtins(event.equity),
        )
    )
    await session.flush()


async def move_champion(session: AsyncSession, line: str, expected: str, wanted: str) -> bool:
    """Compare and set: False when another champion than `expected` stands."""
    moved = (
        update(PolicyLine)
        .where(PolicyLine.id == line, PolicyLine.champion == expected)
        .values(champion=wanted, revision=PolicyLine.revision + 1)
        .returning(PolicyLine.id)
    )
    return (await session.execute(moved)).first() is not None


async def policy(session: AsyncSession, line: str, policy_id: str) -> Policy | None:
    """The policy as the line knows it, read afresh."""
    return await session.get(Policy, (line, policy_id), populate_existing=True)


async def waiting(session: AsyncSession, line: str) -> Sequence[Policy]:
    """Policies in shadow, or awaiting approval."""
    statement = select(Policy).where(Policy.policy_line == line, Policy.state.in_(WAITING))
    return (await session.scalars(statement.order_by(Policy.id))).all()


async def watched(session: AsyncSession, used: Sequence[str]) -> Sequence[Policy]:
    """What the nights replay for these lines: who is in shadow, and the champions."""
    states = (PolicyState.SHADOW, PolicyState.CHAMPION)
    statement = select(Policy).where(Policy.policy_line.in_(used), Policy.state.in_(states))
    order = (Policy.policy_line, Policy.state.desc(), Policy.sealed_at, Policy.id)
    return (await session.scalars(statement.order_by(*order))).all()


async def has_report(session: AsyncSession, report: str) -> bool:
    return await session.get(ShadowReport, report) is not None


async def add_report(session: AsyncSession, event: ShadowReported, organisation: str) -> None:
    session.add(
        ShadowReport(
            id=event.id,
            organisation_id=organisation,
            policy_line=event.policy_line,
            night=event.night,
            kind=event.kind,
            policy=event.policy,
            against=event.against,
            since=event.since,
            sessions=[msgspec.to_builtins(one) for one in event.sessions],
            difference=event.difference,
            upper=event.upper,
            confidence=event.confidence,
            drawdown=event.drawdown,
            drawdown_limit=event.drawdown_limit,
            refuted=event.refuted,
            sentence=event.sentence,
            synthetic=event.synthetic,
            at=event.at,
        )
    )
    await session.flush()


async def latest_reports(
    session: AsyncSession, keys: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], ShadowReport]:
    """The newest replay of each (line, policy) that has one."""
    its = tuple_(ShadowReport.policy_line, ShadowReport.policy)
    statement = (
        select(ShadowReport)
        .where(its.in_(keys))
        .ext(distinct_on(ShadowReport.policy_line, ShadowReport.policy))
        .order_by(ShadowReport.policy_line, ShadowReport.policy, ShadowReport.at.desc())
    )
    found = await session.scalars(statement)
    return {(one.policy_line, one.policy): one for one in found}


async def report_page(
    session: AsyncSession, line: str, *, before: Place | None, limit: int
) -> Sequence[ShadowReport]:
    """Newest first."""
    statement = select(ShadowReport).where(ShadowReport.policy_line == line)
    if before is not None:
        statement = statement.where(tuple_(ShadowReport.at, ShadowReport.id) < tuple_(*before))
    newest = statement.order_by(ShadowReport.at.desc(), ShadowReport.id.desc()).limit(limit)
    return (await session.scalars(newest)).all()


async def judged_by(session: AsyncSession, verdicts: Sequence[str]) -> Sequence[PlacedPolicy]:
    """The policies that these verdicts judged, each with its line."""
    statement = select(Policy, PolicyLine).join(PolicyLine, PolicyLine.id == Policy.policy_line)
    return (await session.execute(statement.where(Policy.verdict_id.in_(verdicts)))).all()


async def used_lines(session: AsyncSession) -> Sequence[PolicyLine]:
    """Lines that a desk subscribes to."""
    used = select(Desk.policy_line).distinct()
    statement = select(PolicyLine).where(PolicyLine.id.in_(used)).order_by(PolicyLine.id)
    return (await session.scalars(statement)).all()


async def pods_of(session: AsyncSession, line: str) -> Sequence[Row[str, str]]:
    """(pool, pod) of every seat whose desk subscribes to the line."""
    statement = select(Seat.pool, Seat.pod).join(Desk, Desk.id == Seat.desk_id)
    return (await session.execute(statement.where(Desk.policy_line == line).distinct())).all()


async def line_page(
    session: AsyncSession, organisation: str, *, after: str | None, limit: int
) -> Sequence[LineRow]:
    """Lines by id, each with the number of its desks."""
    desks = select(func.count()).where(Desk.policy_line == PolicyLine.id).scalar_subquery()
    statement = select(PolicyLine, desks).where(PolicyLine.organisation_id == organisation)
    if after is not None:
        statement = statement.where(PolicyLine.id > after)
    return (await session.execute(statement.order_by(PolicyLine.id).limit(limit))).all()


async def line(session: AsyncSession, organisation: str, line_id: str) -> LineRow | None:
    desks = select(func.count()).where(Desk.policy_line == PolicyLine.id).scalar_subquery()
    statement = select(PolicyLine, desks).where(
        PolicyLine.organisation_id == organisation, PolicyLine.id == line_id
    )
    return (await session.execute(statement)).one_or_none()


async def policies(session: AsyncSession, line_id: str, limit: int = 100) -> Sequence[Policy]:
    """Promoted ones first, the latest at the top; then by their making."""
    order = (Policy.promoted_at.desc().nulls_last(), Policy.created_at.desc())
    statement = select(Policy).where(Policy.policy_line == line_id).order_by(*order).limit(limit)
    return (await session.scalars(statement)).all()


async def places(session: AsyncSession, organisation: str, policy: str) -> Sequence[PlacedPolicy]:
    """The lines that know the policy."""
    statement = select(Policy, PolicyLine).join(PolicyLine, PolicyLine.id == Policy.policy_line)
    bounded = statement.where(PolicyLine.organisation_id == organisation, Policy.id == policy)
    return (await session.execute(bounded.order_by(PolicyLine.id))).all()


async def verdict_page(
    session: AsyncSession, organisation: str, *, before: Place | None, line: str | None, limit: int
) -> Sequence[Verdict]:
    """Newest first."""
    statement = select(Verdict).where(Verdict.organisation_id == organisation)
    if before is not None:
        statement = statement.where(tuple_(Verdict.at, Verdict.id) < tuple_(*before))
    if line is not None:
        statement = statement.where(Verdict.policy_line == line)
    newest = statement.order_by(Verdict.at.desc(), Verdict.id.desc()).limit(limit)
    return (await session.scalars(newest)).all()


async def verdict(session: AsyncSession, organisation: str, verdict_id: str) -> Verdict | None:
    statement = select(Verdict).where(
        Verdict.organisation_id == organisation, Verdict.id == verdict_id
    )
    return (await session.scalars(statement)).one_or_none()


async def equity(session: AsyncSession, verdict_id: str) -> dict[str, Any] | None:
    """A verdict's lines."""
    return await session.scalar(select(Verdict.equity).where(Verdict.id == verdict_id))
