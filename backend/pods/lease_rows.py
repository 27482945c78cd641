"""The statements of a lease, in plain SQL: whoever allocates holds the pool's lock meanwhile, so
each of them costs all others their time.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.pods import repository

FIRST_WITH_ROOM = 8

_LOCK_POOL = text("SELECT name FROM backend.pool WHERE name = :pool FOR UPDATE")
_LOCK_POOL_OF = text("""
    SELECT p.name FROM backend.desk d JOIN backend.pool p ON p.name = d.pool WHERE d.id = :desk
    FOR UPDATE OF p
""")
_POOL_OF = text("SELECT pool FROM backend.desk WHERE id = :desk")
_LOCK_SEAT = text("""
    SELECT desk_id, pod, seat, lease_epoch, connected_at FROM backend.seat
    WHERE desk_id = :desk FOR UPDATE
""")
_LOCK_DESK = text("""
    SELECT id, organisation_id, instruments, "interval", last_bar_end
    FROM backend.desk WHERE id = :desk FOR UPDATE
""")
_WITH_ROOM = """
    SELECT p.name, p.taken, p.drained_start,
        ARRAY(SELECT s.seat FROM backend.seat s WHERE s.pod = p.name) AS seats
    FROM backend.pod p WHERE p.pool = :pool AND p.taken < 10 AND p.closed_since IS NULL
    ORDER BY p.taken DESC, p.name LIMIT :most
"""
_LOCK_DESK_AND_SEE = text(f"""
    SELECT d.id, d.organisation_id, d.instruments, d."interval", d.last_bar_end,
        d.waiting_since IS NOT NULL AND EXISTS (
            SELECT FROM backend.seat_history h
            WHERE h.desk_id = d.id AND h.left_at = d.waiting_since
        ),
        EXISTS (SELECT FROM backend.desk o WHERE o.pool = d.pool AND o.waiting_since IS NOT NULL),
        ARRAY(
            SELECT json_build_array(name, taken, drained_start, seats) FROM ({_WITH_ROOM}) fullest
        ),
        s.desk_id, s.pod, s.seat, s.lease_epoch, s.connected_at
    FROM backend.desk d LEFT JOIN backend.seat s ON s.desk_id = d.id
    WHERE d.id = :desk FOR UPDATE OF d
""")
_WITH_ROOM_ALONE = text(_WITH_ROOM)
_TAKE = text("""
    WITH taken AS (
        INSERT INTO backend.seat (
            pod, seat, pool, desk_id, organisation_id, lease_epoch, resume_after, taken_at,
            connected_at
        ) VALUES (
            :pod, :seat, :pool, :desk, :organisation, nextval('backend.lease_epoch_seq'),
            :resume_after, clock_timestamp(), :connected_at
        )
        RETURNING *
    ), noted AS (
        INSERT INTO backend.seat_history (
            lease_epoch, organisation_id, desk_id, pool, pod, seat, resume_after, taken_at
        )
        SELECT lease_epoch, organisation_id, desk_id, pool, pod, seat, resume_after, taken_at
        FROM taken
    ), seated AS (
        UPDATE backend.desk SET waiting_since = NULL
        WHERE id = :desk AND waiting_since IS NOT NULL
    )
    SELECT lease_epoch FROM taken
""")
_LEAVE = text("""
    WITH ended AS (
        UPDATE backend.seat_history SET left_at = clock_timestamp(), why = :why
        WHERE lease_epoch = :lease_epoch
    )
    DELETE FROM backend.seat WHERE lease_epoch = :lease_epoch
""")
_WAIT = text("""
    UPDATE backend.desk SET waiting_since = clock_timestamp()
    WHERE id = :desk AND waiting_since IS NULL
""")
_WAIT_ON = text("""
    UPDATE backend.desk SET waiting_since = h.left_at
    FROM backend.seat_history h
    WHERE id = :desk AND h.lease_epoch = :lease_epoch
""")


@dataclass(frozen=True, slots=True)
class SeatRow:
    desk_id: str
    pod: str
    seat: int
    lease_epoch: int
    connected_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeskRow:
    id: str
    organisation_id: str
    instruments: list[str]
    interval: str
    last_bar_end: datetime | None


@dataclass(frozen=True, slots=True)
class PodRow:
    """`taken` is the number of its `seats` that desks sit on; `drained_start` its mark."""

    name: str
    taken: int
    drained_start: float | None
    seats: list[int]


@dataclass(frozen=True, slots=True)
class Seen:
    """A desk before it is seated. `displaced`: it waits since it lost its seat; `queue`: some desk
    of its pool waits; `fullest`: what `first_with_room` gives.
    """

    desk: DeskRow
    displaced: bool
    queue: bool
    fullest: list[PodRow]
    seat: SeatRow | None


async def lock_pool(session: AsyncSession, pool: str) -> None:
    found = await session.execute(_LOCK_POOL, {"pool": pool})
    if found.first() is None:
        await repository.lock_pool(session, pool)


async def lock_pool_of(session: AsyncSession, desk: str) -> str:
    """The desk's pool, locked."""
    found = (await session.execute(_LOCK_POOL_OF, {"desk": desk})).scalar()
    if found is not None:
        return str(found)
    pool = str((await session.execute(_POOL_OF, {"desk": desk})).scalar_one())
    await lock_pool(session, pool)
    return pool


async def lock_seat(session: AsyncSession, desk: str) -> SeatRow | None:
    """The desk's seat, locked: who executes a decision under its lease has finished then."""
    row = (await session.execute(_LOCK_SEAT, {"desk": desk})).first()
    return SeatRow(*row) if row else None


async def lock_desk(session: AsyncSession, desk: str) -> DeskRow:
    return DeskRow(*(await session.execute(_LOCK_DESK, {"desk": desk})).one())


async def lock_desk_and_see(session: AsyncSession, desk: str, pool: str) -> Seen:
    """The desk, locked, its seat, and where there is room, which nobody gives or takes while the
    pool is locked.
    """
    values = {"desk": desk, "pool": pool, "most": FIRST_WITH_ROOM}
    row = (await session.execute(_LOCK_DESK_AND_SEE, values)).one()
    fullest = [PodRow(*pod) for pod in row[7]]
    seat = None if row[8] is None else SeatRow(*row[8:])
    return Seen(DeskRow(*row[:5]), displaced=row[5], queue=row[6], fullest=fullest, seat=seat)


async def first_with_room(session: AsyncSession, pool: str) -> list[PodRow]:
    """The fullest FIRST_WITH_ROOM of the open pods with a free seat, the fullest first."""
    return await _with_room(session, pool, FIRST_WITH_ROOM)


async def with_room(session: AsyncSession, pool: str) -> list[PodRow]:
    """All open pods with a free seat, the fullest first."""
    return await _with_room(session, pool, None)


async def _with_room(session: AsyncSession, pool: str, most: int | None) -> list[PodRow]:
    found = await session.execute(_WITH_ROOM_ALONE, {"pool": pool, "most": most})
    return [PodRow(*row) for row in found]


async def take(session: AsyncSession, values: dict[str, object]) -> int:
    """The seat with its history; the desk waits no more. The new lease epoch."""
    return int((await session.execute(_TAKE, values)).scalar_one())


async def leave(session: AsyncSession, lease_epoch: int, why: str) -> None:
    await session.execute(_LEAVE, {"lease_epoch": lease_epoch, "why": why})


async def wait_on(session: AsyncSession, desk: str, lease_epoch: int) -> None:
    """The desk waits from the very instant at which it left that seat, which tells it from one
    that has come to ask for a seat.
    """
    await session.execute(_WAIT_ON, {"desk": desk, "lease_epoch": lease_epoch})


async def wait(session: AsyncSession, desk: str) -> None:
    """The desk waits from now on, unless it does already."""
    await session.execute(_WAIT, {"desk": desk})
