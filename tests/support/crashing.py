"""A process that ends after its n-th effect: an order or a cancellation that the venue has and
whose answer nobody reads, executions that were read and not booked, or a commit that wrote
something, after which nothing else happens. Ending after a mere look is ending after the effect
before it.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker
from sqlalchemy.orm import ORMExecuteState, Session

from backend.database import Sessions
from backend.trading.brokers.port import Account, Report, Request, Venue, VenueFill


class Crash(BaseException):
    """The process is gone."""


@dataclass
class Countdown:
    """Raises Crash at the effect number `last` (from 1 on); never for 0."""

    last: int = 0
    done: int = 0

    def count(self) -> None:
        self.done += 1
        if self.done == self.last:
            raise Crash


class CrashingVenue:
    """A venue of which the caller may not live to see the answer."""

    def __init__(self, venue: Venue, countdown: Countdown) -> None:
        self._venue = venue
        self._countdown = countdown
        self.name, self.doubt_seconds = venue.name, venue.doubt_seconds

    def refusal(self, request: Request) -> str | None:
        return self._venue.refusal(request)

    async def send(self, request: Request) -> Report:
        return self._told(await self._venue.send(request))

    async def find(self, client_order_id: str, instrument: str, /) -> Report | None:
        return await self._venue.find(client_order_id, instrument)

    async def cancel(self, report: Report) -> None:
        self._told(await self._venue.cancel(report))

    async def open_orders(self) -> Sequence[Report]:
        return await self._venue.open_orders()

    async def fills(self, report: Report, since: datetime) -> Sequence[VenueFill]:
        return self._told(await self._venue.fills(report, since))

    async def account(self) -> Account:
        return await self._venue.account()

    def updates(self) -> AsyncGenerator[str, None]:
        return self._venue.updates()

    async def close(self) -> None:
        await self._venue.close()

    def _told(self, answer: Any) -> Any:
        self._countdown.count()
        return answer


def crashing_sessions(engine: AsyncEngine, countdown: Countdown) -> Sessions:
    """Sessions whose commit may be the last that happens."""

    class ItsSession(Session):
        pass

    @event.listens_for(ItsSession, "after_flush")
    def _flushed(session: Session, _context: object) -> None:
        """Setting what is set already makes a row dirty, and writes nothing."""
        if session.new or session.deleted or any(map(session.is_modified, session.dirty)):
            session.info["wrote"] = True

    @event.listens_for(ItsSession, "do_orm_execute")
    def _executed(execution: ORMExecuteState) -> None:
        if not execution.is_select:
            execution.session.info["wrote"] = True

    @event.listens_for(ItsSession, "after_commit")
    def _committed(session: Session) -> None:
        if session.info.pop("wrote", False):
            countdown.count()

    return async_sessionmaker(engine, expire_on_commit=False, sync_session_class=ItsSession)
