"""Where our books and the venue's differ. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from backend.models.venue_holding import CASH
from backend.trading.brokers.port import Account

ZERO = Decimal(0)


@dataclass(frozen=True)
class Difference:
    """`subject` is an order's id, an instrument, or `cash`; `gap` is theirs less ours."""

    kind: str
    subject: str
    ours: str
    theirs: str
    gap: Decimal = ZERO


@dataclass(frozen=True)
class Ours:
    """Our side: all desks' cash and positions, what the account holds beside them, and the ids of
    open orders that the venue ought to know and does not.
    """

    cash: Decimal
    positions: Mapping[str, Decimal]
    beside: Mapping[str, Decimal]
    missing: Collection[str] = ()


def differences(
    ours: Ours, theirs: Account, foreign: Collection[str], tolerance: Decimal
) -> list[Difference]:
    """All of them; `foreign` are the venue's open orders that are not ours. Cash may differ by the
    tolerance: venues round.
    """
    found = [Difference("order", order, "open", "unknown") for order in sorted(ours.missing)]
    found += [Difference("order", order, "unknown", "open") for order in sorted(foreign)]
    for name in sorted({*ours.positions, *theirs.positions, *ours.beside} - {CASH}):
        held = ours.positions.get(name, ZERO) + ours.beside.get(name, ZERO)
        there = theirs.positions.get(name, ZERO)
        if held != there:
            found.append(_amount("position", name, held, there))
    cash = ours.cash + ours.beside.get(CASH, ZERO)
    if abs(cash - theirs.cash) > tolerance:
        found.append(_amount("cash", CASH, cash, theirs.cash))
    return found


def claimable(difference: Difference, beside: Decimal) -> bool:
    """What is beyond our books can be taken as held beside them. What they lack at the venue
    cannot: an order of ours that it does not know, units or money that a desk believes to have.
    """
    if difference.kind == "order":
        return difference.ours == "unknown"
    after = beside + difference.gap
    if difference.kind == "cash":
        return after >= 0
    return after == 0 or after * Decimal(difference.theirs) > 0


def _amount(kind: str, subject: str, ours: Decimal, theirs: Decimal) -> Difference:
    return Difference(kind, subject, f"{ours:f}", f"{theirs:f}", theirs - ours)
