"""What a person may do with past conversations: find, rename, delete and take them along."""

import re
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts import keys
from backend.audit import service as audit
from backend.audit.service import Actor
from backend.auth.dependencies import Caller
from backend.chat import answers, history_repository, runs, service
from backend.chat.schemas import Excerpt, MessageView, OwnFeedback, ThreadFound, ThreadView
from backend.database import after_commit
from backend.errors import Invalid
from backend.models import Thread
from backend.state import State

_WORD = re.compile(r"\w[\w./-]*")

AT_ONCE = 500
"""Keys that one command deletes."""


async def rename(session: AsyncSession, caller: Caller, thread_id: str, title: str) -> ThreadView:
    thread = await service.own_thread(session, caller, thread_id, lock=True)
    thread.title = title
    await session.flush()
    return ThreadView.model_validate(thread)


async def search(
    session: AsyncSession, caller: Caller, words: str, *, before: str | None, limit: int
) -> Sequence[ThreadFound]:
    """Conversations of the caller's that hold all the words, or words that begin so; newest first.

    Raises Invalid when there is no word in it.
    """
    query = query_of(words)
    found = await history_repository.found(session, caller.id, query, before=before, limit=limit)
    views = {
        thread.id: ThreadFound(thread=thread_view(thread, running), excerpts=[])
        for thread, running in found
    }
    for row in await history_repository.excerpts(session, list(views), query):
        views[row["thread_id"]].excerpts.append(Excerpt.model_validate(dict(row), extra="ignore"))
    return list(views.values())


def query_of(words: str) -> str:
    """The words as Postgres' `to_tsquery` reads them. Raises Invalid when there is none."""
    said = _WORD.findall(words)
    if not said:
        detail = f"{words!r} holds no word to search for: send letters or digits"
        raise Invalid(detail, code="nothing_to_search")
    return " & ".join(f"'{word}':*" for word in said)


async def delete(state: State, session: AsyncSession, caller: Caller, thread_id: str) -> None:
    """Delete the thread with all that belongs to it; an answer that is being written is stopped."""
    thread = await service.own_thread(session, caller, thread_id, lock=True)
    run = await runs.locked_of_thread(session, thread_id)
    if run is not None:
        answers.cancel(state, session, run)
        await session.flush()
    gone = await history_repository.delete_thread(session, thread)
    actor = Actor(caller.organisation, caller.login)
    subject, before = f"thread:{thread_id}", {"user": caller.id, "runs": len(gone)}
    await audit.record(session, actor, "thread.deleted", subject, before=before)

    async def forget() -> None:
        await state.redis.delete(keys.answers(caller.id))
        for at in range(0, len(gone), AT_ONCE):
            await state.redis.delete(*(keys.run(one) for one in gone[at : at + AT_ONCE]))

    after_commit(session, forget)


def message_view(rated: history_repository.Rated) -> MessageView:
    message, feedback = rated
    view = MessageView.model_validate(message)
    view.feedback = OwnFeedback.model_validate(feedback) if feedback is not None else None
    return view


def thread_view(thread: Thread, running: str | None) -> ThreadView:
    view = ThreadView.model_validate(thread)
    view.running = running
    return view
