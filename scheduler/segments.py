"""The algebra of segments: gapless, ascending stretches of phases, painted one over another."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec

from ai_pod.contracts.plan import Segment

Segments = tuple[Segment, ...]


def paint(segments: Segments, stretches: Iterable[Segment]) -> Segments:
    """`stretches` laid over `segments`, the later over the earlier, cut to their horizon."""
    for stretch in stretches:
        segments = _laid(segments, stretch)
    return joined(segments)


def joined(segments: Iterable[Segment]) -> Segments:
    """Neighbours that say the same made one."""
    result: list[Segment] = []
    for segment in segments:
        if result and _same(result[-1], segment):
            result[-1] = msgspec.structs.replace(result[-1], ends=segment.ends)
        else:
            result.append(segment)
    return tuple(result)


def differing(before: Sequence[Segment], after: Sequence[Segment]) -> Iterator[tuple[int, int]]:
    """Pairs of indices (before, after) of segments that overlap with different phases, ascending.

    Both cover the same horizon.
    """
    left = right = 0
    while left < len(before) and right < len(after):
        if before[left].phase != after[right].phase:
            yield left, right
        left_ends, right_ends = before[left].ends, after[right].ends
        left += left_ends <= right_ends
        right += right_ends <= left_ends


def clipped(segment: Segment, starts: datetime, ends: datetime) -> Segment:
    """The part of the segment within [starts, ends)."""
    return msgspec.structs.replace(
        segment, starts=max(segment.starts, starts), ends=min(segment.ends, ends)
    )


def _laid(segments: Segments, stretch: Segment) -> Segments:
    top = clipped(stretch, segments[0].starts, segments[-1].ends)
    if top.starts >= top.ends:
        return segments
    before = [s for s in segments if s.starts < top.starts]
    after = [s for s in segments if s.ends > top.ends]
    if before:
        before[-1] = clipped(before[-1], before[-1].starts, top.starts)
    if after:
        after[0] = clipped(after[0], top.ends, after[0].ends)
    return (*before, top, *after)


def _same(one: Segment, other: Segment) -> bool:
    return (one.phase, one.reason, one.override) == (other.phase, other.reason, other.override)
