"""The kill switch, and REDUCING by hand: for one desk, or for the whole organisation."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.auth.dependencies import Caller
from backend.database import after_commit
from backend.desks.access import RUN_ALL
from backend.errors import Forbidden, NotFound
from backend.state import State
from backend.trading import condition_rows, conditions, repository, settling
from backend.trading.announce import announce
from backend.trading.cancelling import cancel
from backend.trading.conditions import Claim
from backend.trading.desk_states import Cause
from backend.trading.ledger import Ledger
from backend.trading.schemas import KillSwitchView, ReducingView


@dataclass(frozen=True)
class KillSwitch:
    """Pulled or lifted, for one desk or (`desk` None) for the whole organisation. It latches in
    Postgres: neither time nor a restart lifts it.
    """

    caller: Caller
    desk: str | None
    reason: str = ""

    async def pull(self, session: AsyncSession, state: State) -> KillSwitchView:
        """Nothing more is ordered, and what is open is cancelled, until somebody lifts it."""
        ledgers = await self._ledgers(session)
        reason = self.reason or f"by {self.caller.login}"
        await self._set(session, ledgers, halted=True, reason=reason)
        cancelled = sum(len(ledger.open_orders) for ledger in ledgers)
        for ledger in ledgers:
            await self._settle(session, state, ledger)
            for order in list(ledger.open_orders):
                cancel(ledger, order, state.clock.now(), reason="halted")
        await self._finish(session, state, ledgers, "kill_switch_pulled", reason)
        return self._view(halted=True, reason=reason, cancelled=cancelled)

    async def lift(self, session: AsyncSession, state: State) -> KillSwitchView:
        """Conditions hold on. Raises Forbidden for a trader whose desk somebody else has halted."""
        ledgers = await self._ledgers(session)
        desk = ledgers[0].desk if self.desk is not None else None
        foreign = desk is not None and desk.halted and desk.halted_by != self.caller.login
        if foreign and self.caller.role not in RUN_ALL:
            raise Forbidden("somebody else has pulled it; lifting it takes the role risk")
        await self._set(session, ledgers, halted=False, reason="")
        for ledger in ledgers:
            await self._settle(session, state, ledger)
        await self._finish(session, state, ledgers, "kill_switch_lifted", self.reason)
        return self._view(halted=False, reason="", cancelled=0)

    async def _ledgers(self, session: AsyncSession) -> list[Ledger]:
        """The desks it is about, locked: an order in the making comes before or after."""
        if self.desk is not None:
            return [await opened(session, self.desk)]
        desks = await repository.lock_desks(session, self.caller.organisation)
        return [await Ledger.of(session, desk) for desk in desks]

    async def _set(
        self, session: AsyncSession, ledgers: list[Ledger], *, halted: bool, reason: str
    ) -> None:
        if self.desk is not None:
            desk = ledgers[0].desk
            desk.halted, desk.halt_reason = halted, reason
            desk.halted_by = self.caller.login if halted else ""
        else:
            owner = await repository.organisation(session, self.caller.organisation)
            owner.halted, owner.halt_reason = halted, reason
        await session.flush()

    async def _settle(self, session: AsyncSession, state: State, ledger: Ledger) -> None:
        settling.move(
            ledger, await condition_rows.standing(session, ledger.desk), state.clock.now()
        )

    async def _finish(
        self, session: AsyncSession, state: State, ledgers: list[Ledger], action: str, reason: str
    ) -> None:
        await session.flush()
        subject = f"desk:{self.desk}" if self.desk else f"organisation:{self.caller.organisation}"
        actor = audit.Actor(self.caller.organisation, self.caller.login)
        await audit.record(session, actor, action, subject, after={"reason": reason})
        changes = [ledger.changes for ledger in ledgers]
        after_commit(session, lambda: announce(state, changes))

    def _view(self, *, halted: bool, reason: str, cancelled: int) -> KillSwitchView:
        scope = "desk" if self.desk else "all"
        return KillSwitchView(scope=scope, halted=halted, reason=reason, cancelled_orders=cancelled)


@dataclass(frozen=True)
class Reducing:
    """By hand: one desk, or (`desk` None) the whole organisation, may only reduce for now."""

    caller: Caller
    desk: str | None
    reason: str = ""

    async def begin(self, session: AsyncSession, state: State) -> ReducingView:
        context = {"by": self.caller.login, "reason": self.reason or "-"}
        claim = self._claim(context)
        await conditions.begun(session, state.clock, claim)
        after_commit(session, lambda: settle(state, claim.scope))
        return self._view(reducing=True)

    async def end(self, session: AsyncSession, state: State) -> ReducingView:
        """Raises Forbidden for a trader on what somebody else has begun."""
        claim = self._claim({})
        row = await condition_rows.open_one(session, claim.scope, claim.cause, claim.source)
        if row is not None:
            foreign = row.context.get("by") != self.caller.login
            if foreign and self.caller.role not in RUN_ALL:
                raise Forbidden("somebody else has begun it; ending it takes the role risk")
            await conditions.close(session, state.clock, row, self.caller.login)
        after_commit(session, lambda: settle(state, claim.scope))
        return self._view(reducing=False)

    def _claim(self, context: dict[str, str]) -> Claim:
        desk, organisation = self.desk, self.caller.organisation
        own = conditions.desk_scope(desk) if desk else conditions.organisation_scope(organisation)
        return Claim(own, Cause.BY_HAND, context=context, actor=self.caller.login)

    def _view(self, *, reducing: bool) -> ReducingView:
        scope = "desk" if self.desk else "all"
        return ReducingView(scope=scope, reducing=reducing, reason=self.reason)


async def end_condition(session: AsyncSession, state: State, caller: Caller, its_id: str) -> None:
    """A condition of the organisation ends by hand; whoever finds its cause again begins another.
    A drawdown is counted from what the desk is worth now. Raises NotFound.
    """
    row = await condition_rows.locked(session, its_id, caller.organisation)
    if row is None:
        raise NotFound(f"there is no condition {its_id!r}", code="condition_not_found")
    if row.cleared_at is not None:
        return
    if row.cause == Cause.DRAWDOWN:
        await _forget_peak(session, row.scope.partition(":")[2])
    await conditions.close(session, state.clock, row, caller.login)
    scope = row.scope
    after_commit(session, lambda: settle(state, scope))


async def settle(state: State, scope: str) -> None:
    """After the commit; the loop heals what fails."""
    await settling.settle(state, scope)


async def opened(session: AsyncSession, desk_id: str) -> Ledger:
    """The desk's books, locked. Raises NotFound."""
    ledger = await Ledger.open(session, desk_id)
    if ledger is None:
        raise NotFound(f"there is no desk {desk_id!r}", code="desk_not_found")
    return ledger


async def _forget_peak(session: AsyncSession, desk: str) -> None:
    ledger = await opened(session, desk)
    marked = await repository.last_equity(session, desk)
    ledger.desk.peak_equity = ledger.equity({}) if marked is None else marked
