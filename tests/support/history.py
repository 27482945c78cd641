"""The independent history checker: reads the raw event log and nothing else, and derives what must
have happened.

It knows the rules of the product, not its code: one pod and one agent per desk at a time, exactly
one decision per seated desk and closed bar of its instruments while the plan says trading, no order
lost, doubled or from a stale epoch, books balanced.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

Event = dict[str, Any]


@dataclass
class Judgement:
    """What was found. `faults` is empty when the history is right."""

    faults: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    missing: list[str] = field(default_factory=list)

    def fault(self, rule: str, detail: str) -> None:
        self.counts[rule] += 1
        self.faults.append(f"{rule}: {detail}")


def read(folder: Path) -> list[Event]:
    """All events of all processes, by wall time; a killed process's torn line is left out."""
    return sorted(_told_once(list(_lines(folder))), key=lambda event: float(event["at"]))


def _told_once(events: list[Event]) -> Iterator[Event]:
    """A line that was recovered for a killed process counts only where there is no other."""
    known = {_row(event) for event in events if not event.get("recovered")}
    for event in events:
        if event.get("recovered") and event["event"] != "books":
            if _row(event) in known:
                continue
            known.add(_row(event))
        yield event


def _row(event: Event) -> tuple[Any, ...]:
    names = ("fill", "order", "decision")
    return event["event"], *(event.get(name) for name in names)


def _lines(folder: Path) -> Iterator[Event]:
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text().splitlines():
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                continue


def judge(events: list[Event]) -> Judgement:
    """Apply every rule."""
    judgement = Judgement()
    judgement.counts.update(f"event {event['event']}" for event in events)
    _seats(events, judgement)
    _agents(events, judgement)
    _phases(events, judgement)
    _decisions_doubled(events, judgement)
    _orders(events, judgement)
    _books(events, judgement)
    return judgement


def of(events: list[Event], *names: str) -> Iterator[Event]:
    return (event for event in events if event["event"] in names)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _seats(events: list[Event], judgement: Judgement) -> None:
    """A desk sits on one pod at a time, under rising epochs; a pod has ten seats."""
    where: dict[str, tuple[str, int]] = {}
    epochs: dict[str, int] = defaultdict(int)
    for event in of(events, "desk_seated", "desk_unseated"):
        desk, epoch = event["desk"], int(event["lease_epoch"])
        if event["event"] == "desk_unseated":
            if where.get(desk, ("", 0))[1] == epoch:
                del where[desk]
            continue
        if epoch <= epochs[desk]:
            judgement.fault("lease epoch rises", f"{desk} seated with {epoch} after {epochs[desk]}")
        epochs[desk] = epoch
        where[desk] = (event["pod"], epoch)
        on_pod = sum(1 for pod, _ in where.values() if pod == event["pod"])
        if on_pod > 10:
            judgement.fault("ten seats", f"{event['pod']} holds {on_pod} desks")


def _agents(events: list[Event], judgement: Judgement) -> None:
    """Trading and learning hold a pod one at a time: their phase epochs strictly rise."""
    last: dict[str, int] = defaultdict(int)
    for event in of(events, "phase_committed"):
        pod, epoch = event["pod"], int(event["phase_epoch"])
        if epoch <= last[pod]:
            judgement.fault("phase epoch rises", f"{pod}: {epoch} after {last[pod]}")
        last[pod] = epoch


def _phases(events: list[Event], judgement: Judgement) -> None:
    """A decision is published under the phase epoch of a trading phase of its pod."""
    trading: dict[tuple[str, int], bool] = {}
    for event in of(events, "phase_committed"):
        trading[event["pod"], int(event["phase_epoch"])] = event["phase"] == "trading"
    for event in of(events, "decision_published"):
        key = (event["pod"], int(event["phase_epoch"]))
        if not trading.get(key, False):
            judgement.fault("decisions while trading", f"{event['desk']} {event['bar_end']} {key}")


def _decisions_doubled(events: list[Event], judgement: Judgement) -> None:
    """One decision per desk, bar and lease; executed at most once per desk and bar, in order of
    bars.
    """
    published = Counter(
        (e["desk"], e["bar_end"], e["lease_epoch"]) for e in of(events, "decision_published")
    )
    for key, count in published.items():
        if count > 1:
            judgement.fault("one decision a bar", f"{key} published {count} times")
    done: dict[str, datetime] = {}
    for event in of(events, "decision_executed"):
        if event["outcome"] not in ("executed", "no_orders", "recorded"):
            continue
        desk, bar_end = event["desk"], instant(event["bar_end"])
        if desk in done and bar_end <= done[desk]:
            judgement.fault("executed once, in order", f"{desk} {bar_end} after {done[desk]}")
        done[desk] = bar_end


def missing_decisions(
    events: list[Event], *, until: datetime, after: datetime | None = None
) -> list[tuple[str, str]]:
    """(desk, bar end) of every bar in which one of the desk's instruments traded, that closed in a
    trading segment while the desk was seated and has no decision.

    Derived from plan × bars × seats. A desk's first bar is the first to close after it was seated
    (or after its
    `resume_after`); `until` leaves out bars whose decision may still be under way.
    """
    plans = list(of(events, "plan_published"))
    # A pod killed between publishing and its log line leaves the executor's line as the evidence.
    got = {(e["desk"], e["bar_end"]) for e in of(events, "decision_published", "decision_executed")}
    absent: list[tuple[str, str]] = []
    spans = list(_seated_spans(events))
    for bar in _unique_bars(events):
        end = instant(bar["end"])
        if end > until or (after is not None and end <= after) or not _trading(plans, end):
            continue
        for span in spans:
            due = span["interval"] == bar["interval"] and span["instruments"] & bar["instruments"]
            if due and span["starts"] < end <= span["ends"]:
                key = (span["desk"], bar["end"])
                if key not in got:
                    absent.append(key)
    return sorted(set(absent))


def _unique_bars(events: list[Event]) -> list[Event]:
    bars = {(e["interval"], e["end"]): e for e in of(events, "bars_closed")}
    return [bar | {"instruments": set(bar["instruments"])} for bar in bars.values()]


def _seated_spans(events: list[Event]) -> Iterator[Event]:
    """Market time over which each desk was seated, moves bridged by `resume_after`."""
    ends = {
        (e["desk"], int(e["lease_epoch"])): instant(e["market"])
        for e in of(events, "desk_unseated")
    }
    for event in of(events, "desk_seated"):
        desk, epoch = event["desk"], int(event["lease_epoch"])
        resume = event.get("resume_after")
        later = [
            instant(other["resume_after"] or other["market"])
            for other in of(events, "desk_seated")
            if other["desk"] == desk and int(other["lease_epoch"]) > epoch
        ]
        closes = [ends.get((desk, epoch)), min(later, default=None)]
        yield {
            "desk": desk,
            "interval": event["interval"],
            "instruments": set(event["instruments"]),
            "starts": instant(resume) if resume else instant(event["market"]),
            "ends": min(
                (end for end in closes if end is not None),
                default=datetime.max.replace(tzinfo=instant(event["market"]).tzinfo),
            ),
        }


def _trading(plans: list[Event], end: datetime) -> bool:
    """Whether the newest plan published before the bar's end had it inside a trading segment."""
    known = [plan for plan in plans if instant(plan["market"]) <= end] or plans[:1]
    if not known:
        return False
    return any(
        segment["phase"] == "trading"
        and instant(segment["starts"]) < end <= instant(segment["ends"])
        for segment in known[-1]["segments"]
    )


def _orders(events: list[Event], judgement: Judgement) -> None:
    """Every order once; fills belong to orders and never exceed them; none under a stale lease."""
    submitted: dict[str, Event] = {}
    identities: Counter[str] = Counter()
    for event in of(events, "order_submitted"):
        submitted[event["order"]] = event
        identities[event["client_order_id"]] += 1
    for identity, count in identities.items():
        if count > 1:
            judgement.fault("one order an identity", f"{identity} submitted {count} times")
    _fenced(events, judgement)
    filled: dict[str, Decimal] = defaultdict(Decimal)
    fills: Counter[str] = Counter(e["fill"] for e in of(events, "order_filled"))
    for fill, count in fills.items():
        if count > 1:
            judgement.fault("one fill an identity", f"{fill} {count} times")
    for event in of(events, "order_filled"):
        order = submitted.get(event["order"])
        if order is None:
            judgement.fault("fills have orders", event["fill"])
            continue
        filled[event["order"]] += abs(Decimal(event["quantity"]))
        if filled[event["order"]] > abs(Decimal(order["quantity"])):
            judgement.fault("never overfilled", event["order"])


def _fenced(events: list[Event], judgement: Judgement) -> None:
    """No order is written under a lease that a later one had replaced."""
    current: dict[str, int] = {}
    for event in of(events, "desk_seated", "order_submitted"):
        if event["event"] == "desk_seated":
            current[event["desk"]] = int(event["lease_epoch"])
        elif event.get("lease_epoch") and int(event["lease_epoch"]) < current.get(event["desk"], 0):
            judgement.fault("no order from a stale lease", event["client_order_id"])


def _books(events: list[Event], judgement: Judgement) -> None:
    """Cash, positions and fees follow from the fills, to the cent."""
    cash: dict[str, Decimal] = {}
    fees: dict[str, Decimal] = defaultdict(Decimal)
    held: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    last: dict[str, Event] = {}
    for event in of(events, "books"):
        last[event["desk"]] = event
        cash.setdefault(event["desk"], Decimal(event["starting_cash"]))
    for event in of(events, "order_filled"):
        desk = event["desk"]
        sign = 1 if event["side"] == "buy" else -1
        quantity = abs(Decimal(event["quantity"])) * sign
        cash[desk] = cash.get(desk, Decimal(0)) - quantity * Decimal(event["price"])
        cash[desk] -= Decimal(event["fee"])
        fees[desk] += Decimal(event["fee"])
        held[desk][event["instrument"]] += quantity
    for desk, book in last.items():
        _compare_books(desk, book, cash[desk], fees[desk], held[desk], judgement)


def _compare_books(
    desk: str,
    book: Event,
    cash: Decimal,
    fees: Decimal,
    held: dict[str, Decimal],
    judgement: Judgement,
) -> None:
    if abs(Decimal(book["cash"]) - cash) > Decimal("0.01"):
        judgement.fault("books balance", f"{desk}: cash {book['cash']}, from fills {cash}")
    if abs(Decimal(book["fees"]) - fees) > Decimal("0.01"):
        judgement.fault("books balance", f"{desk}: fees {book['fees']}, from fills {fees}")
    ours = {name: quantity for name, quantity in held.items() if quantity}
    theirs = {name: Decimal(q) for name, q in book["positions"].items() if Decimal(q)}
    if ours != theirs:
        judgement.fault("books balance", f"{desk}: positions {theirs}, from fills {ours}")
