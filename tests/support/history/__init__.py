"""The independent history checker: reads the raw event log and nothing else, and derives what must
have happened.

It knows the rules of the product, not its code: one pod and one agent per desk at a time, a pod
never without the agent that its plan wants for long, exactly one decision per seated desk and
closed bar of its instruments while the plan says trading, every decision settled, no order lost,
doubled or from a stale epoch, books balanced.
"""

from tests.support.history import books, decisions, holding, learning, leases, orders, phases
from tests.support.history.decisions import missing_decisions, unsettled_decisions
from tests.support.history.judgement import Judgement
from tests.support.history.orders import unsettled_orders
from tests.support.history.reading import Event, Log, instant, of, read

__all__ = [
    "Event",
    "Judgement",
    "Log",
    "instant",
    "judge",
    "missing_decisions",
    "of",
    "read",
    "unsettled_decisions",
    "unsettled_orders",
]

RULES = (
    leases.judge,
    phases.judge,
    holding.judge,
    learning.judge,
    decisions.judge,
    orders.judge,
    books.judge,
)


def judge(events: list[Event]) -> Judgement:
    """Apply every rule that needs no point in time up to which things must have settled."""
    judgement = Judgement()
    judgement.counts.update(f"event {event['event']}" for event in events)
    for rule in RULES:
        rule(events, judgement)
    return judgement
