"""What a proposed override would change: the plan with it and without it, and the difference."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from ai_pod.contracts.plan import Phase, Plan, Segment
from market.errors import CalendarError
from scheduler.contracts.overrides import Override
from scheduler.contracts.schedule import Change, DayMark, Preview
from scheduler.marks import marks
from scheduler.plan import Inputs, by_calendar, horizon, plan, sessions_for
from scheduler.pools import Pool
from scheduler.segments import Segments, clipped, differing


def preview(pools: Sequence[Pool], inputs: Inputs, proposed: Override, now: datetime) -> Preview:
    """The changes of every pool's plan; of a pool whose calendar does not reach that far only a
    warning.
    """
    changed = replace(inputs, overrides=(*inputs.overrides, proposed))
    changes: list[Change] = []
    found: dict[str, tuple[DayMark, ...]] = {}
    warnings: list[str] = []
    for pool in pools:
        try:
            sessions = sessions_for(pool, now)
        except CalendarError as error:
            warnings.append(f"pool {pool.name} has no plan now: {error}")
            continue
        before = plan(pool, sessions, inputs, now)
        after = plan(pool, sessions, changed, now)
        own = [*_of_pool(before, after), *_of_pods(before, after)]
        if own:
            first, last = min(c.starts for c in own), max(c.ends for c in own)
            found[pool.name] = marks(pool, inputs.patches, first, last)
        changes += own
        calendar = by_calendar(pool, sessions, inputs.patches, now)
        warnings += _closed_exchanges(pool, own, calendar)
        warnings += _kept(before, after)
    warnings += _beyond(proposed, now)
    return Preview(changes=tuple(changes), marks=found, warnings=tuple(dict.fromkeys(warnings)))


def _of_pool(before: Plan, after: Plan) -> Iterator[Change]:
    return _changes(before.pool, None, before.segments, after.segments)


def _of_pods(before: Plan, after: Plan) -> Iterator[Change]:
    """Changes of pods with segments of their own, where they are not the pool's; they stand for
    all that changes for that pod.
    """
    shared = [_told(change) for change in _of_pool(before, after)]
    for pod in sorted({*before.exceptions, *after.exceptions}):
        own = list(_changes(before.pool, pod, before.for_pod(pod), after.for_pod(pod)))
        if [_told(change) for change in own] != shared:
            yield from own


def _told(change: Change) -> tuple[datetime, datetime, Phase, Phase]:
    return change.starts, change.ends, change.before.phase, change.after.phase


def _changes(pool: str, pod: str | None, before: Segments, after: Segments) -> Iterator[Change]:
    for left, right in differing(before, after):
        old, new = before[left], after[right]
        yield Change(
            pool=pool,
            pod=pod,
            starts=max(old.starts, new.starts),
            ends=min(old.ends, new.ends),
            before=old,
            after=new,
        )


def _kept(before: Plan, after: Plan) -> Iterator[str]:
    if not any(_of_pool(before, after)):
        return
    for pod in sorted({*before.exceptions, *after.exceptions}):
        if not any(_changes(before.pool, pod, before.for_pod(pod), after.for_pod(pod))):
            yield f"nothing changes for pod {pod}: an override of its own goes before"


def _closed_exchanges(pool: Pool, changes: list[Change], calendar: Segments) -> Iterator[str]:
    for change in changes:
        if change.after.phase is not Phase.TRADING:
            continue
        for closed in _closed(calendar, change):
            yield (
                f"{change.pod or 'pool ' + pool.name} would trade from {closed.starts:%a %H:%M} to "
                f"{closed.ends:%a %H:%M} UTC while {_exchanges(pool)} closed: no bars come then"
            )


def _closed(calendar: Segments, change: Change) -> Iterator[Segment]:
    for segment in calendar:
        part = clipped(segment, change.starts, change.ends)
        if part.starts < part.ends and part.phase is not Phase.TRADING:
            yield part


def _exchanges(pool: Pool) -> str:
    names = ", ".join(pool.calendars)
    return f"{names} is" if len(pool.calendars) == 1 else f"every exchange of it ({names}) is"


def _beyond(proposed: Override, now: datetime) -> Iterator[str]:
    ends = horizon(now)[1]
    if proposed.ends > ends:
        yield (
            f"the override goes on beyond the plan's horizon ({ends:%Y-%m-%d %H:%M} UTC); "
            "what it changes after that is not shown"
        )
