"""What the events of a run amount to, and the end of a run: its state and its message in Postgres
first, then its last event.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.chat import RunEvent, RunEventKind
from backend import keys, telemetry
from backend.chat import events, runs
from backend.chat.events import RunLost, RunWriter
from backend.database import after_commit, transaction
from backend.models import Message, Run, RunState, new_id
from backend.state import State
from market import tracing


@dataclass
class Answer:
    """What the events so far amount to."""

    citations: list[dict[str, Any]] = field(default_factory=list)
    tools: list[dict[str, Any]] = field(default_factory=list)
    intents: list[dict[str, Any]] = field(default_factory=list)
    usage: dict[str, Any] | None = None
    end: RunEvent | None = None

    def take(self, event: RunEvent) -> None:
        if event.kind is RunEventKind.CITATION:
            self.citations.append(event.data)
        elif event.kind is RunEventKind.TOOL:
            self.tools.append(event.data)
        elif event.kind is RunEventKind.CONFIRM:
            self.intents.append({"id": event.data["id"], "says": event.data["says"]})
        elif event.kind is RunEventKind.USAGE:
            self.usage = event.data
        elif event.kind in events.TERMINAL:
            self.end = event


def failed(code: str, detail: str) -> Answer:
    return Answer(end=RunEvent(kind=RunEventKind.ERROR, data={"code": code, "detail": detail}))


async def finish(state: State, held: runs.Held, answer: Answer, *, asked: Sequence[str]) -> None:
    """End the run as its holder; `asked` are the pods that were.

    Raises RunLost when it is another's by now, or has ended.
    """
    end = answer.end
    assert end is not None
    async with transaction(state.sessions) as session:
        run = await runs.locked(session, held.run)
        if run is None or run.epoch != held.epoch:
            raise RunLost(held.run)
        _end(run, end)
        run.attempts += len(asked)
        run.pod = asked[-1] if asked else run.pod
        if end.kind is RunEventKind.DONE:
            session.add(_message(run, answer))
    telemetry.chat_runs.labels(state=run.state).inc()
    telemetry.answered(end)
    await RunWriter(state.redis, held.run, held.epoch).append(end)


def cancel(state: State, session: AsyncSession, run: Run) -> None:
    """End a locked run as the person who asked, whoever works on it and whether that one hears: its
    last event follows the commit, and its holder is told to stop.
    """
    detail = "the answer was stopped"
    end = RunEvent(kind=RunEventKind.ERROR, data={"code": "cancelled", "detail": detail})
    _end(run, end)
    run_id, writer = run.id, RunWriter(state.redis, run.id, run.epoch)

    async def tell() -> None:
        telemetry.chat_runs.labels(state=RunState.CANCELLED).inc()
        await writer.append(end)
        await state.redis.publish(keys.stopped_runs(), run_id)

    after_commit(session, tell)


def _end(run: Run, end: RunEvent) -> None:
    run.state = _state_of(end)
    run.ended_at = datetime.now(UTC)
    run.error_code = end.data.get("code")
    run.request = None


def _state_of(end: RunEvent) -> RunState:
    if end.kind is RunEventKind.DONE:
        return RunState.DONE
    return RunState.CANCELLED if end.data.get("code") == "cancelled" else RunState.FAILED


def _message(run: Run, answer: Answer) -> Message:
    assert answer.end is not None
    done = answer.end.data
    return Message(
        id=new_id("message"),
        organisation_id=run.organisation_id,
        thread_id=run.thread_id,
        run_id=run.id,
        role="assistant",
        text=str(done.get("text", "")),
        data={
            "citations": answer.citations,
            "tools": answer.tools,
            "intents": answer.intents,
            "usage": answer.usage,
            "instructions": done.get("instructions"),
            "label": done.get("label"),
            "grounded": done.get("grounded"),
            "notice": done.get("notice"),
            "trace_id": tracing.trace_id() or None,
        },
    )
