"""Taking, moving and giving up seats: each a new lease epoch in one transaction, and on record.

Locks are taken in the order pool, seat, desk.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import after_commit
from backend.desks import repository as desks
from backend.models import Desk, Seat, SeatHistory
from backend.pods import repository
from backend.pods.look import Look
from backend.pods.placement import Place, choose, lowest_free
from market.eventlog import EventLog

FIRST_WITH_ROOM = 64


class Left(Protocol):
    """The seat that a desk is to leave, as somebody saw it."""

    @property
    def desk_id(self) -> str: ...
    @property
    def lease_epoch(self) -> int: ...
    @property
    def pool(self) -> str: ...


@dataclass(frozen=True)
class Placement:
    """Where a desk sits; `moved` are the pods whose seat records changed with it."""

    desk: str
    pod: str | None
    seat: int | None = None
    lease_epoch: int | None = None
    moved: tuple[str, ...] = ()

    @property
    def seated(self) -> bool:
        return self.pod is not None


class Leases:
    """Seats of one pool within one transaction, which holds the pool's lock.

    `now` is market time: a desk that was not trading begins with the first bar after it, one that
    was moved, or lost its seat and waited, goes on after its last recorded bar.
    """

    def __init__(
        self,
        session: AsyncSession,
        events: EventLog,
        pool: str,
        look: Look | None,
        now: datetime,
    ) -> None:
        self._session = session
        self._events = events
        self._pool = pool
        self._look = look
        self._now = now

    async def open(self) -> "Leases":
        await repository.lock_pool(self._session, self._pool)
        return self

    async def seat(self, desk_id: str) -> Placement:
        """The desk's seat on a living pod, or a new one, or none: then it waits.

        Without a look at the pods only an existing seat is found.
        """
        found = await repository.lock_seat(self._session, desk_id)
        if found is not None:
            return _placement(found)
        desk = await desks.lock(self._session, desk_id)
        place = await self._choose()
        if place is None:
            desk.waiting_since = desk.waiting_since or datetime.now(UTC)
            return Placement(desk_id, None)
        displaced = desk.waiting_since is not None
        return await self._take(desk, place, desk.last_bar_end if displaced else None)

    async def move(self, left: Left, why: str, *, must_leave: bool) -> Placement:
        """Another pod's seat under a new lease epoch, unless `left` is another's or gone by now.

        When there is none, the desk stays, or if it `must_leave`, waits.
        """
        desk_id = left.desk_id
        old = await repository.lock_seat(self._session, desk_id)
        if old is None:
            return Placement(desk_id, None)
        if old.lease_epoch != left.lease_epoch:
            return _placement(old)
        place = await self._choose(avoid=old.pod)
        if place is None and not must_leave:
            return _placement(old)
        pod = old.pod
        desk = await self._leave(old, why)
        if place is None:
            desk.waiting_since = datetime.now(UTC)
            return Placement(desk_id, None, moved=(pod,))
        taken = await self._take(desk, place, desk.last_bar_end, old.connected_at)
        return Placement(desk_id, taken.pod, taken.seat, taken.lease_epoch, (pod, place.pod))

    async def release(self, left: Left, why: str) -> Placement:
        """Give the seat up, unless the desk has another by now; it does not wait for one."""
        desk_id = left.desk_id
        old = await repository.lock_seat(self._session, desk_id)
        if old is None:
            return Placement(desk_id, None)
        if old.lease_epoch != left.lease_epoch:
            return _placement(old)
        pod = old.pod
        await self._leave(old, why)
        return Placement(desk_id, None, moved=(pod,))

    async def _choose(self, avoid: str = "") -> Place | None:
        """A free seat of the fullest ready pod. Few of the pods with room are read: as a rule the
        first will do.
        """
        if self._look is None:
            return None
        for most in (FIRST_WITH_ROOM, None):
            rows = await repository.with_room(self._session, self._pool, most)
            marks = {pod: mark for pod, _, mark in rows if mark is not None}
            ready = self._look.ready(self._pool, marks)
            pod = choose(((pod, taken) for pod, taken, _ in rows), ready, avoid=avoid)
            if pod is not None:
                seats = await repository.seats_on(self._session, pod)
                return Place(pod, lowest_free(seats))
            if len(rows) < FIRST_WITH_ROOM:
                break
        fresh = await repository.unknown(self._session, ready.keys() - {avoid})
        return Place(min(fresh), 0) if fresh else None

    async def _take(
        self,
        desk: Desk,
        place: Place,
        resume_after: datetime | None,
        connected_at: datetime | None = None,
    ) -> Placement:
        seat = Seat(
            pod=place.pod,
            seat=place.seat,
            pool=self._pool,
            desk_id=desk.id,
            organisation_id=desk.organisation_id,
            lease_epoch=await repository.next_epoch(self._session),
            resume_after=resume_after or self._now,
            taken_at=datetime.now(UTC),
            connected_at=connected_at,
        )
        desk.waiting_since = None
        self._session.add_all([seat, _history(seat)])
        await self._session.flush()
        self._log_seated(seat, desk)
        return _placement(seat, moved=(seat.pod,))

    async def _leave(self, old: Seat, why: str) -> Desk:
        desk = await desks.lock(self._session, old.desk_id)
        await repository.end_history(self._session, old.lease_epoch, why, datetime.now(UTC))
        fields = {"desk": old.desk_id, "pod": old.pod, "lease_epoch": old.lease_epoch}
        await self._session.delete(old)
        await self._session.flush()

        async def write() -> None:
            self._events.write("desk_unseated", **fields, why=why)

        after_commit(self._session, write)
        return desk

    def _log_seated(self, seat: Seat, desk: Desk) -> None:
        fields = {
            "desk": desk.id,
            "pod": seat.pod,
            "seat": seat.seat,
            "lease_epoch": seat.lease_epoch,
            "instruments": desk.instruments,
            "interval": desk.interval,
            "resume_after": seat.resume_after,
        }

        async def write() -> None:
            self._events.write("desk_seated", **fields)

        after_commit(self._session, write)


def _placement(seat: Seat, moved: tuple[str, ...] = ()) -> Placement:
    return Placement(seat.desk_id, seat.pod, seat.seat, seat.lease_epoch, moved)


def _history(seat: Seat) -> SeatHistory:
    return SeatHistory(
        lease_epoch=seat.lease_epoch,
        organisation_id=seat.organisation_id,
        desk_id=seat.desk_id,
        pool=seat.pool,
        pod=seat.pod,
        seat=seat.seat,
        resume_after=seat.resume_after,
        taken_at=seat.taken_at,
    )
