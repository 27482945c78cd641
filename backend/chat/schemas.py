"""Threads, messages, run events and instructions, as they are shown and asked for."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from ai_pod.contracts.chat import Role, RunEventKind
from backend.schemas import Schema


class NewThread(Schema):
    """Without a title the first message gives it."""

    title: Annotated[str | None, Field(min_length=1, max_length=120)] = None


class ThreadView(Schema):
    """`running` is the run that works on the last message, if one does."""

    id: str
    title: str
    desk_id: str | None
    created_at: datetime
    updated_at: datetime
    running: str | None = None


class MessageRequest(Schema):
    text: Annotated[str, Field(min_length=1, max_length=4000)]


class MessageView(Schema):
    """`data` of an answer: citations, tools with their facts, instructions' version, grounded."""

    id: str
    run_id: str
    role: Role
    text: str
    data: dict[str, Any]
    created_at: datetime


class RunStarted(Schema):
    """The work on a message; its events are at `/runs/{run}/events`."""

    run: str
    thread: str
    message: str


class RunEventView(Schema):
    """One server-sent event: `event` is the kind, `data` depends on it.

    step {name, …}; token {text}; tool {name, facts}; citation {id, title, source, excerpt};
    confirm {intent…}; usage {model, input_tokens, output_tokens, cpu_seconds};
    error {code, detail}; done {text, instructions, grounded}. A step named `restarted` says that
    another pod begins the answer anew: forget its tokens. `done` and `error` are the last.
    """

    kind: RunEventKind
    data: dict[str, Any]


class InstructionsView(Schema):
    """One immutable version of the chatbot's instructions."""

    version: int
    text: str
    created_by: str
    created_at: datetime


class AllInstructions(Schema):
    """Versions, newest first, and where the labels point; `production` answers people."""

    agent: str
    labels: dict[str, int]
    versions: list[InstructionsView]


class NewInstructions(Schema):
    text: Annotated[str, Field(min_length=1, max_length=20_000)]


class LabelChange(Schema):
    """`expected` is the version that the label was seen at, null for a new label."""

    version: Annotated[int, Field(ge=1)]
    expected: Annotated[int | None, Field(ge=1)] = None


class LabelView(Schema):
    label: str
    version: int
    previous: int | None
