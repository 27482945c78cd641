"""Changing a desk: within bounds, in the right role, on record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.seats import RiskProfile
from backend import quotes
from backend.audit import service as audit
from backend.auth.dependencies import Caller
from backend.database import after_commit
from backend.desks import lines, repository
from backend.desks.changes import Tell
from backend.desks.repository import DeskRow
from backend.desks.schemas import (
    DeskChange,
    DeskView,
    InstrumentsChange,
    InstrumentsView,
    RiskChange,
    RiskView,
    SeatView,
    WaitingView,
)
from backend.errors import Conflict, Forbidden, Invalid, Unavailable
from backend.models import Desk, PolicyLine, Role
from backend.state import State
from market.words import Instrument, Interval, split_instrument

LOOSEN = frozenset({Role.RISK, Role.OPERATOR})


async def view(session: AsyncSession, desk_id: str) -> DeskView:
    return (await views(session, [await repository.row(session, desk_id)]))[0]


async def views(session: AsyncSession, rows: Sequence[DeskRow]) -> list[DeskView]:
    pools = {row.desk.pool for row in rows if row.desk.waiting_since is not None}
    places = await repository.places(session, pools)
    return [_view(row, places.get(row.desk.id)) for row in rows]


@dataclass(frozen=True)
class Editor:
    """Changes a desk on a person's behalf, on record; who works with a copy of the desk is told
    after the commit.
    """

    session: AsyncSession
    state: State
    caller: Caller
    tell: Tell

    async def change(self, desk_id: str, wanted: DeskChange) -> None:
        """Name and automatic trading."""
        desk = await repository.lock(self.session, desk_id)
        await self._apply(desk, "desk_changed", wanted.model_dump(exclude_none=True))

    async def change_risk(self, desk_id: str, wanted: RiskChange) -> RiskView:
        """Raises Forbidden when a trader asks for more than now."""
        desk = await repository.lock(self.session, desk_id)
        check_limits(desk, wanted, self.caller)
        await self._apply(desk, "limits_changed", wanted.model_dump(exclude_none=True))
        return RiskView.model_validate(desk)

    async def change_instruments(self, desk_id: str, wanted: InstrumentsChange) -> InstrumentsView:
        """Raises Invalid for an instrument that is not served, Conflict while one that would go is
        held or ordered.
        """
        served = await quotes.instruments(self.state.redis)
        desk = await repository.lock(self.session, desk_id)
        instruments = sorted(set(wanted.instruments or desk.instruments))
        check_served(instruments, served)
        used = await repository.used_instruments(self.session, desk_id) - set(instruments)
        if used:
            names = ", ".join(sorted(used))
            raise Conflict(f"close position and orders in {names} first", code="held")
        key = lines.LineKey(
            organisation=desk.organisation_id,
            pool=desk.pool,
            instruments=instruments,
            interval=wanted.interval or Interval(desk.interval),
            risk_profile=wanted.risk_profile or RiskProfile(desk.risk_profile),
        )
        line = await lines.line_for(self.session, key)
        values = {
            "instruments": instruments,
            "interval": str(key.interval),
            "risk_profile": str(key.risk_profile),
            "policy_line": line.id,
        }
        await self._apply(desk, "instruments_changed", values)
        return instruments_view(desk, line)

    async def _apply(self, desk: Desk, action: str, values: dict[str, Any]) -> None:
        before = {name: getattr(desk, name) for name in values}
        changed = {name: value for name, value in values.items() if value != before[name]}
        if not changed:
            return
        for name, value in changed.items():
            setattr(desk, name, value)
        await self.session.flush()
        await audit.record(
            self.session,
            audit.Actor(self.caller.organisation, self.caller.login),
            action,
            f"desk:{desk.id}",
            before={name: before[name] for name in changed},
            after=changed,
        )
        after_commit(self.session, lambda: self.tell(self.state, desk.id))


def check_limits(desk: Desk, wanted: RiskChange, caller: Caller) -> None:
    """Raises Forbidden when a trader asks for more than now."""
    values = wanted.model_dump(exclude_none=True)
    looser = [name for name, value in values.items() if value > getattr(desk, name)]
    if looser and caller.role not in LOOSEN:
        names = ", ".join(looser)
        raise Forbidden(f"loosening {names} takes the role risk", code="limit_loosened")


def instruments_view(desk: Desk, line: PolicyLine | None) -> InstrumentsView:
    return InstrumentsView(
        instruments=desk.instruments,
        interval=Interval(desk.interval),
        risk_profile=RiskProfile(desk.risk_profile),
        policy_line=desk.policy_line,
        policy_version=line.champion if line else None,
    )


def check_served(instruments: Sequence[str], served: Mapping[str, Instrument]) -> None:
    """Raises Invalid for an instrument that is not among them, Unavailable when none are."""
    for instrument in instruments:
        try:
            split_instrument(instrument)
        except ValueError as error:
            raise Invalid(str(error), code="unknown_instrument") from error
    if not served:
        raise Unavailable("the market serves no instruments yet; try again", code="market_away")
    unknown = sorted(set(instruments) - served.keys())
    if unknown:
        known = ", ".join(sorted(served)[:12])
        raise Invalid(f"unknown: {', '.join(unknown)}; served: {known}", code="unknown_instrument")


def _view(row: DeskRow, place: int | None) -> DeskView:
    desk, waiting = row.desk, None
    if desk.waiting_since is not None and place is not None:
        waiting = WaitingView(since=desk.waiting_since, place=place)
    return DeskView(
        id=desk.id,
        name=desk.name,
        owner=row.owner,
        currency=desk.currency,
        mode=desk.mode,
        automatic=desk.automatic,
        pool=desk.pool,
        instruments=desk.instruments,
        interval=Interval(desk.interval),
        risk_profile=RiskProfile(desk.risk_profile),
        policy_line=desk.policy_line,
        policy_version=row.champion,
        starting_cash=desk.starting_cash,
        cash=desk.cash,
        fees=desk.fees,
        limits=RiskView.model_validate(desk),
        seat=SeatView.model_validate(row.seat) if row.seat else None,
        waiting=waiting,
        last_bar_end=desk.last_bar_end,
        created_at=desk.created_at,
    )
