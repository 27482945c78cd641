"""Every query on policy lines, policies, trials and verdicts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.learning import TrialFinished, VerdictReached
from backend.cursors import Place
from backend.models import Desk, Policy, PolicyLine, Seat, Trial, Verdict

LineRow = Row[PolicyLine, int]


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


async def add_verdict(
    session: AsyncSession, event: VerdictReached, organisation: str, *, moved: bool
) -> None:
    session.add(
        Verdict(
            id=event.id,
            organisation_id=organisation,
            policy_line=event.policy_line,
            night=event.night,
            verdict=event.verdict,
            moved=moved,
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


async def note_promotion(
    session: AsyncSession, line: PolicyLine, policy: str, predecessor: str, at: datetime
) -> None:
    values = {"predecessor": predecessor, "promoted_at": at}
    row = insert(Policy).values(
        policy_line=line.id, id=policy, organisation_id=line.organisation_id, **values
    )
    row = row.on_conflict_do_update(index_elements=["policy_line", "id"], set_=values)
    await session.execute(row)


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


async def places(
    session: AsyncSession, organisation: str, policy: str
) -> Sequence[Row[Policy, PolicyLine]]:
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
