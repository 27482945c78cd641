"""Frames of the live sockets: the pod's toward the backend, and the backend's toward browsers, are
the same.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from market.clock import Anchor
from market.words import Word

MAX_FRAME_BYTES = 64 * 1024


class FrameKind(StrEnum):
    SNAPSHOT = "snapshot"
    TICK = "tick"
    BAR = "bar"
    SIGNAL = "signal"
    ORDER = "order"
    FILL = "fill"
    POSITION = "position"
    EQUITY = "equity"
    PHASE = "phase"
    POD = "pod"
    NOTICE = "notice"
    HEARTBEAT = "heartbeat"


DURABLE = frozenset(
    {
        FrameKind.SIGNAL,
        FrameKind.ORDER,
        FrameKind.FILL,
        FrameKind.POSITION,
        FrameKind.EQUITY,
        FrameKind.NOTICE,
    }
)
"""Kinds that live in the desk's durable stream; they have a `seq` and are replayed on `resume`."""


class Frame(Word, frozen=True, kw_only=True):
    """`seq` is the id of the frame's entry in `ai:live:{desk}`, `epoch` the life of that stream;
    None for snapshots.

    `prev` is the id before it, so that a relay can tell a gap. `ts_source` is market time,
    `ts_sent` wall time.
    """

    kind: FrameKind
    data: dict[str, Any]
    ts_source: datetime | None
    ts_sent: float
    desk: str | None = None
    seq: str | None = None
    prev: str | None = None
    epoch: str | None = None
    clock: Anchor | None = None
    v: int = 1


class CloseCode:
    """Close codes of the live socket."""

    TOO_LARGE = 1009
    RESTART = 1012
    TOO_SLOW = 1013
    RENEW = 4401
    FORBIDDEN = 4403
    SLOW_DOWN = 4429
