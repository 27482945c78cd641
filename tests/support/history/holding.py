"""Rules of the switch: trading or learning holds a pod, never both, and where the plan wants one of
them never neither for long.

What holds is taken from the pod's own reports (`agent_activated`, `agent_quiesced`, `agent_ended`),
or where agents tell of it themselves, from every act of theirs (`agent_acted`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf

from tests.support.history.judgement import Judgement
from tests.support.history.reading import Event, instant, of

NEITHER_SECONDS = 15.0
MOST_SLOWNESS = 3.0
"""No machine is so slow that the bound is stretched further."""

HOLDERS = ("trading", "learning")


BEGINS = ("pod_started",)
GONE = ("pod_left", "pod_lost")
"""A pod that has left, or was lost, is wanted no more; one that was killed is to come back."""

ENDS = ("pod_killed", "pod_lost")


@dataclass
class Span:
    """The hold of an agent's process on a pod, in real seconds."""

    pod: str
    agent: str
    pid: int
    starts: float
    ends: float = inf


@dataclass(frozen=True)
class Gap:
    """Time in which nobody held a pod."""

    pod: str
    starts: float
    ends: float

    @property
    def seconds(self) -> float:
        return self.ends - self.starts


def judge(events: list[Event], judgement: Judgement) -> None:
    acted, reported = list(acts(events)), list(reports(events))
    for spans in (acted, reported) if acted else (reported,):
        for pod, agents in _both(spans):
            judgement.fault("one agent a pod", f"{pod}: {agents}")
        for gap in gaps(spans, events):
            if gap.seconds > allowed_seconds(gap, events):
                judgement.fault("never neither", f"{gap.pod} from {gap.starts:.0f}")


def allowed_seconds(gap: Gap, events: list[Event]) -> float:
    """A bound in real time is meant for a machine that has the time: it is stretched as much as
    work was during the gap, where somebody has measured that (`machine_measured`), within limits.
    """
    measured = [
        float(event["slowness"])
        for event in of(events, "machine_measured")
        if gap.starts <= float(event["at"]) <= gap.ends
    ]
    slowness = sum(measured) / len(measured) if measured else 1.0
    return NEITHER_SECONDS * min(max(1.0, slowness), MOST_SLOWNESS)


def longest_gap(events: list[Event], since: float = 0.0) -> float:
    """Real seconds for which a pod that was to be held was not, after the wall time."""
    spans = list(acts(events)) or list(reports(events))
    found = [gap.seconds for gap in gaps(spans, events) if gap.ends >= since]
    return max(found, default=0.0)


def acts(events: list[Event]) -> Iterator[Span]:
    """From the first to the last act of each process in each phase epoch."""
    found: dict[tuple[int, int], Span] = {}
    for event in of(events, "agent_acted"):
        at, key = float(event["at"]), (int(event["pid"]), int(event["phase_epoch"]))
        span = found.setdefault(key, Span(event["pod"], event["agent"], key[0], at))
        span.ends = at
    yield from found.values()


def reports(events: list[Event]) -> Iterator[Span]:
    """From activation until quiet or ended. Learning that is done holds its pod until the next
    phase. A pod's death, or at the latest its next start, ends all of it.
    """
    holding: dict[tuple[str, str], Span] = {}
    done: set[tuple[str, str]] = set()

    def end(keys: Iterable[tuple[str, str]], at: float) -> Iterator[Span]:
        for key in [key for key in keys if key in holding]:
            span = holding.pop(key)
            span.ends = at
            yield span

    for event in events:
        name, at = event["event"], float(event["at"])
        key = (event.get("pod", ""), event.get("agent", ""))
        of_pod = [(key[0], agent) for agent in HOLDERS]
        if name == "agent_activated" and key in of_pod:
            yield from end([key], at)
            holding[key] = Span(*key, int(event.get("pid") or 0), at)
        elif name == "agent_idle":
            done.add(key)
        elif (name == "agent_ended" and key not in done) or name == "agent_quiesced":
            yield from end([key], at)
        elif name == "phase_committed":
            yield from end([key for key in of_pod if key in done], at)
            done -= set(of_pod)
        elif name in (*BEGINS, *ENDS):
            yield from end(of_pod, at)
    yield from holding.values()


def _both(spans: list[Span]) -> Iterator[tuple[str, str]]:
    by_pod: dict[str, list[Span]] = defaultdict(list)
    for span in sorted(spans, key=lambda span: span.starts):
        for other in by_pod[span.pod]:
            same = (other.agent, other.pid) == (span.agent, span.pid)
            if not same and span.starts < other.ends:
                yield span.pod, f"{other.agent} until {other.ends:.3f}, {span}"
        by_pod[span.pod].append(span)


def gaps(spans: list[Span], events: list[Event]) -> Iterator[Gap]:
    """Gaps of each pod from its first hold, or its start if it never held, until the log ends,
    where the plan wanted an agent and the pod was there and not frozen just then.
    """
    if not events:
        return
    excused = [*_excused(events)]
    first = {event["pod"]: float(event["at"]) for event in reversed([*of(events, *BEGINS)])}
    first |= {span.pod: span.starts for span in sorted(spans, key=lambda span: -span.starts)}
    last = max(float(event["at"]) for event in events)
    for pod in sorted(first):
        held = [(span.starts, span.ends) for span in spans if span.pod == pod]
        taken = held + [(starts, ends) for its, starts, ends in excused if its in (pod, "*")]
        yield from _between(pod, first[pod], last, taken)


def _between(
    pod: str, first: float, last: float, taken: list[tuple[float, float]]
) -> Iterator[Gap]:
    """What is left of [first, last] when `taken` is cut out; an instant cuts a gap in two."""
    at = first
    for starts, ends in sorted(taken):
        if starts > at:
            yield Gap(pod, at, min(starts, last))
        at = max(at, ends)
        if at >= last:
            return
    yield Gap(pod, at, last)


def _excused(events: list[Event]) -> Iterator[tuple[str, float, float]]:
    """(pod or * for all, from, until) in real time: pauses of the plan, faults under way, and pods
    that are gone for good.
    """
    for event in of(events, "fault_injected"):
        at = float(event["at"])
        for pod in event.get("pods", ()):
            yield pod, at, at + float(event.get("seconds", 0.0))
    gone: dict[str, float] = {}
    for event in of(events, *BEGINS, *GONE):
        at = float(event["at"])
        if event["event"] in GONE:
            gone.setdefault(event["pod"], at)
        elif event["pod"] in gone:
            yield event["pod"], gone.pop(event["pod"]), at
    yield from ((pod, since, inf) for pod, since in gone.items())
    yield from _not_wanted(events)


def _not_wanted(events: list[Event]) -> Iterator[tuple[str, float, float]]:
    """(pod or *, from, until) in real time over which the newest plan wanted neither agent."""
    for pod, since, until, wanted in wanted_spans(events, HOLDERS):
        yield from ((pod, gap.starts, gap.ends) for gap in _between(pod, since, until, wanted))


def wanted_spans(
    events: list[Event], phases: Iterable[str]
) -> Iterator[tuple[str, float, float, list[tuple[float, float]]]]:
    """Of each plan and pod (or * for all others): from when until when it was the newest, and when
    it wanted one of the phases, in real time.
    """
    plans = list(of(events, "plan_published"))
    if not plans:
        return
    real = _RealTime([event for event in events if "market" in event])
    for number, plan in enumerate(plans):
        since = float(plan["at"])
        until = float(plans[number + 1]["at"]) if number + 1 < len(plans) else inf
        for pod, segments in {"*": plan["segments"], **plan.get("exceptions", {})}.items():
            yield (
                pod,
                since,
                until,
                [
                    (real(instant(segment["starts"])), real(instant(segment["ends"])))
                    for segment in segments
                    if segment["phase"] in phases
                ],
            )


class _RealTime:
    """Market time as real time, by the first and the last event of one clock."""

    def __init__(self, events: list[Event]) -> None:
        early, late = events[0], events[-1]
        self._at, self._market = float(early["at"]), instant(early["market"])
        passed = (instant(late["market"]) - self._market).total_seconds()
        real = float(late["at"]) - self._at
        self._speed = passed / real if real > 0 and passed > 0 else 1.0

    def __call__(self, market: datetime) -> float:
        return self._at + (market - self._market) / timedelta(seconds=1) / self._speed
