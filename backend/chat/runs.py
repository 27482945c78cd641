"""Who works on a run: a lease in Postgres with an epoch, so that another back end goes on with it
when one is gone, and two never write.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import msgspec
from sqlalchemy import RowMapping, Select, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.chat import ReplyRequest
from backend.models import Run, RunState, Thread

LEASE_SECONDS = 6.0
RENEW_SECONDS = 1.5


@dataclass(frozen=True)
class Held:
    """A run as one back end holds it. `request` is None where it cannot be asked again."""

    run: str
    epoch: int
    request: ReplyRequest | None
    age_seconds: float = 0.0


_TAKE = text("""
    UPDATE backend.run SET owner = :owner, epoch = epoch + 1,
        lease_until = clock_timestamp() + make_interval(secs => :seconds)
    WHERE id IN (
        SELECT id FROM backend.run WHERE state = 'running' AND lease_until < clock_timestamp()
        ORDER BY lease_until LIMIT :most FOR UPDATE SKIP LOCKED
    )
    RETURNING id, epoch, request,
        extract(epoch FROM clock_timestamp() - created_at)::float AS age_seconds
""")
_LEASE = text("""
    UPDATE backend.run SET lease_until = clock_timestamp() + make_interval(secs => :seconds)
    WHERE id = :run AND epoch = :epoch AND state = 'running'
    RETURNING id
""")


def begun(request: ReplyRequest, owner: str) -> Run:
    """The row of a run that its owner begins to work on."""
    return Run(
        id=request.run,
        organisation_id=request.organisation,
        thread_id=request.thread,
        request=msgspec.to_builtins(request),
        owner=owner,
        lease_until=func.clock_timestamp() + timedelta(seconds=LEASE_SECONDS),
    )


async def take(session: AsyncSession, owner: str, *, most: int) -> Sequence[Held]:
    """Runs whose holder is gone; from now on they are ours."""
    values = {"owner": owner, "seconds": LEASE_SECONDS, "most": most}
    return [_held(row) for row in (await session.execute(_TAKE, values)).mappings()]


async def lease(session: AsyncSession, held: Held, seconds: float = LEASE_SECONDS) -> bool:
    """Hold it for so many seconds more, or with 0 let another take it; False when it is not ours
    any more, or has ended.
    """
    values = {"run": held.run, "epoch": held.epoch, "seconds": seconds}
    return (await session.execute(_LEASE, values)).first() is not None


async def locked(session: AsyncSession, run_id: str) -> Run | None:
    """The run, locked, if it goes on. Its thread is locked before it, as whoever deletes that does;
    None when it has ended or its thread is gone.
    """
    of_run = select(Run.thread_id).where(Run.id == run_id).scalar_subquery()
    thread = select(Thread.id).where(Thread.id == of_run).with_for_update(read=True, key_share=True)
    if (await session.scalars(thread)).one_or_none() is None:
        return None
    return (await session.scalars(_running().where(Run.id == run_id))).one_or_none()


async def locked_of_thread(session: AsyncSession, thread_id: str) -> Run | None:
    """The thread's running run, locked."""
    return (await session.scalars(_running().where(Run.thread_id == thread_id))).one_or_none()


def _running() -> Select[Run]:
    """Read afresh, since the wait for the lock may have been long."""
    going_on = select(Run).where(Run.state == RunState.RUNNING).with_for_update()
    return going_on.execution_options(populate_existing=True)


def _held(row: RowMapping) -> Held:
    kept = row["request"]
    try:
        request = None if kept is None else msgspec.convert(kept, ReplyRequest)
    except msgspec.ValidationError:
        request = None
    return Held(row["id"], row["epoch"], request, row["age_seconds"])
