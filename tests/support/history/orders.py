"""Rules of orders and fills: each once, none lost, none from a stale lease."""

from collections import Counter, defaultdict
from decimal import Decimal

from tests.support.history.judgement import Judgement
from tests.support.history.reading import Event, instant, of


def judge(events: list[Event], judgement: Judgement) -> None:
    submitted = {event["order"]: event for event in of(events, "order_submitted")}
    _each_once(events, judgement)
    _fenced(events, judgement)
    _none_lost(events, judgement)
    _fills(events, submitted, judgement)


def _each_once(events: list[Event], judgement: Judgement) -> None:
    rows = (
        ("one order an identity", "order_submitted", "client_order_id"),
        ("one fill an identity", "order_filled", "fill"),
        ("an order ends once", "order_ended", "order"),
    )
    for rule, name, field in rows:
        for identity, count in Counter(event[field] for event in of(events, name)).items():
            if count > 1:
                judgement.fault(rule, f"{identity} {count} times")


def _fenced(events: list[Event], judgement: Judgement) -> None:
    """No order is written under a lease that a later one had replaced."""
    current: dict[str, int] = {}
    for event in of(events, "desk_seated", "order_submitted"):
        if event["event"] == "desk_seated":
            current[event["desk"]] = int(event["lease_epoch"])
        elif event.get("lease_epoch") and int(event["lease_epoch"]) < current.get(event["desk"], 0):
            judgement.fault("no order from a stale lease", event["client_order_id"])


def _none_lost(events: list[Event], judgement: Judgement) -> None:
    """A decision that led to orders has just so many, of its own desk, bar and lease."""
    ordered: Counter[tuple[str, str, int]] = Counter(
        (e["desk"], e["bar_end"], int(e["lease_epoch"]))
        for e in of(events, "order_submitted")
        if e.get("lease_epoch")
    )
    executed: Counter[tuple[str, str, int]] = Counter()
    for event in of(events, "decision_executed"):
        if event["outcome"] == "executed":
            key = (event["desk"], event["bar_end"], int(event["lease_epoch"]))
            executed[key] += int(event["orders"])
    for key in executed.keys() | ordered.keys():
        if executed[key] != ordered[key]:
            told = f"{key}: {ordered[key]} orders, its decision told of {executed[key]}"
            judgement.fault("no order lost", told)


def _fills(events: list[Event], submitted: dict[str, Event], judgement: Judgement) -> None:
    """Fills belong to orders, never exceed them, and are of bars after the decision's."""
    filled: dict[str, Decimal] = defaultdict(Decimal)
    for event in of(events, "order_filled"):
        order = submitted.get(event["order"])
        if order is None:
            judgement.fault("fills have orders", event["fill"])
            continue
        filled[event["order"]] += abs(Decimal(event["quantity"]))
        if filled[event["order"]] > abs(Decimal(order["quantity"])):
            judgement.fault("never overfilled", event["order"])
        decided, filled_at = order.get("bar_end"), event.get("bar_end")
        if decided and filled_at and instant(filled_at) <= instant(decided):
            judgement.fault("fills come after the decision", f"{event['fill']} {filled_at}")
