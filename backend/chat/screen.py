"""What the client says is on screen, bound to what the caller may see: ids become the records."""

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.learning import VerdictReached
from ai_pod.contracts.screen import Screen, ShownSignal
from ai_pod.contracts.signals import Signal
from backend.auth.dependencies import Caller
from backend.chat.schemas import OnScreen
from backend.errors import NotFound
from backend.learning import repository as learning
from backend.models import Verdict
from backend.signals import service as signals


async def bound_screen(session: AsyncSession, caller: Caller, shown: OnScreen) -> Screen:
    """Raises NotFound for a signal of a desk that the caller may not look at, or a verdict that is
    not of the organisation.
    """
    signal = await _signal(session, caller, shown.signal) if shown.signal else None
    verdict = await _verdict(session, caller, shown.verdict) if shown.verdict else None
    return Screen(
        route=shown.route,
        instrument=signal.signal.instrument if signal else shown.instrument,
        signal=signal,
        verdict=verdict,
        since=shown.since,
        until=shown.until,
    )


async def _signal(session: AsyncSession, caller: Caller, signal_id: str) -> ShownSignal:
    found = signals.view(await signals.seen(session, caller, signal_id, None))
    return ShownSignal(
        id=found.id,
        bar_end=found.bar_end,
        signal=msgspec.convert(found, Signal, from_attributes=True),
        outcome=found.outcome,
        synthetic=found.synthetic,
    )


async def _verdict(session: AsyncSession, caller: Caller, verdict_id: str) -> VerdictReached:
    row = await learning.verdict(session, caller.organisation, verdict_id)
    if row is None:
        raise NotFound(f"there is no verdict {verdict_id!r}", code="verdict_not_found")
    told = {name: getattr(row, name) for name in _TOLD}
    return msgspec.convert(told | {"organisation": row.organisation_id}, VerdictReached)


_TOLD = {column.key for column in Verdict.__table__.columns} - {"equity"}
"""Nobody talks about lines by their points."""
