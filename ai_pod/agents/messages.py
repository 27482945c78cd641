"""What the orchestrator and an agent's process say to each other: one JSON message a line, over a
socket pair.

Commands go to the agent and are imperative; reports come from it and are in the past tense.
"""

import hashlib
from typing import Literal, TypeAlias

import msgspec

from ai_pod.contracts.chat import ReplyRequest, RunEvent
from ai_pod.contracts.plan import Plan
from ai_pod.contracts.seats import PodSeats
from market.clock import Clock
from market.words import Word


class AgentContext(Word, frozen=True, kw_only=True):
    """Where an agent is and what it may use; URLs and folders as the pod's settings name them.

    `clock` is the text of SHIFTDESK_CLOCK; `llm`, `events` and `dask` are empty when not
    configured. `protocol` names how much evidence a night gathers, `algorithm` and `device` what
    learns and where.
    """

    pod: str
    pool: str
    redis_url: str
    vectors_url: str
    artifacts: str
    history: str
    clock: str = "wall"
    llm: str = ""
    llm_canary: str = ""
    llm_explore: float = 0.0
    llm_prices: str = ""
    events: str = ""
    state: str = ""
    environment: str = "local"
    dask: str = ""
    protocol: str = "full"
    algorithm: Literal["ppo", "a2c"] = "ppo"
    device: Literal["cpu", "cuda", "auto"] = "cpu"

    def market_clock(self) -> Clock:
        return Clock.parse(self.clock)


class Warm(Word, frozen=True, kw_only=True, tag="warm"):
    """Import, connect, load what can be loaded ahead; answered with `Ready`."""

    context: AgentContext


class Activate(Word, frozen=True, kw_only=True, tag="activate"):
    """The pod is yours from now on, under this phase epoch; answered with `Active`."""

    phase_epoch: int


class Quiesce(Word, frozen=True, kw_only=True, tag="quiesce"):
    """Stop issuing and give your state; answered with `Quiesced` within so many real seconds."""

    deadline_seconds: float


class Request(Word, frozen=True, kw_only=True, tag="request"):
    """A chat turn; answered with `RunEventSent`s that end in `done` or `error`.

    `request_id` and `traceparent` are the caller's, for logs and traces; empty where there is none.
    `asking` is what `Cancel` and `RunEventSent` call it, where that is not the run: one that was
    taken over is asked again while the first asking may still be there.
    """

    reply: ReplyRequest
    request_id: str = ""
    traceparent: str = ""
    asking: str = ""

    @property
    def name(self) -> str:
        return self.asking or self.reply.run


class Cancel(Word, frozen=True, kw_only=True, tag="cancel"):
    """Stop the run, by its request's name."""

    run: str


class SeatsChanged(Word, frozen=True, kw_only=True, tag="seats"):
    """The pod's seats, whole."""

    seats: PodSeats


class PlanChanged(Word, frozen=True, kw_only=True, tag="plan"):
    """The plan that the pod follows from now on."""

    plan: Plan


class GiveWay(Word, frozen=True, kw_only=True, tag="give_way"):
    """Somebody waits for the processor: use none for so many real seconds, or until 0 is said."""

    seconds: float


class End(Word, frozen=True, kw_only=True, tag="end"):
    """Close what is open and end the process."""


class Ready(Word, frozen=True, kw_only=True, tag="ready"):
    """Warm: `activate` will take effect at once."""


class Active(Word, frozen=True, kw_only=True, tag="active"):
    phase_epoch: int


class Quiesced(Word, frozen=True, kw_only=True, tag="quiesced"):
    """Nothing more is issued. `state` is the agent's own encoding, sealed with its sha256."""

    state: bytes
    sha256: str

    @classmethod
    def seal(cls, state: bytes) -> "Quiesced":
        return cls(state=state, sha256=hashlib.sha256(state).hexdigest())

    @property
    def intact(self) -> bool:
        return hashlib.sha256(self.state).hexdigest() == self.sha256


class FrameSent(Word, frozen=True, kw_only=True, tag="frame"):
    """A live frame for the pod's outbox, as the JSON of a `Frame`, passed on as it is.

    A decision is never dropped on its way; other frames may give way.
    """

    frame: msgspec.Raw
    decision: bool = False


class RunEventSent(Word, frozen=True, kw_only=True, tag="event"):
    """An event of a chat run, by its request's name."""

    run: str
    event: RunEvent


class Progressed(Word, frozen=True, kw_only=True, tag="progress"):
    """What the agent does now, in words and figures, for the pod's status."""

    detail: str = ""
    figures: dict[str, float] = msgspec.field(default_factory=dict)


class Measured(Word, frozen=True, kw_only=True, tag="measured"):
    """Observations of a duration that the pod's metrics are to hold: seconds by metric name."""

    metric: str
    seconds: tuple[float, ...]


class Counted(Word, frozen=True, kw_only=True, tag="counted"):
    """A counter that the pod's metrics are to hold has grown."""

    metric: str
    by: int


class Idle(Word, frozen=True, kw_only=True, tag="idle"):
    """Nothing more to do: the process may be ended."""


class Faulted(Word, frozen=True, kw_only=True, tag="fault"):
    """The agent cannot go on; its process ends after this."""

    detail: str


Notice: TypeAlias = Request | Cancel | SeatsChanged | PlanChanged | GiveWay
"""Commands that may come at any time once the agent is warm."""

Command: TypeAlias = Warm | Activate | Quiesce | Notice | End
Report: TypeAlias = (
    Ready
    | Active
    | Quiesced
    | FrameSent
    | RunEventSent
    | Progressed
    | Measured
    | Counted
    | Idle
    | Faulted
)
MAX_MESSAGE_BYTES = 16 * 1024 * 1024

commands = msgspec.json.Decoder(Command)
reports = msgspec.json.Decoder(Report)


def line(message: Command | Report) -> bytes:
    return msgspec.json.encode(message) + b"\n"
