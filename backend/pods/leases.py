"""Taking, moving and giving up seats: each a new lease epoch in one transaction, and on record.

Locks are taken in the order pool, seat, desk.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from backend.database import after_commit
from backend.look import Look
from backend.pods import lease_rows, repository
from backend.pods.lease_rows import FIRST_WITH_ROOM, DeskRow, PodRow, SeatRow
from backend.pods.placement import Place, choose, lowest_free
from backend.pods.repository import Held
from market.eventlog import EventLog


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


async def take_seat(
    engine: AsyncEngine,
    events: EventLog,
    desk_id: str,
    look: Look,
    now: datetime,
    *,
    in_turn: bool,
) -> tuple[str, Placement]:
    """The desk's pool, and its seat, or a new one on a ready pod, or none: then it waits.

    Whose turn it is not gets no new one while any desk of the pool waits, itself included. `now` is
    market time: a desk that was not trading begins with the first bar after it, one that lost its
    seat and waited goes on after its last recorded bar.
    """
    found = await lease_rows.take_seat(engine, desk_id, look.takers, now, in_turn=in_turn)
    placement = Placement(desk_id, found.pod, found.seat, found.lease_epoch)
    if found.pod is None or found.resume_after is None:
        return found.pool, placement
    events.write(
        "desk_seated",
        desk=desk_id,
        pod=found.pod,
        seat=found.seat,
        lease_epoch=found.lease_epoch,
        instruments=found.instruments,
        interval=found.interval,
        resume_after=found.resume_after,
    )
    return found.pool, replace(placement, moved=(found.pod,))


class Leases:
    """Seats of one pool within one transaction, which holds the pool's lock (`open` takes it).

    `now` is market time: a desk that was moved and has no recorded bar begins with the first one
    after it.
    """

    def __init__(
        self,
        session: AsyncSession,
        events: EventLog,
        pool: str,
        look: Look,
        now: datetime,
    ) -> None:
        self._session = session
        self._events = events
        self._pool = pool
        self._look = look
        self._now = now

    async def open(self) -> "Leases":
        await lease_rows.lock_pool(self._session, self._pool)
        return self

    async def move(self, left: Held, why: str, *, must_leave: bool) -> Placement:
        """Another pod's seat under a new lease epoch, unless `left` is another's or gone by now.

        A desk that had a seat goes before those who wait. When there is none, it stays, or if it
        `must_leave`, waits.
        """
        desk_id = left.desk_id
        old = await lease_rows.lock_seat(self._session, desk_id)
        if old is None:
            return Placement(desk_id, None)
        if old.lease_epoch != left.lease_epoch:
            return _placement(old)
        place = await self._choose(avoid=old.pod)
        if place is None and not must_leave:
            return _placement(old)
        desk = await self._leave(old, why)
        if place is None:
            await lease_rows.wait_on(self._session, desk_id, old.lease_epoch)
            return Placement(desk_id, None, moved=(old.pod,))
        lease_epoch = await self._take(desk, place, old.connected_at)
        return Placement(desk_id, place.pod, place.seat, lease_epoch, (old.pod, place.pod))

    async def release(self, left: Held, why: str) -> Placement:
        """Give the seat up, unless the desk has another by now; it does not wait for one."""
        desk_id = left.desk_id
        old = await lease_rows.lock_seat(self._session, desk_id)
        if old is None:
            return Placement(desk_id, None)
        if old.lease_epoch != left.lease_epoch:
            return _placement(old)
        await self._leave(old, why)
        return Placement(desk_id, None, moved=(old.pod,))

    async def _choose(self, *, avoid: str) -> Place | None:
        """A free seat of the fullest ready pod. Few of the pods with room are read, as a rule the
        first will do; only if none does, all are.
        """
        fullest = await lease_rows.first_with_room(self._session, self._pool)
        place = _first_ready(self._pool, self._look, fullest, avoid)
        if place is None and len(fullest) == FIRST_WITH_ROOM:
            everyone = await lease_rows.with_room(self._session, self._pool)
            place = _first_ready(self._pool, self._look, everyone, avoid)
        if place is not None:
            return place
        beside = self._look.ready(self._pool, {}).keys() - {avoid}
        fresh = await repository.unknown(self._session, beside)
        return Place(min(fresh), 0) if fresh else None

    async def _take(self, desk: DeskRow, place: Place, connected_at: datetime | None) -> int:
        """The new lease epoch."""
        resume_after = desk.last_bar_end or self._now
        values = {
            "pod": place.pod,
            "seat": place.seat,
            "pool": self._pool,
            "desk": desk.id,
            "organisation": desk.organisation_id,
            "resume_after": resume_after,
            "connected_at": connected_at,
        }
        lease_epoch = await lease_rows.take(self._session, values)
        self._log(
            "desk_seated",
            desk=desk.id,
            pod=place.pod,
            seat=place.seat,
            lease_epoch=lease_epoch,
            instruments=desk.instruments,
            interval=desk.interval,
            resume_after=resume_after,
        )
        return lease_epoch

    async def _leave(self, old: SeatRow, why: str) -> DeskRow:
        desk = await lease_rows.lock_desk(self._session, old.desk_id)
        await lease_rows.leave(self._session, old.lease_epoch, why)
        self._log(
            "desk_unseated",
            desk=old.desk_id,
            pod=old.pod,
            lease_epoch=old.lease_epoch,
            why=why,
        )
        return desk

    def _log(self, event: str, **fields: object) -> None:
        async def write() -> None:
            self._events.write(event, **fields)

        after_commit(self._session, write)


def _first_ready(
    pool: str, look: Look, fullest_first: Sequence[PodRow], avoid: str
) -> Place | None:
    ready = look.ready_of(pool, {pod.name: pod.drained_start for pod in fullest_first})
    chosen = choose(((pod.name, pod.taken) for pod in fullest_first), ready, avoid=avoid)
    seats = {pod.name: pod.seats for pod in fullest_first}
    return Place(chosen, lowest_free(seats[chosen])) if chosen else None


def _placement(seat: SeatRow) -> Placement:
    return Placement(seat.desk_id, seat.pod, seat.seat, seat.lease_epoch)
