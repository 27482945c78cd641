"""A calendar's hours with the patches on them, as layers of segments to paint from the weakest to
the strongest.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from ai_pod.contracts.plan import Phase, Segment
from market.calendars import Sessions, from_ns
from scheduler.contracts.overrides import Patch

SHORT_BREAK = timedelta(hours=2)
"""A shorter break of the market only pauses; learning is not worth starting for it."""


@dataclass(frozen=True)
class _Hours:
    """One market session."""

    opens: datetime
    closes: datetime
    pause: tuple[datetime, datetime] | None

    def pieces(self) -> Iterator[tuple[datetime, datetime]]:
        """When it trades."""
        if self.pause is None:
            yield self.opens, self.closes
        else:
            yield self.opens, self.pause[0]
            yield self.pause[1], self.closes


@dataclass(frozen=True)
class Layers:
    """What several calendars say, by strength; each list may overlap within itself."""

    closed: list[Segment] = field(default_factory=list)
    pauses: list[Segment] = field(default_factory=list)
    regular: list[Segment] = field(default_factory=list)
    patched: list[Segment] = field(default_factory=list)

    def add(self, sessions: Sessions, patches: Sequence[Patch]) -> None:
        """Join a calendar's sessions, and its patches, oldest first (the newest of a day holds)."""
        own = _by_day(sessions)
        decided = {patch.day: patch for patch in patches}
        for day, hours in own.items():
            if day not in decided:
                self._trade(self.regular, hours, "market session")
        for day, patch in decided.items():
            reason = f"patch: {patch.reason}"
            if day in own:
                hours = own[day]
                self.closed.append(_segment(Phase.LEARNING, hours.opens, hours.closes, reason))
            changed = _changed(own.get(day), patch)
            if changed is not None:
                self._trade(self.patched, changed, reason)

    def _trade(self, layer: list[Segment], hours: _Hours, reason: str) -> None:
        layer.extend(_segment(Phase.TRADING, *piece, reason) for piece in hours.pieces())
        if hours.pause is not None and hours.pause[1] - hours.pause[0] < SHORT_BREAK:
            self.pauses.append(_segment(Phase.PAUSED, *hours.pause, "lunch break"))


def layers(calendars: Mapping[str, Sessions], patches: Iterable[Patch]) -> Layers:
    """The layers of all `calendars` (name → sessions) under their patches, oldest first."""
    result = Layers()
    ordered = sorted(patches, key=lambda patch: patch.revision)
    for name, sessions in calendars.items():
        result.add(sessions, [patch for patch in ordered if patch.calendar == name])
    return result


def _by_day(sessions: Sessions) -> dict[date, _Hours]:
    rows = zip(
        sessions.labels.tolist(),
        sessions.opens.tolist(),
        sessions.closes.tolist(),
        sessions.break_starts.tolist(),
        sessions.break_ends.tolist(),
        strict=True,
    )
    return {
        day: _Hours(
            from_ns(opens), from_ns(closes), (from_ns(pause), from_ns(resumes)) if pause else None
        )
        for day, opens, closes, pause, resumes in rows
    }


def _changed(own: _Hours | None, patch: Patch) -> _Hours | None:
    """The session that the patch makes of the calendar's own; None where it closes the day."""
    if patch.opens is None and patch.closes is None:
        return None
    opens = patch.opens or (own.opens if own else None)
    closes = patch.closes or (own.closes if own else None)
    if opens is None or closes is None or closes <= opens:
        return None
    pause = own.pause if own else None
    inside = pause is not None and opens < pause[0] and pause[1] < closes
    return _Hours(opens, closes, pause if inside else None)


def _segment(phase: Phase, starts: datetime, ends: datetime, reason: str) -> Segment:
    return Segment(phase=phase, starts=starts, ends=ends, reason=reason)
