"""Seats that are held ready for the rush at the market's open: as many as the last openings had."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from ai_pod.contracts.plan import Phase, Plan

KEPT = 5
"""Openings before the next one that count: a week of the exchange's."""


def opening_near(plan: Plan, now: datetime, lead: timedelta, rush: timedelta) -> datetime | None:
    """When the pool's trading begins, from `lead` before until `rush` after that; else None."""
    before: Phase | None = None
    near = None
    for segment in plan.segments:
        opens = segment.phase is Phase.TRADING and before is not Phase.TRADING
        if opens and segment.starts - lead <= now < segment.starts + rush:
            near = segment.starts
        before = segment.phase
    return near


def expected(openings: Mapping[str, int], opens: datetime, desks: int) -> int:
    """Desks to expect at the opening: the most of the last ones'.

    While none is on record everyone is expected, all `desks` of the pool: too many once is cheaper
    than too few.
    """
    earlier = sorted(at for at in openings if datetime.fromisoformat(at) < opens)
    return min(max((openings[at] for at in earlier[-KEPT:]), default=desks), desks)


def remembered(openings: Mapping[str, int], opens: datetime, there: int) -> dict[str, int]:
    """The openings with the most desks that were there at this one, and those before it that are
    still asked for while it lasts; older ones are forgotten.
    """
    at = opens.isoformat()
    known = {**openings, at: max(openings.get(at, 0), there)}
    return {key: known[key] for key in sorted(known)[-KEPT - 1 :]}
