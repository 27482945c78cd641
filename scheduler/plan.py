"""The heart: which phase holds a pool from when until when, as a pure function of the calendars,
the patches, the overrides and the hour.

Precedence, highest first: live override (of a pod over of its pool over of all; the newer among
equals) → patch → exchange calendar and learning windows → learning.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ai_pod.contracts.plan import Phase, Plan, Segment
from market.calendars import Sessions, to_ns, trading_sessions
from scheduler.contracts.overrides import Override, Patch
from scheduler.hours import layers
from scheduler.pools import Pool
from scheduler.segments import Segments, paint

HOUR = timedelta(hours=1)
PAST = timedelta(hours=24)
AHEAD = timedelta(days=7)
MARGIN = timedelta(days=2)
"""Sessions beyond the horizon that are looked at; a market session may begin on another date."""

HORIZONS = 1_000_000
"""Versions per revision of the inputs; the hours since 1970 tell them apart (until 2084)."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Inputs:
    """What people decided, and the revision that covers all of it."""

    revision: int
    overrides: tuple[Override, ...] = ()
    patches: tuple[Patch, ...] = ()


def plan(
    pool: Pool,
    sessions: Mapping[str, Sessions],
    inputs: Inputs,
    now: datetime,
    ahead: timedelta = AHEAD,
) -> Plan:
    """The pool's plan from 24 h before the hour of `now` to `ahead` of it: 7 days are published,
    people look further.

    `sessions` holds the pool's calendars over that horizon and two days around it (`sessions_for`
    loads them). All instants of one hour give the same plan, so that replicas agree.
    """
    starts, ends = horizon(now, ahead)
    base = by_calendar(pool, sessions, inputs.patches, now, ahead)
    shared = _of(inputs.overrides, ("all", f"pool:{pool.name}"))
    segments = paint(base, _imposed(shared))
    own: dict[str, list[Override]] = {}
    for override in inputs.overrides:
        kind, _, pod = override.scope.partition(":")
        if kind == "pod" and override.starts < ends and _until(override) > starts:
            own.setdefault(pod, []).append(override)
    return Plan(
        pool=pool.name,
        version=version(inputs.revision, now),
        computed_at=starts + PAST,
        segments=segments,
        exceptions={
            pod: paint(segments, _imposed(_of(overrides, (f"pod:{pod}",))))
            for pod, overrides in sorted(own.items())
        },
        warm_up_seconds=pool.warm_up_seconds,
        flush_seconds=pool.flush_seconds,
    )


def by_calendar(
    pool: Pool,
    sessions: Mapping[str, Sessions],
    patches: Iterable[Patch],
    now: datetime,
    ahead: timedelta = AHEAD,
) -> Segments:
    """The plan as it is without overrides."""
    starts, ends = horizon(now, ahead)
    nothing = Segment(phase=Phase.LEARNING, starts=starts, ends=ends, reason="market closed")
    near = (to_ns(starts - MARGIN), to_ns(ends + MARGIN))
    said = layers({name: those.slice(*near) for name, those in sessions.items()}, patches)
    windows = _learning_windows(pool, starts, ends)
    return paint((nothing,), [*said.closed, *said.pauses, *said.regular, *windows, *said.patched])


def horizon(now: datetime, ahead: timedelta = AHEAD) -> tuple[datetime, datetime]:
    """[starts, ends) of a plan made at `now`."""
    hour = _EPOCH + (now - _EPOCH) // HOUR * HOUR
    return hour - PAST, hour + ahead


def version(revision: int, now: datetime) -> int:
    """Rises with the revision, and within one revision with the hours of market time."""
    return revision * HORIZONS + (now - _EPOCH) // HOUR


def revision_of(plan_version: int) -> int:
    """The revision of the inputs that a plan's version carries."""
    return plan_version // HORIZONS


def sessions_for(pool: Pool, now: datetime, ahead: timedelta = AHEAD) -> dict[str, Sessions]:
    """The pool's calendars over the horizon. Raises CalendarError where one does not cover it."""
    starts, ends = horizon(now, ahead)
    first, last = (starts - MARGIN).date(), (ends + MARGIN).date()
    return {name: trading_sessions(name, first, last) for name in pool.calendars}


def _of(overrides: Iterable[Override], scopes: tuple[str, ...]) -> list[Override]:
    """Those of the scopes, weakest first: by the order of `scopes`, then by age."""
    chosen = [override for override in overrides if override.scope in scopes]
    return sorted(chosen, key=lambda override: (scopes.index(override.scope), override.revision))


def _imposed(overrides: Iterable[Override]) -> Iterator[Segment]:
    for override in overrides:
        yield Segment(
            phase=override.phase,
            starts=override.starts,
            ends=_until(override),
            reason=f"override: {override.reason}",
            override=override.id,
        )


def _until(override: Override) -> datetime:
    return override.ends if override.ended_at is None else min(override.ended_at, override.ends)


def _learning_windows(pool: Pool, starts: datetime, ends: datetime) -> Iterator[Segment]:
    days = range((ends - starts).days + 3)
    for day in (starts.date() + timedelta(days=n - 1) for n in days):
        for window in pool.learning_windows:
            span = window.on(day)
            if span is not None:
                yield Segment(
                    phase=Phase.LEARNING, starts=span[0], ends=span[1], reason="learning window"
                )
