"""The rule of learning: where the plan wants it, it starts. Its segments may each be shorter than
the time that a switch may take, so those without it are added up.
"""

from collections.abc import Iterator

from tests.support.history import holding
from tests.support.history.judgement import Judgement
from tests.support.history.reading import Event, of

BEFORE_SECONDS = holding.NEITHER_SECONDS
"""A fault so long before a segment may still be what learning waits for."""

SHARED = ("redis",)
"""Victims without which no pod starts or hands off."""


def judge(events: list[Event], judgement: Judgement) -> None:
    held = [span for span in holding.reports(events) if span.agent == "learning"]
    for pod in sorted({event["pod"] for event in of(events, *holding.BEGINS)}):
        learned = [span for span in held if span.pod == pod]
        for gap in _without(pod, learned, events):
            judgement.fault("learning starts", f"{pod}: none since {gap.starts:.0f}")


def _without(pod: str, learned: list[holding.Span], events: list[Event]) -> Iterator[holding.Gap]:
    """Where quiet segments without learning add up to more than a switch may take."""
    troubles = [*_troubles(pod, events)]
    since = total = 0.0
    for starts, ends in _segments(pod, events):
        if any(span.starts < ends and span.ends > starts for span in learned):
            total = 0.0
        elif not any(at < ends and over > starts - BEFORE_SECONDS for at, over in troubles):
            since = since if total else starts
            total += ends - starts
            gap = holding.Gap(pod, since, ends)
            if total > holding.allowed_seconds(gap, events):
                total = 0.0
                yield gap


def _segments(pod: str, events: list[Event]) -> list[tuple[float, float]]:
    """When the newest plan wanted the pod to learn, in real time; those that are over."""
    last = float(events[-1]["at"])
    plans = [*holding.wanted_spans(events, ("learning",))]
    own = {since for its, since, _, _ in plans if its == pod}
    return sorted(
        (max(starts, since), min(ends, until))
        for its, since, until, wanted in plans
        if its == pod or (its == "*" and since not in own)
        for starts, ends in wanted
        if max(starts, since) < min(ends, until) <= last
    )


def _troubles(pod: str, events: list[Event]) -> Iterator[tuple[float, float]]:
    """When the pod was not there yet, or no more, or a fault concerned it, in real time."""
    yield float("-inf"), min(float(e["at"]) for e in of(events, *holding.BEGINS) if e["pod"] == pod)
    for event in of(events, *holding.BEGINS, *holding.ENDS, *holding.GONE):
        if event["pod"] == pod:
            at = float(event["at"])
            yield at, float("inf") if event["event"] in holding.GONE else at
    for event in of(events, "fault_injected"):
        if event["victim"] in (pod, *SHARED):
            at = float(event["at"])
            yield at, at + float(event.get("seconds", 0.0))
