"""Rules of decisions: one a desk and bar, under its desk's lease, executed once, none missing."""

from collections import Counter, defaultdict
from datetime import datetime

from tests.support.history.judgement import Judgement
from tests.support.history.leases import seated_spans
from tests.support.history.reading import Event, instant, length_of, of

BOOKED = ("executed", "no_orders", "recorded", "faulted")
"""Outcomes that leave the decision on record as the desk's word on the bar."""


def judge(events: list[Event], judgement: Judgement) -> None:
    _published_once(events, judgement)
    _under_a_lease(events, judgement)
    _in_order(events, judgement)
    _executed_once(events, judgement)
    _passed_over_with_reason(events, judgement)


def _published_once(events: list[Event], judgement: Judgement) -> None:
    """One decision per desk, bar and lease, in the log and in the stream."""
    for name in ("decision_published", "decision_streamed"):
        found = Counter((e["desk"], e["bar_end"], e["lease_epoch"]) for e in of(events, name))
        for key, count in found.items():
            if count > 1:
                judgement.fault("one decision a bar", f"{key} published {count} times")


def _under_a_lease(events: list[Event], judgement: Judgement) -> None:
    """Who decides for a desk was given its seat; nobody makes up a lease."""
    granted = {(e["desk"], e["pod"], int(e["lease_epoch"])) for e in of(events, "desk_seated")}
    for key, event in _signals(events).items():
        lease = (event["desk"], event["pod"], int(event["lease_epoch"]))
        if granted and lease not in granted:
            judgement.fault("decided under a lease", f"{key} {lease}")


def _in_order(events: list[Event], judgement: Judgement) -> None:
    """In the order of the stream: a desk's leases never fall, its bars rise within a lease, and a
    pod's phase epochs never fall.
    """
    leases: dict[str, tuple[int, datetime]] = {}
    phases: dict[str, int] = defaultdict(int)
    for entry, event in sorted(_signals(events).items()):
        lease, end = int(event["lease_epoch"]), instant(event["bar_end"])
        before = leases.get(event["desk"])
        if before is not None and (lease, end) <= before:
            judgement.fault("decisions in order", f"{event['desk']} {(lease, end)} after {before}")
        leases[event["desk"]] = (lease, end)
        pod, phase = event["pod"], int(event["phase_epoch"])
        if phase < phases[pod]:
            judgement.fault("decisions in order", f"{pod}: {entry} of phase {phase}")
        phases[pod] = max(phase, phases[pod])


def _signals(events: list[Event]) -> dict[tuple[int, int], Event]:
    """Published decisions by their place in the stream, which Redis gave."""
    found: dict[tuple[int, int], Event] = {}
    for event in of(events, "decision_published", "decision_streamed"):
        ms, _, number = event.get("entry", "").partition("-")
        if ms:
            found[int(ms), int(number)] = event
    return found


def _executed_once(events: list[Event], judgement: Judgement) -> None:
    """At most once per desk and bar, in order of bars."""
    done: dict[str, datetime] = {}
    for event in of(events, "decision_executed"):
        if event["outcome"] not in BOOKED:
            continue
        desk, bar_end = event["desk"], instant(event["bar_end"])
        if desk in done and bar_end <= done[desk]:
            judgement.fault("executed once, in order", f"{desk} {bar_end} after {done[desk]}")
        done[desk] = bar_end


def _passed_over_with_reason(events: list[Event], judgement: Judgement) -> None:
    """A decision is superseded by what was executed or too old, of a later bar, and expires when it
    is older than a bar at least. A recovered line tells only about when.
    """
    settled = [e for e in of(events, "decision_executed") if e["outcome"] in (*BOOKED, "expired")]
    newest: dict[str, datetime] = {}
    for event in settled:
        end = instant(event["bar_end"])
        newest[event["desk"]] = max(end, newest.get(event["desk"], end))
    lengths = {e["desk"]: length_of(e["interval"]) for e in of(events, "desk_seated")}
    for event in of(events, "decision_executed"):
        desk, end = event["desk"], instant(event["bar_end"])
        if event["outcome"] == "superseded" and end >= newest.get(desk, end):
            judgement.fault("superseded by a later one", f"{desk} {end}")
        told = event["outcome"] == "expired" and desk in lengths and not event.get("recovered")
        if told and instant(event["market"]) - end <= lengths[desk]:
            judgement.fault("expired in time", f"{desk} {end} at {event['market']}")


def missing_decisions(
    events: list[Event], *, until: datetime, after: datetime | None = None
) -> list[tuple[str, str]]:
    """(desk, bar end) of every bar in which one of the desk's instruments traded, that closed in a
    trading segment while the desk was seated and has no decision; a fenced one is none.

    Derived from plan × bars × seats. A desk's first bar is the first to close after it was seated
    (or after its `resume_after`); `until` leaves out bars whose decision may still be under way.
    """
    plans = list(of(events, "plan_published"))
    got = _decided(events)
    absent: list[tuple[str, str]] = []
    spans = list(seated_spans(events))
    for bar in _unique_bars(events):
        end = instant(bar["end"])
        if end > until or (after is not None and end <= after):
            continue
        plan = _plan_at(plans, end)
        for span in spans:
            due = span["interval"] == bar["interval"] and span["instruments"] & bar["instruments"]
            if due and span["starts"] < end <= span["ends"] and _trading(plan, span["pod"], end):
                key = (span["desk"], bar["end"])
                if key not in got:
                    absent.append(key)
    return sorted(set(absent))


def unsettled_decisions(events: list[Event], *, until: datetime) -> list[tuple[str, str]]:
    """(desk, bar end) of published decisions of bars up to `until` that nobody has executed,
    refused or passed over.
    """
    settled = {
        (e["desk"], e["bar_end"], int(e["lease_epoch"])) for e in of(events, "decision_executed")
    }
    return sorted(
        {
            (e["desk"], e["bar_end"])
            for e in of(events, "decision_published", "decision_streamed")
            if instant(e["bar_end"]) <= until
            and (e["desk"], e["bar_end"], int(e["lease_epoch"])) not in settled
        }
    )


def _decided(events: list[Event]) -> set[tuple[str, str]]:
    """(desk, bar end) with a decision under a lease that held, or at least was not refused yet."""
    fenced: set[tuple[str, str, int]] = set()
    got: set[tuple[str, str, int]] = set()
    # A pod killed between publishing and its log line leaves the executor's line as the evidence.
    for event in of(events, "decision_published", "decision_streamed", "decision_executed"):
        key = (event["desk"], event["bar_end"], int(event.get("lease_epoch", 0)))
        (fenced if event.get("outcome") == "fenced" else got).add(key)
    return {(desk, bar_end) for desk, bar_end, _ in got - fenced}


def _unique_bars(events: list[Event]) -> list[Event]:
    bars = {(e["interval"], e["end"]): e for e in of(events, "bars_closed")}
    return [bar | {"instruments": set(bar["instruments"])} for bar in bars.values()]


def _plan_at(plans: list[Event], end: datetime) -> Event:
    """The newest plan published before the bar's end."""
    known = [plan for plan in plans if instant(plan["market"]) <= end] or plans[:1]
    return known[-1] if known else {"segments": []}


def _trading(plan: Event, pod: str, end: datetime) -> bool:
    """Whether the bar ended inside a trading segment of the pod's."""
    segments = plan.get("exceptions", {}).get(pod, plan["segments"])
    return any(
        segment["phase"] == "trading"
        and instant(segment["starts"]) < end <= instant(segment["ends"])
        for segment in segments
    )
