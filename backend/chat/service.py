"""Threads and messages: a message makes a run, which goes on whoever listens."""

from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts import keys
from ai_pod.contracts.chat import ReplyRequest, Role, RunEvent, RunEventKind, Turn
from backend import keys as our_keys
from backend.auth.dependencies import Caller
from backend.chat import events, repository, turn
from backend.chat.schemas import RunStarted, ThreadView
from backend.database import after_commit, transaction
from backend.desks import repository as desks
from backend.errors import Conflict, NotFound
from backend.leader import run_once
from backend.models import Message, Run, RunState, Thread, new_id
from backend.state import State

HISTORY_MESSAGES = 20
UNTITLED = "New conversation"
TITLE_CHARACTERS = 60
ORPHAN_AFTER = timedelta(seconds=20)
RECOVERY_SECONDS = 3.0

logger = structlog.get_logger()


async def create_thread(session: AsyncSession, caller: Caller, title: str | None) -> ThreadView:
    desk = await desks.desk_of_user(session, caller.id)
    thread = Thread(
        id=new_id("thread"),
        organisation_id=caller.organisation,
        user_id=caller.id,
        desk_id=desk.id if desk else None,
        title=title or UNTITLED,
        created_at=datetime.now(UTC),
        updated_at=datetime.now(UTC),
    )
    session.add(thread)
    await session.flush()
    return ThreadView.model_validate(thread)


async def own_thread(
    session: AsyncSession, caller: Caller, thread_id: str, *, lock: bool = False
) -> Thread:
    """Raises NotFound for a thread that is missing or somebody else's."""
    thread = await repository.thread(session, thread_id, caller.id, lock=lock)
    if thread is None:
        raise NotFound(f"there is no thread {thread_id!r}", code="thread_not_found")
    return thread


async def post_message(
    state: State, session: AsyncSession, caller: Caller, thread_id: str, text: str
) -> RunStarted:
    """Store the message and start its run once that is committed.

    Raises Conflict while the thread's last message is still being answered.
    """
    thread = await own_thread(session, caller, thread_id, lock=True)
    if await repository.running_run(session, thread_id) is not None:
        raise Conflict("the last message is still being answered", code="run_in_progress")
    history = await repository.last_messages(session, thread_id, HISTORY_MESSAGES)
    run = Run(id=new_id("run"), organisation_id=thread.organisation_id, thread_id=thread_id)
    message = _users_message(thread, run.id, text)
    thread.updated_at = datetime.now(UTC)
    if thread.title == UNTITLED:
        thread.title = text[:TITLE_CHARACTERS]
    session.add_all([run, message])
    await session.flush()
    desk = await desks.desk_of_user(session, caller.id)
    request = ReplyRequest(
        run=run.id,
        thread=thread_id,
        desk=desk.id if desk else "",
        organisation=caller.organisation,
        user=caller.id,
        pool=desk.pool if desk else state.settings.pool,
        text=text,
        history=tuple(Turn(role=Role(one.role), text=one.text) for one in history),
    )

    async def start() -> None:
        state.tasks.start(turn.Turn(state, request).run(), name=f"chat-{run.id}")

    after_commit(session, start)
    return RunStarted(run=run.id, thread=thread_id, message=message.id)


async def cancel(state: State, session: AsyncSession, caller: Caller, thread_id: str) -> None:
    """Ask the thread's running run to stop; without one there is nothing to do."""
    await own_thread(session, caller, thread_id)
    run = await repository.running_run(session, thread_id)
    if run is not None:
        await state.redis.set(keys.run_cancel(run.id), b"1", ex=events.LIFE_SECONDS)


async def recover_runs(state: State) -> None:
    """End runs whose back end is gone, once among all back ends, for ever."""
    await run_once(state, "chat_runs", end_orphans, period_seconds=RECOVERY_SECONDS)


async def end_orphans(state: State) -> None:
    async with transaction(state.sessions) as session:
        runs = await repository.long_running(session, ORPHAN_AFTER)
    for run in runs:
        if not await state.redis.exists(our_keys.run_alive(run.id)):
            logger.warning("chat_run_orphaned", run=run.id)
            data = {"code": "backend_gone", "detail": "the service restarted; ask again"}
            lost = turn.Answer(end=RunEvent(kind=RunEventKind.ERROR, data=data))
            await turn.finish(state, run.id, lost)


async def ended_event(session: AsyncSession, run: Run) -> RunEvent:
    """The last event of an ended run, from Postgres: its stream lives for an hour only."""
    answer = await repository.answer_of(session, run.id)
    if run.state == RunState.DONE and answer is not None:
        done = {"text": answer.text, **answer.data}
        return RunEvent(kind=RunEventKind.DONE, data=done)
    data = {"code": run.error_code or "failed", "detail": "the run ended without an answer"}
    return RunEvent(kind=RunEventKind.ERROR, data=data)


def _users_message(thread: Thread, run: str, text: str) -> Message:
    return Message(
        id=new_id("message"),
        organisation_id=thread.organisation_id,
        thread_id=thread.id,
        run_id=run,
        role=str(Role.USER),
        text=text,
        data={},
    )
