"""A chat turn between backend and pod: the request, and the events of its run."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from market.words import Word


class Role(StrEnum):
    USER = "user"
    ASSISTANT = "assistant"


class Turn(Word, frozen=True, kw_only=True):
    role: Role
    text: str


class ReplyRequest(Word, frozen=True, kw_only=True):
    """`POST /v1/threads/{thread}/reply`.

    Everything that the tools may touch is bound here, never by the model.
    """

    run: str
    thread: str
    desk: str
    organisation: str
    user: str
    pool: str
    text: str
    history: tuple[Turn, ...] = ()
    v: int = 1


class RunEventKind(StrEnum):
    STEP = "step"
    TOKEN = "token"
    TOOL = "tool"
    CITATION = "citation"
    CONFIRM = "confirm"
    USAGE = "usage"
    ERROR = "error"
    DONE = "done"


class RunEvent(Word, frozen=True, kw_only=True):
    """One server-sent event of a run. `data` by kind:

    step {name}; token {text}; tool {name, facts: [Fact]}; citation {id, title, source, excerpt};
    confirm {intent…};
    usage {model, input_tokens, output_tokens, cpu_seconds}; error {code, detail}; done {text,
    instructions, grounded}.
    """

    kind: RunEventKind
    data: dict[str, Any]


class Fact(Word, frozen=True, kw_only=True):
    """A value that a tool returned.

    `value` is a decimal string or a word; numbers in answers come from facts only.
    """

    id: str
    label: str
    value: str
    unit: str
    as_of: datetime
    source: str
