"""Rules of orders and fills: each once, none lost, none from a stale lease."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from decimal import Decimal

from tests.support.history.judgement import Judgement
from tests.support.history.reading import Event, instant, of

FILLED_BY = "1m"
"""The bars that orders are filled by, and how long one is."""

FILLING_BAR = timedelta(minutes=1)


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
    """No order is written under a lease that has been given up, or that a later one replaced."""
    least: dict[str, int] = defaultdict(int)
    for event in of(events, "desk_seated", "desk_unseated", "order_submitted"):
        desk, epoch = event["desk"], int(event.get("lease_epoch") or 0)
        if event["event"] == "order_submitted":
            if epoch and epoch < least[desk]:
                judgement.fault("no order from a stale lease", event["client_order_id"])
        else:
            least[desk] = max(least[desk], epoch + (event["event"] == "desk_unseated"))


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


def unsettled_orders(events: list[Event], *, until: datetime) -> list[tuple[str, str]]:
    """(desk, client order id) of decisions' orders that are neither filled nor ended, though a bar
    of their instrument that started after the decision had closed by `until`. Decisions give market
    orders alone, which the first such bar fills; other orders may wait for a price.
    """
    starts: dict[str, datetime] = {}
    for bar in of(events, "bars_closed"):
        if bar["interval"] == FILLED_BY and instant(bar["end"]) <= until:
            for name in bar["instruments"]:
                start = instant(bar["end"]) - FILLING_BAR
                starts[name] = max(start, starts.get(name, start))
    filled: dict[str, Decimal] = defaultdict(Decimal)
    for event in of(events, "order_filled"):
        filled[event["order"]] += abs(Decimal(event["quantity"]))
    given_up = {e["order"] for e in of(events, "order_ended") if e["state"] != "filled"}
    return sorted(
        (order["desk"], order["client_order_id"])
        for order in of(events, "order_submitted")
        if order.get("bar_end")
        and order["instrument"] in starts
        and instant(order["bar_end"]) <= starts[order["instrument"]]
        and filled[order["order"]] < abs(Decimal(order["quantity"]))
        and order["order"] not in given_up
    )
