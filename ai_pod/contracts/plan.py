"""The plan: which phase holds a pod from when until when. The scheduler computes it, pods follow
their copy.
"""

from datetime import datetime
from enum import StrEnum
from typing import Self

import msgspec

from market.words import Word


class Phase(StrEnum):
    """What holds a pod. The chatbot is on demand in every phase."""

    TRADING = "trading"
    LEARNING = "learning"
    PAUSED = "paused"


class Segment(Word, frozen=True, kw_only=True):
    """One phase over [starts, ends), with its reason in words (`market session`, `override: …`)."""

    phase: Phase
    starts: datetime
    ends: datetime
    reason: str
    override: str | None = None


class Plan(Word, frozen=True, kw_only=True):
    """A pool's segments, gapless and ascending, for at least 72 h ahead; `exceptions` replace them
    for single pods.

    `version` is the Postgres revision of the plan's inputs, then the horizon's number: a lower one
    is refused.
    """

    pool: str
    version: int
    computed_at: datetime
    segments: tuple[Segment, ...]
    exceptions: dict[str, tuple[Segment, ...]] = msgspec.field(default_factory=dict)
    warm_up_seconds: float = 60.0
    flush_seconds: float = 60.0
    v: int = 1

    def for_pod(self, pod: str) -> tuple[Segment, ...]:
        return self.exceptions.get(pod, self.segments)

    def segment_at(self, pod: str, now: datetime) -> Segment | None:
        """The segment that holds the pod at `now`; None outside of the plan's horizon."""
        for segment in self.for_pod(pod):
            if segment.starts <= now < segment.ends:
                return segment
        return None

    def next_after(self, pod: str, now: datetime) -> Segment | None:
        """The next segment of another phase that starts after `now`."""
        current = self.segment_at(pod, now)
        for segment in self.for_pod(pod):
            if segment.starts > now and (current is None or segment.phase != current.phase):
                return segment
        return None

    def encode(self) -> bytes:
        return msgspec.json.encode(self)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        return msgspec.json.decode(data, type=cls)
