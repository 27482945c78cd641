"""Threads, messages and run events, as they are shown and asked for."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from ai_pod.contracts.chat import Role, RunEventKind
from backend.schemas import Schema


def _blank_is_none(text: str | None) -> str | None:
    return (text or "").strip() or None


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


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone; send one such as Europe/Berlin") from error
    return name


RecordId = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[\w:.-]+$")]


class OnScreen(Schema):
    """What the person sees while asking: what `this`, `it` and `here` stand for. `signal` is an id
    of a desk that the caller may look at, `verdict` one of the organisation; `since` and `until`
    bound what a chart shows.
    """

    route: Annotated[str, Field(max_length=200, pattern=r"^/[\w/.:~%-]*$")] = "/"
    instrument: Annotated[str | None, Field(max_length=40, pattern=r"^[\w.]+:[\w./-]+$")] = None
    signal: RecordId | None = None
    verdict: RecordId | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.since >= self.until:
            raise ValueError("since must be before until; send the chart's first instant as since")
        return self


class MessageRequest(Schema):
    """Times of day in `text` are in `zone`, an IANA name; without it, in that of the exchange."""

    text: Annotated[str, Field(min_length=1, max_length=4000)]
    screen: OnScreen | None = None
    zone: Annotated[str, Field(max_length=60), AfterValidator(_known_zone)] | None = None


class ThreadChange(Schema):
    title: Annotated[str, Field(min_length=1, max_length=120)]


class Excerpt(Schema):
    """A part of a message, around the words that were searched for."""

    message: str
    role: Role
    text: str
    created_at: datetime


class ThreadFound(Schema):
    """A conversation, and what was said there, newest first; nothing where its title fits alone."""

    thread: ThreadView
    excerpts: list[Excerpt]


class Rating(StrEnum):
    UP = "up"
    DOWN = "down"


class FeedbackRequest(Schema):
    """A note of blanks is none."""

    rating: Rating
    note: Annotated[str | None, Field(max_length=1000), AfterValidator(_blank_is_none)] = None


class OwnFeedback(Schema):
    """What the reader has said of an answer."""

    rating: Rating
    note: str | None


class FeedbackView(Schema):
    """`trace_id`, `instructions` (the version) and `model` are how the answer came about."""

    message_id: str
    rating: Rating
    note: str | None
    trace_id: str | None
    instructions: int | None
    model: str | None
    created_at: datetime
    changed_at: datetime


class RatedAnswer(FeedbackView):
    run_id: str
    question: str | None
    answer: str


class MessageView(Schema):
    """`data` of an answer: citations, tools with their facts, usage, instructions' version,
    grounded, a notice for the reader, trace_id; of a question: `screen`, what was to be seen.
    `feedback` is the caller's own.
    """

    id: str
    run_id: str
    role: Role
    text: str
    data: dict[str, Any]
    created_at: datetime
    feedback: OwnFeedback | None = None


class RunStarted(Schema):
    """The work on a message; its events are at `/runs/{run}/events`."""

    run: str
    thread: str
    message: str


class RunEventView(Schema):
    """One server-sent event: `event` is the kind, `data` depends on it.

    step {name, instructions, …}; token {text}; tool {name, facts}; citation {id, title, source,
    excerpt}; confirm {intent…}; usage {model, input_tokens, output_tokens, cpu_seconds};
    error {code, detail}; done {text, instructions, label, grounded, notice?}. A step named
    `restarted` says that the answer is begun anew, by another pod or back end: forget what came
    before. `done` and `error` are the last.
    """

    kind: RunEventKind
    data: dict[str, Any]
