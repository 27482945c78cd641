"""Which policy line a desk subscribes to: it follows from pool, instruments, interval, profile."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.seats import RiskProfile
from backend.desks import repository
from backend.models import PolicyLine
from market.words import Interval, split_instrument

FIRST_CHAMPION = "rule:equal-weight@1"
"""Trades for a new line until a challenger beats it."""


@dataclass(frozen=True)
class LineKey:
    """What a policy line is for. The order of instruments means nothing."""

    organisation: str
    pool: str
    instruments: Sequence[str]
    interval: Interval
    risk_profile: RiskProfile

    @property
    def id(self) -> str:
        """`POOL/SYM+SYM/INTERVAL/PROFILE`; an instrument of another venue keeps its venue."""
        names = "+".join(self._name(instrument) for instrument in sorted(self.instruments))
        return f"{self.pool}/{names}/{self.interval}/{self.risk_profile}"

    def _name(self, instrument: str) -> str:
        venue, symbol = split_instrument(instrument)
        return symbol if venue == self.pool else instrument


async def line_for(
    session: AsyncSession, key: LineKey, *, champion: str = FIRST_CHAMPION
) -> PolicyLine:
    """The line, made with `champion` if there is none. Organisations never share a line."""
    line = await _add(session, key, key.id, champion)
    if line.organisation_id != key.organisation:
        line = await _add(session, key, f"{key.id}/{key.organisation}", champion)
    return line


async def _add(session: AsyncSession, key: LineKey, line_id: str, champion: str) -> PolicyLine:
    values: dict[str, object] = {
        "id": line_id,
        "organisation_id": key.organisation,
        "pool": key.pool,
        "instruments": sorted(key.instruments),
        "interval": str(key.interval),
        "risk_profile": str(key.risk_profile),
        "champion": champion,
    }
    return await repository.add_line(session, values)
