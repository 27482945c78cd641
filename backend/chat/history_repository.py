"""Every query on the history of somebody's conversations: search, export, deletion."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    and_,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from backend.models import Message, MessageFeedback, Run, RunState, Thread

EXCERPTS = 3
"""So many of a conversation are shown."""

_PLAIN: ColumnElement[str] = literal_column("'simple'::regconfig")
_EXCERPT = "MaxWords=30, MinWords=12, StartSel='', StopSel=''"


def _holds(column: InstrumentedAttribute[str], query: str) -> ColumnElement[bool]:
    """As the index on messages has it."""
    return func.to_tsvector(_PLAIN, column).bool_op("@@")(func.to_tsquery(_PLAIN, query))


async def found(
    session: AsyncSession, user: str, query: str, *, before: str | None, limit: int
) -> Sequence[tuple[Thread, str | None]]:
    """The user's threads whose title or messages hold all words of the query, newest first, each
    with its running run.
    """
    said = exists().where(Message.thread_id == Thread.id, _holds(Message.text, query))
    running = and_(Run.thread_id == Thread.id, Run.state == RunState.RUNNING)
    statement = (
        select(Thread, Run.id)
        .outerjoin(Run, running)
        .where(Thread.user_id == user, Thread.api_key_id.is_(None))
        .where(or_(_holds(Thread.title, query), said))
    )
    if before is not None:
        statement = statement.where(Thread.id < before)
    rows = await session.execute(statement.order_by(Thread.id.desc()).limit(limit))
    return [(row[0], row[1]) for row in rows]


async def excerpts(
    session: AsyncSession, threads: Sequence[str], query: str
) -> Sequence[RowMapping]:
    """The newest messages of each thread that hold the words, newest first: thread_id, message,
    role, created_at, text.
    """
    newest = func.row_number().over(partition_by=Message.thread_id, order_by=Message.id.desc())
    ranked = (
        select(Message.id, newest.label("rank"))
        .where(Message.thread_id.in_(threads), _holds(Message.text, query))
        .subquery()
    )
    text = func.ts_headline(_PLAIN, Message.text, func.to_tsquery(_PLAIN, query), _EXCERPT)
    statement = (
        select(
            Message.thread_id,
            Message.id.label("message"),
            Message.role,
            Message.created_at,
            text.label("text"),
        )
        .join(ranked, and_(ranked.c.id == Message.id, ranked.c.rank <= EXCERPTS))
        .order_by(Message.id.desc())
    )
    return (await session.execute(statement)).mappings().all()


async def threads_after(
    session: AsyncSession, user: str, *, after: str, limit: int
) -> Sequence[Thread]:
    """The user's threads, oldest first."""
    own = (Thread.user_id == user, Thread.api_key_id.is_(None))
    statement = select(Thread).where(*own, Thread.id > after)
    return (await session.scalars(statement.order_by(Thread.id).limit(limit))).all()


Rated = tuple[Message, MessageFeedback | None]
"""A message, and what its reader thinks of it."""


async def messages(
    session: AsyncSession, thread: Thread, *, beyond: str | None, newest: bool, limit: int
) -> Sequence[Rated]:
    """Messages with the thread's owner's ratings, oldest first or `newest` first."""
    its = and_(MessageFeedback.message_id == Message.id, MessageFeedback.user_id == thread.user_id)
    statement = select(Message, MessageFeedback).outerjoin(MessageFeedback, its)
    statement = statement.where(Message.thread_id == thread.id)
    if beyond is not None:
        statement = statement.where(Message.id < beyond if newest else Message.id > beyond)
    order: Any = Message.id.desc() if newest else Message.id
    rows = await session.execute(statement.order_by(order).limit(limit))
    return [(row[0], row[1]) for row in rows]


async def delete_thread(session: AsyncSession, thread: Thread) -> Sequence[str]:
    """The thread, its messages with their ratings, and its runs, whose ids are answered."""
    await session.execute(delete(Message).where(Message.thread_id == thread.id))
    gone = delete(Run).where(Run.thread_id == thread.id).returning(Run.id)
    runs = (await session.scalars(gone)).all()
    await session.execute(delete(Thread).where(Thread.id == thread.id))
    return runs
