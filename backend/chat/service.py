"""Threads and messages: a message makes a run, which goes on whoever listens."""

from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.chat import ReplyRequest, Role, RunEvent, RunEventKind, Turn
from ai_pod.contracts.screen import Screen
from backend.auth.dependencies import Caller
from backend.budgets import service as budgets
from backend.chat import answers, repository, runs, turn
from backend.chat.schemas import MessageRequest, RunStarted, ThreadView
from backend.chat.screen import bound_screen
from backend.database import after_commit, transaction
from backend.desks import repository as desks
from backend.errors import Conflict, NotFound
from backend.models import Message, Run, RunState, Thread, new_id
from backend.state import State
from market.zones import zone_of

HISTORY_MESSAGES = 20
UNTITLED = "New conversation"
TITLE_CHARACTERS = 60
SCREEN = "screen"

_DELETED = {"code": "thread_not_found", "detail": "the conversation has been deleted"}


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
    state: State, session: AsyncSession, caller: Caller, thread_id: str, body: MessageRequest
) -> RunStarted:
    """Store the message and start its run once that is committed.

    Raises Conflict while the thread's last message is still being answered, NotFound for what
    cannot be on the caller's screen.
    """
    thread = await own_thread(session, caller, thread_id, lock=True)
    if await repository.running_run(session, thread_id) is not None:
        raise Conflict("the last message is still being answered", code="run_in_progress")
    past = await repository.last_messages(session, thread_id, HISTORY_MESSAGES)
    screen = None
    if body.screen is not None:
        screen = await bound_screen(session, caller, body.screen)
    if thread.title == UNTITLED:
        thread.title = body.text[:TITLE_CHARACTERS]
    asked = Asked(body.text, tuple(map(_turn, past)), screen=screen, zone=body.zone)
    return await ask(state, session, caller, thread, asked)


def _turn(message: Message) -> Turn:
    seen = message.data.get(SCREEN)
    screen = msgspec.convert(seen, Screen, strict=False) if seen else None
    return Turn(role=Role(message.role), text=message.text, screen=screen)


@dataclass(frozen=True)
class Asked:
    """A question, and what was said before it, oldest first; by a person, or by a program, for
    which nothing is prepared. Without `zone` times of day are the exchange's.
    """

    text: str
    history: tuple[Turn, ...] = ()
    by_person: bool = True
    screen: Screen | None = None
    zone: str | None = None


async def ask(
    state: State, session: AsyncSession, caller: Caller, thread: Thread, asked: Asked
) -> RunStarted:
    """`post_message`, in a locked or a new thread."""
    desk = await desks.desk_of_user(session, caller.id)
    pool = desk.pool if desk else state.settings.pool
    request = ReplyRequest(
        run=new_id("run"),
        thread=thread.id,
        desk=desk.id if desk else "",
        organisation=caller.organisation,
        user=caller.id,
        pool=pool,
        text=asked.text,
        history=asked.history,
        prepares=asked.by_person,
        allowance=await budgets.allowance(
            session, state.redis, user=caller.id, organisation=caller.organisation
        ),
        screen=asked.screen,
        zone=asked.zone or zone_of(pool),
    )
    thread.updated_at = datetime.now(UTC)
    message = _users_message(thread, request)
    session.add_all([runs.begun(request, state.name), message])
    await session.flush()

    async def start() -> None:
        turn.start(state, runs.Held(request.run, 1, request))

    after_commit(session, start)
    return RunStarted(run=request.run, thread=thread.id, message=message.id)


async def cancel(state: State, session: AsyncSession, caller: Caller, thread_id: str) -> None:
    """End the thread's running run; without one there is nothing to do."""
    await own_thread(session, caller, thread_id)
    run = await runs.locked_of_thread(session, thread_id)
    if run is not None:
        answers.cancel(state, session, run)


async def end_of(state: State, run_id: str) -> RunEvent | None:
    """The run's last event, if it has ended; None while it goes on."""
    async with transaction(state.sessions) as session:
        run = await session.get(Run, run_id)
        if run is None:
            return RunEvent(kind=RunEventKind.ERROR, data=_DELETED)
        return None if run.state == RunState.RUNNING else await ended_event(session, run)


async def ended_event(session: AsyncSession, run: Run) -> RunEvent:
    """The last event of an ended run, from Postgres: its stream lives for an hour only."""
    answer = await repository.answer_of(session, run.id)
    if run.state == RunState.DONE and answer is not None:
        done = {"text": answer.text, **answer.data}
        return RunEvent(kind=RunEventKind.DONE, data=done)
    data = {"code": run.error_code or "failed", "detail": "the run ended without an answer"}
    return RunEvent(kind=RunEventKind.ERROR, data=data)


def _users_message(thread: Thread, request: ReplyRequest) -> Message:
    return Message(
        id=new_id("message"),
        organisation_id=thread.organisation_id,
        thread_id=thread.id,
        run_id=request.run,
        role=str(Role.USER),
        text=request.text,
        data={SCREEN: msgspec.to_builtins(request.screen)} if request.screen else {},
    )
