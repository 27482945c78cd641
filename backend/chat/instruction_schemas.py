"""Instructions, labels, their moves, differences, saved questions and previews, as they are shown
and asked for.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from backend.models import MoveKind
from backend.schemas import Schema

MOST_QUESTIONS_AT_ONCE = 20

Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Reason = Annotated[str, Field(max_length=500)]
Percent = Annotated[int, Field(ge=0, le=100)]
QuestionText = Annotated[str, Field(min_length=1, max_length=4000)]


class InstructionsView(Schema):
    """One immutable version of the chatbot's instructions."""

    version: int
    text: str
    created_by: str
    created_at: datetime


class AllInstructions(Schema):
    """Versions, newest first and a page at a time, and where the labels point.

    `tenant` answers the caller's own organisation, `canary` so many per cent of the others,
    `production` everybody else.
    """

    agent: str
    labels: dict[str, int]
    canary_percent: int
    versions: list[InstructionsView]
    next_cursor: str | None = None


class NewInstructions(Schema):
    text: str


class LabelChange(Schema):
    """`expected` is the version that the label was seen at, null for a new label."""

    version: Version
    expected: Version | None = None
    reason: Reason = ""


class LabelRollback(Schema):
    """`expected` is the version that the label was seen at, null where it was removed."""

    expected: Version | None = None
    reason: Reason = ""


class LabelView(Schema):
    """Where a label points now, and where it pointed before; null is nowhere."""

    label: str
    version: int | None
    previous: int | None


class LabelMoveView(Schema):
    """One move of a label; `revision` counts all changes of what answers whom."""

    revision: int
    kind: MoveKind
    version: int | None
    previous: int | None
    reason: str
    moved_by: str
    moved_at: datetime


class ShareChange(Schema):
    """How many per cent of the users the canary answers; `expected` is what was seen before."""

    percent: Percent
    expected: Percent


class ShareView(Schema):
    percent: int
    previous: int


class DiffKind(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


class DiffLine(Schema):
    """`before` and `after` are the line's numbers in the two versions."""

    kind: DiffKind
    text: str
    before: int | None
    after: int | None


class InstructionsDiff(Schema):
    """What changes from version `before` to version `after`, line by line."""

    before: int
    after: int
    lines: list[DiffLine]


class QuestionRequest(Schema):
    text: QuestionText


class QuestionView(Schema):
    """A question that versions are tried with."""

    id: str
    text: str
    created_by: str
    created_at: datetime
    updated_at: datetime


class InstructionPreview(Schema):
    """Which questions to put to which two versions: the saved ones named, a text, or else the first
    of all that are saved; on the desk named, or else the caller's own or the organisation's first.
    """

    before: Version
    after: Version
    questions: Annotated[
        list[str] | None, Field(min_length=1, max_length=MOST_QUESTIONS_AT_ONCE)
    ] = None
    text: QuestionText | None = None
    desk: Annotated[str | None, Field(max_length=80)] = None


class VersionAnswer(Schema):
    """What one version answers. `written_by` is the model, or `composer`, which words no answer by
    the instructions: without a model only the disclaimer differs.
    """

    version: int
    text: str = ""
    grounded: bool = False
    written_by: str = ""
    tools: list[str] = Field(default_factory=list)
    seconds: float = 0.0
    error: str = ""


class AnswerPair(Schema):
    """A question with what both versions answer; nothing of it is kept."""

    question_id: str | None
    question: str
    before: VersionAnswer
    after: VersionAnswer


class PreviewEnd(Schema):
    """Where the answers came from, and how many pairs there were."""

    desk: str
    pod: str
    pairs: int


class PreviewFailure(Schema):
    code: str
    detail: str


class AnswerPairEvent(Schema):
    """One server-sent event; an `error` or `done` is the last."""

    kind: Literal["pair", "error", "done"]
    data: AnswerPair | PreviewFailure | PreviewEnd
