"""What programs have asked is forgotten in time; people's conversations never are."""

import time
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import Sessions, transaction
from backend.doors.retention import DAY_SECONDS, forget
from backend.models import Desk, Message, MessageFeedback, Run, RunState, Thread, first_id, new_id
from tests.support.build_doors import Owner


async def asked(
    session: AsyncSession, ann: Owner, key: str | None, days: float, state: RunState = RunState.DONE
) -> str:
    """A conversation of so many days ago, its answer rated; the thread's id."""
    now = datetime.now(UTC)
    desk = await session.get_one(Desk, ann.desk)
    mine = {"organisation_id": desk.organisation_id}
    thread = first_id("thread", time.time() - days * DAY_SECONDS)
    thread = thread[:-8] + new_id("x")[-8:]
    run, answer = new_id("run"), new_id("message")
    of_user = mine | {"user_id": desk.user_id}
    session.add(
        Thread(id=thread, desk_id=desk.id, api_key_id=key, title="?", updated_at=now, **of_user)
    )
    await session.flush()
    session.add(Run(id=run, thread_id=thread, state=state, **mine))
    said = {"thread_id": thread, "run_id": run, "data": {}} | mine
    session.add(Message(id=new_id("message"), role="user", text="How much cash?", **said))
    session.add(Message(id=answer, role="assistant", text="Enough.", **said))
    await session.flush()
    session.add(MessageFeedback(message_id=answer, rating="up", changed_at=now, **of_user))
    return thread


async def test_what_programs_asked_long_ago_goes_with_all_that_belongs_to_it(ann: Owner) -> None:
    key, state = (await ann.make())["id"], ann.backend.state
    async with transaction(state.sessions) as session:
        gone = [await asked(session, ann, key, days) for days in (400, 30.1)]
        kept = [
            await asked(session, ann, key, 29.9),
            await asked(session, ann, key, 40, RunState.RUNNING),
            await asked(session, ann, None, 400),
        ]
    keeping = state.settings.model_copy(update={"completions_days": 0.0})
    await forget(replace(state, settings=keeping))
    assert await left(state.sessions, gone) == [2, 2, 4]
    await forget(state)
    assert await left(state.sessions, gone) == [0, 0, 0]
    assert await left(state.sessions, kept) == [3, 3, 6]


async def left(sessions: Sessions, threads: list[str]) -> list[int]:
    """How many of the threads there are, of their runs and of their messages."""
    counted = ((Thread, Thread.id), (Run, Run.thread_id), (Message, Message.thread_id))
    async with transaction(sessions) as session:
        return [
            await session.scalar(select(func.count()).select_from(table).where(its.in_(threads)))
            or 0
            for table, its in counted
        ]
