"""Settling: a desk's orders follow its state. What a kill switch or a condition forbids is
cancelled, once the desk is locked, and the new state is announced.
"""

from datetime import datetime
from decimal import Decimal

from backend.database import after_commit, transaction
from backend.leader import run_once
from backend.models import Order, RiskState
from backend.state import State
from backend.trading import condition_rows
from backend.trading.announce import announce
from backend.trading.cancelling import cancel
from backend.trading.desk_states import TRANSITIONS, Standing, triggers
from backend.trading.ledger import Ledger, Notice, remaining

LOOP = "desk-states"
PERIOD_SECONDS = 1.0
DESKS_AT_ONCE = 200
ZERO = Decimal(0)

_NOTICES: dict[RiskState, tuple[str, str]] = {
    RiskState.ACTIVE: ("info", "The desk trades again."),
    RiskState.REDUCING: ("warning", "The desk may only make positions smaller"),
    RiskState.HALTED: ("error", "The desk is halted: nothing is ordered until it is lifted"),
}


async def run(state: State) -> None:
    """Settle whatever is not, for ever, in one back end: what a crash or a failure left."""

    async def step(its: State) -> None:
        await settle(its)

    await run_once(state, LOOP, step, period_seconds=PERIOD_SECONDS)


async def settle(state: State, scope: str | None = None) -> int:
    """Bring the desks of a scope, or all, to the state that holds now; how many were moved."""
    moved = 0
    while True:
        async with transaction(state.sessions) as session:
            desks = await condition_rows.unsettled(session, scope, DESKS_AT_ONCE)
        for desk in desks:
            moved += await _settle(state, desk)
        if len(desks) < DESKS_AT_ONCE:
            return moved


async def _settle(state: State, desk: str) -> bool:
    async with transaction(state.sessions) as session:
        ledger = await Ledger.open(session, desk)
        if ledger is None:
            return False
        standing = await condition_rows.standing(session, ledger.desk)
        if not move(ledger, standing, state.clock.now()):
            return False
        await session.flush()
        after_commit(session, lambda: announce(state, [ledger.changes]))
    return True


def move(ledger: Ledger, standing: Standing, at: datetime) -> bool:
    """Bring a locked desk to where it belongs, cancelling what it may not have open there; False
    when it is there already.
    """
    desk, before = ledger.desk, RiskState(ledger.desk.state)
    now = before
    for trigger in triggers(before, standing):
        now = TRANSITIONS.after(now, trigger)
    if now is before:
        return False
    desk.state = now
    unwanted = list(ledger.open_orders) if now is RiskState.HALTED else opening(ledger)
    for order in unwanted if now is not RiskState.ACTIVE else ():
        cancel(ledger, order, at, reason=str(now))
    severity, text = _NOTICES[now]
    said = f"{text} ({standing.why})." if standing.why else text
    ledger.changes.notices.append(Notice(f"desk_{now}", said, severity, at))
    return True


def opening(ledger: Ledger) -> list[Order]:
    """Open orders that would not only make a position smaller, all that stay counted together: of
    those that exclude each other the largest. The venue sees to it that reduce-only ones do.
    """
    held, found = ledger.quantities(), list[Order]()
    taken = dict[tuple[str, str], Decimal]()
    for order in ledger.open_orders:
        group = (order.instrument, f"{order.oco_group or order.id} {order.side}")
        signed, already = remaining(order), taken.get(group, ZERO)
        before = held.get(order.instrument, ZERO) - already
        if before * signed < 0 and abs(signed) <= abs(before):
            taken[group] = max(signed, already, key=abs)
            held[order.instrument] = before + taken[group]
        elif not order.reduce_only:
            found.append(order)
    return found
