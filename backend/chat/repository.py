"""Every query on threads, messages and runs."""

from collections.abc import Sequence

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import Message, Run, RunState, Seat, Thread


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
    """Newest first, each with its running run. What a program has asked with a key is none of the
    user's conversations; so wherever threads are listed.
    """
    running = and_(Run.thread_id == Thread.id, Run.state == RunState.RUNNING)
    own = and_(Thread.user_id == user, Thread.api_key_id.is_(None))
    statement = select(Thread, Run.id).outerjoin(Run, running).where(own)
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


async def last_messages(session: AsyncSession, thread_id: str, limit: int) -> list[Message]:
    """The newest, oldest first."""
    statement = select(Message).where(Message.thread_id == thread_id)
    newest = await session.scalars(statement.order_by(Message.id.desc()).limit(limit))
    return list(reversed(newest.all()))


async def pod_of(session: AsyncSession, desk_id: str) -> str | None:
    return (await session.scalars(select(Seat.pod).where(Seat.desk_id == desk_id))).one_or_none()
