"""Conversations as one document, written while it is read: JSON for programs, Markdown for people.

Each page is a transaction of its own, so a long export holds no connection.
"""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from enum import StrEnum

from backend.chat import history_repository
from backend.chat.history import message_view
from backend.chat.schemas import MessageView, ThreadView
from backend.database import transaction
from backend.models import Thread
from backend.state import State

VERSION = 1
THREADS_AT_ONCE = 100
MESSAGES_AT_ONCE = 200

Threads = AsyncIterator[Thread]


class Form(StrEnum):
    JSON = "json"
    MARKDOWN = "markdown"


MEDIA = {Form.JSON: "application/json", Form.MARKDOWN: "text/markdown; charset=utf-8"}
ENDING = {Form.JSON: "json", Form.MARKDOWN: "md"}


async def one(thread: Thread) -> Threads:
    yield thread


async def all_of(state: State, user: str) -> Threads:
    """The user's threads, oldest first."""
    after = ""
    while True:
        async with transaction(state.sessions) as session:
            found = await history_repository.threads_after(
                session, user, after=after, limit=THREADS_AT_ONCE
            )
        for thread in found:
            yield thread
        if len(found) < THREADS_AT_ONCE:
            return
        after = found[-1].id


def written(state: State, threads: Threads, form: Form) -> AsyncIterator[bytes]:
    """The document, in pieces."""
    return _as_json(state, threads) if form is Form.JSON else _as_markdown(state, threads)


async def _messages(state: State, thread: Thread) -> AsyncIterator[MessageView]:
    beyond: str | None = None
    while True:
        async with transaction(state.sessions) as session:
            found = await history_repository.messages(
                session, thread, beyond=beyond, newest=False, limit=MESSAGES_AT_ONCE
            )
        for rated in found:
            yield message_view(rated)
        if len(found) < MESSAGES_AT_ONCE:
            return
        beyond = found[-1][0].id


async def _as_json(state: State, threads: Threads) -> AsyncIterator[bytes]:
    head = {"v": VERSION, "exported_at": datetime.now(UTC).isoformat()}
    yield f'{json.dumps(head)[:-1]}, "threads": ['.encode()
    between = ""
    async for thread in threads:
        about = ThreadView.model_validate(thread).model_dump_json(exclude={"running"})
        yield f'{between}\n{about[:-1]},"messages":['.encode()
        comma = ""
        async for message in _messages(state, thread):
            yield f"{comma}\n{message.model_dump_json()}".encode()
            comma = ","
        yield b"]}"
        between = ","
    yield b"\n]}\n"


async def _as_markdown(state: State, threads: Threads) -> AsyncIterator[bytes]:
    between = ""
    async for thread in threads:
        yield f"{between}# {' '.join(thread.title.split())}\n".encode()
        async for message in _messages(state, thread):
            yield _in_markdown(message).encode()
        between = "\n"


def _in_markdown(message: MessageView) -> str:
    who = "You" if message.role == "user" else "Shiftdesk"
    parts = [f"**{who}**, {message.created_at:%Y-%m-%d %H:%M} UTC", _quoted(message.text)]
    sources = [
        f"* [{one.get('id')}] {one.get('title')} ({one.get('source')})"
        for one in message.data.get("citations") or []
    ]
    parts += ["\n".join(sources)] if sources else []
    if message.feedback is not None:
        note = f": {message.feedback.note}" if message.feedback.note else ""
        parts.append(f"*Rated {message.feedback.rating}{note}*")
    return "".join(f"\n{part}\n" for part in parts)


def _quoted(text: str) -> str:
    """As a quotation, so that nothing in it reads as our own markup."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines() or [""])
