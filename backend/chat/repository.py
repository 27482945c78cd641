"""Every query on threads, messages, runs and the kept instructions."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.instructions import Instructions
from backend.models import (
    PLATFORM,
    InstructionLabel,
    InstructionVersion,
    Message,
    Run,
    RunState,
    Seat,
    Thread,
)


async def thread(
    session: AsyncSession, thread_id: str, user: str, *, lock: bool = False
) -> Thread | None:
    """The user's own thread; nobody reads another's."""
    statement = select(Thread).where(Thread.id == thread_id, Thread.user_id == user)
    if lock:
        statement = statement.with_for_update()
    return (await session.scalars(statement)).one_or_none()


async def threads(
    session: AsyncSession, user: str, *, before: str | None, limit: int
) -> Sequence[tuple[Thread, str | None]]:
    """Newest first, each with its running run."""
    running = and_(Run.thread_id == Thread.id, Run.state == RunState.RUNNING)
    statement = select(Thread, Run.id).outerjoin(Run, running).where(Thread.user_id == user)
    if before is not None:
        statement = statement.where(Thread.id < before)
    found = await session.execute(statement.order_by(Thread.id.desc()).limit(limit))
    return [(row[0], row[1]) for row in found]


async def running_run(session: AsyncSession, thread_id: str) -> Run | None:
    statement = select(Run).where(Run.thread_id == thread_id, Run.state == RunState.RUNNING)
    return (await session.scalars(statement)).one_or_none()


async def run_of_user(session: AsyncSession, run_id: str, user: str) -> Run | None:
    statement = (
        select(Run).join(Thread, Thread.id == Run.thread_id).where(Run.id == run_id)
    ).where(Thread.user_id == user)
    return (await session.scalars(statement)).one_or_none()


async def answer_of(session: AsyncSession, run_id: str) -> Message | None:
    statement = select(Message).where(Message.run_id == run_id, Message.role == "assistant")
    return (await session.scalars(statement)).one_or_none()


async def messages(
    session: AsyncSession, thread_id: str, *, after: str | None, limit: int
) -> Sequence[Message]:
    """Oldest first."""
    statement = select(Message).where(Message.thread_id == thread_id)
    if after is not None:
        statement = statement.where(Message.id > after)
    return (await session.scalars(statement.order_by(Message.id).limit(limit))).all()


async def last_messages(session: AsyncSession, thread_id: str, limit: int) -> list[Message]:
    """The newest, oldest first."""
    statement = select(Message).where(Message.thread_id == thread_id)
    newest = await session.scalars(statement.order_by(Message.id.desc()).limit(limit))
    return list(reversed(newest.all()))


async def pod_of(session: AsyncSession, desk_id: str) -> str | None:
    return (await session.scalars(select(Seat.pod).where(Seat.desk_id == desk_id))).one_or_none()


async def long_running(session: AsyncSession, older_than: timedelta) -> Sequence[Run]:
    since = datetime.now(UTC) - older_than
    statement = select(Run).where(Run.state == RunState.RUNNING, Run.created_at < since)
    return (await session.scalars(statement)).all()


async def lock_run(session: AsyncSession, run_id: str) -> Run:
    statement = (
        select(Run)
        .where(Run.id == run_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(statement)).one()


async def versions(session: AsyncSession, agent: str) -> Sequence[InstructionVersion]:
    statement = select(InstructionVersion).where(InstructionVersion.agent == agent)
    return (await session.scalars(statement)).all()


async def labels(session: AsyncSession, agent: str) -> dict[str, int]:
    """Label → the version that it points at."""
    statement = select(InstructionLabel).where(InstructionLabel.agent == agent)
    return {row.label: row.version for row in await session.scalars(statement)}


async def keep_version(session: AsyncSession, agent: str, made: Instructions) -> None:
    """A version that is kept already stays as it is."""
    values = {
        "agent": agent,
        "version": made.version,
        "organisation_id": PLATFORM,
        "text": made.text,
        "author": made.created_by,
        "created_at": made.created_at,
    }
    await session.execute(insert(InstructionVersion).values(values).on_conflict_do_nothing())


async def keep_label(session: AsyncSession, agent: str, label: str, version: int, by: str) -> None:
    values = {"version": version, "moved_by": by}
    made = insert(InstructionLabel).values(
        agent=agent, label=label, organisation_id=PLATFORM, **values
    )
    await session.execute(
        made.on_conflict_do_update(index_elements=["agent", "label"], set_=values)
    )
