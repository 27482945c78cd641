"""A desk goes live, or back to paper. Live takes three things: the flag, a configured venue, and a
sentence that a person types; nothing defaults to it.
"""

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.auth.dependencies import Caller
from backend.desks.access import RUN_ALL
from backend.errors import Conflict, Forbidden, Invalid
from backend.models import Desk, Order, Position
from backend.state import State
from backend.trading.brokers.choice import LIVE, venue_name
from backend.trading.repository import lock_desk
from backend.trading.states import OPEN
from backend.trading.venues import repository
from backend.trading.venues.schemas import DifferenceView, ModeChange, VenueView


@dataclass(frozen=True)
class Mode:
    """Changes of one desk's mode by a caller."""

    session: AsyncSession
    state: State
    caller: Caller

    async def change(self, desk_id: str, wanted: ModeChange) -> VenueView:
        """Raises Forbidden but for operator and risk, Conflict while live trading is off or the
        desk holds anything, Invalid without the sentence.
        """
        if self.caller.role not in RUN_ALL:
            raise Forbidden("changing a desk's mode takes the role operator or risk")
        desk = await lock_desk(self.session, desk_id)
        assert desk is not None, "the caller has seen it"
        if desk.mode != wanted.mode:
            await self._check(desk, wanted)
            before, desk.mode = desk.mode, wanted.mode
            await self._move_cash(desk)
            await self.session.flush()
            actor = audit.Actor(self.caller.organisation, self.caller.login)
            subject, after = f"desk:{desk.id}", {"mode": desk.mode}
            await audit.record(
                self.session, actor, "mode_changed", subject, before={"mode": before}, after=after
            )
        return await self.view(desk)

    async def view(self, desk: Desk) -> VenueView:
        """The configured venue, and how the books stand there."""
        name = venue_name(self.state.settings)
        rows = await repository.open_differences(self.session, name) if name else []
        return VenueView(
            venue=name,
            mode=desk.mode,
            confirmation=sentence(desk, name) if name else None,
            agreed=not rows,
            differences=[DifferenceView.model_validate(row) for row in rows],
        )

    async def _check(self, desk: Desk, wanted: ModeChange) -> None:
        name = venue_name(self.state.settings)
        if wanted.mode == LIVE and name is None:
            raise Conflict(
                "live trading is off: it takes SHIFTDESK_LIVE=true and SHIFTDESK_BROKER",
                code="live_trading_is_off",
            )
        if await self._holds(desk):
            raise Conflict("close the desk's positions and orders first", code="held")
        if wanted.mode == LIVE and name and wanted.confirmation != sentence(desk, name):
            raise Invalid(
                f"to confirm, type exactly: {sentence(desk, name)}", code="confirmation_needed"
            )

    async def _move_cash(self, desk: Desk) -> None:
        """The desk's cash is the account's from now on, or no more: what is beside it follows."""
        name = venue_name(self.state.settings)
        if name is None:
            return
        amount = -desk.cash if desk.mode == LIVE else desk.cash
        left = await repository.shift_cash(self.session, name, amount)
        if left is not None and left < 0:
            raise Conflict(
                f"the account lacks {-left:,.2f} for the desk's cash of {desk.cash:,.2f}",
                code="account_too_small",
            )

    async def _holds(self, desk: Desk) -> bool:
        """What is held or ordered belongs to the account where it was bought."""
        held = exists().where(Position.desk_id == desk.id, Position.quantity != 0)
        ordered = exists().where(Order.desk_id == desk.id, Order.state.in_([str(s) for s in OPEN]))
        return bool((await self.session.scalars(select(held | ordered))).one())


def sentence(desk: Desk, venue: str) -> str:
    """What a person types to bring the desk to the venue."""
    return f"trade {desk.name} live at {venue}"
