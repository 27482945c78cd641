"""A completion is a run of the chat: asked in a thread of its own, followed to its end, and told in
OpenAI's words.
"""

import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
import structlog

from ai_pod.contracts.chat import RunEvent, RunEventKind
from backend.chat import answers, events, runs
from backend.chat import service as chat
from backend.chat.answers import Answer
from backend.chat.events import RunLost
from backend.chat.service import Asked
from backend.chat.turn import RESTARTED
from backend.database import transaction
from backend.doors.openai.errors import AnswerFailed
from backend.doors.openai.reading import MODEL
from backend.doors.openai.transcript import Transcript
from backend.doors.service import Holder
from backend.errors import STORE_AWAY
from backend.models import Thread, new_id
from backend.state import State

Json = dict[str, Any]

logger = structlog.get_logger()


async def begin(state: State, holder: Holder, asked: Asked) -> str:
    """Start the run; its id. The thread is the key's: no list of the owner's shows it."""
    now = datetime.now(UTC)
    thread = Thread(
        id=new_id("thread"),
        organisation_id=holder.caller.organisation,
        user_id=holder.caller.id,
        desk_id=holder.desk.id,
        api_key_id=holder.key,
        title=asked.text[: chat.TITLE_CHARACTERS],
        created_at=now,
        updated_at=now,
    )
    async with transaction(state.sessions) as session:
        session.add(thread)
        await session.flush()
        return (await chat.ask(state, session, holder.caller, thread, asked)).run


async def cancel(state: State, run_id: str) -> None:
    """End the run if it goes on: nobody is there for its answer. One that cannot be ended, since a
    store is away, ends by itself in time.
    """
    try:
        async with transaction(state.sessions) as session:
            run = await runs.locked(session, run_id)
            if run is not None:
                answers.cancel(state, session, run)
    except (RunLost, *STORE_AWAY) as error:
        logger.warning("completion_not_cancelled", run=run_id, error=repr(error))


@dataclass
class Completion:
    """A run's answer as it comes."""

    run: str
    answer: Answer = field(default_factory=Answer)
    transcript: Transcript = field(default_factory=Transcript)
    created: int = field(default_factory=lambda: int(time.time()))

    def take(self, event: RunEvent) -> str:
        """The text that is new. Raises AnswerFailed for an event that says so."""
        if event.kind is RunEventKind.STEP and event.data.get("name") == RESTARTED:
            self.answer = Answer()
        self.answer.take(event)
        if event.kind is RunEventKind.ERROR:
            raise AnswerFailed(
                str(event.data.get("detail", "the answer failed; ask again")),
                code=str(event.data.get("code", "failed")),
            )
        return self.transcript.take(event)

    @property
    def ended(self) -> bool:
        return self.answer.end is not None

    def whole(self) -> Json:
        """The answer in one piece."""
        message = {"role": "assistant", "content": self._end["text"], "refusal": None}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        body = self._body("chat.completion") | {"choices": [choice], "usage": self.usage()}
        return body | {"shiftdesk": self.sources()}

    def chunk(self, delta: Json, finish: str | None = None) -> Json:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return self._body("chat.completion.chunk") | {"choices": [choice]}

    def last_chunk(self) -> Json:
        return self.chunk({}, "stop") | {"shiftdesk": self.sources()}

    def usage_chunk(self) -> Json:
        return self._body("chat.completion.chunk") | {"choices": [], "usage": self.usage()}

    def sources(self) -> Json:
        """What OpenAI's form has no place for."""
        return {
            "run": self.run,
            "grounded": self._end.get("grounded"),
            "instructions": self._end.get("instructions"),
            "facts": [fact for tool in self.answer.tools for fact in tool.get("facts", ())],
            "citations": self.answer.citations,
        }

    def usage(self) -> Json:
        """Tokens of a language model; none where the composer has answered."""
        said = self.answer.usage or {}
        taken, given = int(said.get("input_tokens", 0)), int(said.get("output_tokens", 0))
        return {
            "prompt_tokens": taken,
            "completion_tokens": given,
            "total_tokens": taken + given,
        }

    @property
    def _end(self) -> Json:
        assert self.answer.end is not None
        return self.answer.end.data

    def _body(self, kind: str) -> Json:
        identity = f"chatcmpl-{self.run}"
        return {"id": identity, "object": kind, "created": self.created, "model": MODEL}


async def whole(state: State, run: str) -> Json:
    """The completion in one piece. Raises AnswerFailed."""
    completion = Completion(run)
    async for _, event in follow(state, run):
        if event is not None:
            completion.take(event)
    return completion.whole()


async def stream(state: State, run: str, *, usage: bool) -> AsyncIterator[bytes]:
    """The completion as server-sent events. What fails at once raises AnswerFailed, so that its
    status tells; who leaves early ends the run.
    """
    completion, rest = Completion(run), follow(state, run)
    _, first = await anext(rest)
    begun = "" if first is None else completion.take(first)
    return _streamed(state, completion, rest, begun=begun, usage=usage)


async def _streamed(
    state: State,
    completion: Completion,
    rest: AsyncGenerator[events.Place],
    *,
    begun: str,
    usage: bool,
) -> AsyncIterator[bytes]:
    try:
        yield _sent(completion.chunk({"role": "assistant", "content": begun}))
        async with aclosing(rest):
            async for _, event in rest:
                if event is None:
                    yield events.STILL_WORKING
                elif text := completion.take(event):
                    yield _sent(completion.chunk({"content": text}))
        yield _sent(completion.last_chunk())
        if usage:
            yield _sent(completion.usage_chunk())
        yield b"data: [DONE]\n\n"
    except AnswerFailed as error:
        yield _sent(error.body())
    finally:
        if not completion.ended:
            state.tasks.start(cancel(state, completion.run), name=f"cancel-{completion.run}")


def follow(state: State, run: str) -> AsyncGenerator[events.Place]:
    """The run's events to its last."""

    async def end() -> RunEvent | None:
        return await chat.end_of(state, run)

    return events.follow(state.redis, run, end=end)


def _sent(body: Json) -> bytes:
    return b"data: %b\n\n" % msgspec.json.encode(body)
