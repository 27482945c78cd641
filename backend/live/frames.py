"""Frames as text: encoded once, however many sockets they go to."""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from ai_pod.contracts.live import Frame, FrameKind
from market.clock import Clock
from market.words import Bar, Tick


class Framer:
    """Makes frames of the moment: no `seq`, with the clock's anchor."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def frame(
        self, kind: FrameKind, data: Mapping[str, Any], *, at: datetime | None = None, **place: Any
    ) -> str:
        """`place`: desk, seq and epoch, where they mean something. `at` is market time."""
        its = Frame(
            kind=kind,
            data=dict(data),
            ts_source=at or self._clock.now(),
            ts_sent=time.time(),
            clock=self._clock.anchor,
            **place,
        )
        return msgspec.json.encode(its).decode()

    def tick(self, tick: Tick) -> str:
        return self.frame(FrameKind.TICK, msgspec.to_builtins(tick), at=tick.at)

    def bar(self, bar: Bar) -> str:
        return self.frame(FrameKind.BAR, msgspec.to_builtins(bar), at=bar.end)

    def notice(self, code: str, text: str, severity: str = "info") -> str:
        data = {"code": code, "text": text, "severity": severity}
        return self.frame(FrameKind.NOTICE, data)

    def durable(self, frame: Frame, *, seq: str, prev: str, epoch: str) -> str:
        """A frame of the desk's stream, with its place in it."""
        placed = msgspec.structs.replace(
            frame, seq=seq, prev=prev, epoch=epoch, clock=self._clock.anchor
        )
        return msgspec.json.encode(placed).decode()
