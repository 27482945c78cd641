"""A chat turn between backend and pod: the request, and the events of its run."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from ai_pod.contracts.budgets import Allowance
from ai_pod.contracts.screen import Screen
from ai_pod.contracts.tools import ToolCall
from market.words import Word


class Role(StrEnum):
    USER = "user"
    ASSISTANT = "assistant"


class Turn(Word, frozen=True, kw_only=True):
    """`screen` is what was to be seen when it was asked."""

    role: Role
    text: str
    screen: Screen | None = None


class ReplyRequest(Word, frozen=True, kw_only=True):
    """`POST /v1/threads/{thread}/reply`.

    Everything that the tools may touch is bound here, never by the model. With `tool` that tool
    alone is asked, and no text is understood. Without `prepares` nothing is prepared for a person
    to confirm: a program asks. `epoch` grows with each back end that asks for the run.
    `instructions` binds the turn to a version that `label` chose; 0 leaves the choice to the pod.
    Times of day in the text are in `zone` (IANA); `screen` is what the person sees.
    """

    run: str
    thread: str
    desk: str
    organisation: str
    user: str
    pool: str
    text: str
    history: tuple[Turn, ...] = ()
    tool: ToolCall | None = None
    prepares: bool = True
    epoch: int = 1
    instructions: int = 0
    label: str = ""
    allowance: Allowance = Allowance()
    screen: Screen | None = None
    zone: str = "UTC"
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

    step {name, instructions, label}; token {text}; tool {name, facts: [Fact]}; citation {id, title,
    source, excerpt}; confirm {wanted} from the pod, which the backend makes an intent {id, kind,
    says, nonce, expires_at, preview…};
    usage {model, input_tokens, output_tokens, cpu_seconds}; error {code, detail}; done {text,
    instructions, label, grounded, notice?}. `instructions` is the version that the turn is bound
    to.
    """

    kind: RunEventKind
    data: dict[str, Any]


class Fact(Word, frozen=True, kw_only=True):
    """A value that a tool returned.

    `value` is a decimal string or a word; numbers in answers come from facts only. `stale`: the
    source should have told it anew by the time of the answer.
    """

    id: str
    label: str
    value: str
    unit: str
    as_of: datetime
    source: str
    stale: bool = False
