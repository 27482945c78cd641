"""The statements of a lease, in plain SQL: whoever allocates holds the pool's lock meanwhile, so
each of them costs all others their time.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from backend.database import at_once, transaction
from backend.look import Takers
from backend.pods import repository

FIRST_WITH_ROOM = 8

_LOCK_POOL = text("SELECT name FROM backend.pool WHERE name = :pool FOR UPDATE")
_POOL_OF = text("SELECT pool FROM backend.desk WHERE id = :desk")
_TAKE_SEAT = text("""
    SELECT pool, pod, seat, lease_epoch, resume_after, instruments, "interval"
    FROM backend.take_seat(
        :desk, :in_turn, :now, CAST(:pods AS text[]), CAST(:pools AS text[]), CAST(:seats AS int[])
    )
""")
_LOCK_SEAT = text("""
    SELECT desk_id, pod, seat, lease_epoch, connected_at FROM backend.seat
    WHERE desk_id = :desk FOR UPDATE
""")
_LOCK_DESK = text("""
    SELECT id, organisation_id, instruments, "interval", last_bar_end
    FROM backend.desk WHERE id = :desk FOR UPDATE
""")
_WITH_ROOM = text("""
    SELECT p.name, p.taken, p.drained_start,
        ARRAY(SELECT s.seat FROM backend.seat s WHERE s.pod = p.name)
    FROM backend.pod p WHERE p.pool = :pool AND p.taken < 10 AND p.closed_since IS NULL
    ORDER BY p.taken DESC, p.name LIMIT :most
""")
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
class Found:
    """What `take_seat` found. `resume_after` is None where the desk had the seat before; without a
    free seat there is only the pool.
    """

    pool: str
    pod: str | None
    seat: int | None
    lease_epoch: int | None
    resume_after: datetime | None
    instruments: list[str] | None
    interval: str | None


async def lock_pool(session: AsyncSession, pool: str) -> None:
    found = await session.execute(_LOCK_POOL, {"pool": pool})
    if found.first() is None:
        await repository.lock_pool(session, pool)


async def take_seat(
    engine: AsyncEngine, desk: str, takers: Takers, now: datetime, *, in_turn: bool
) -> Found:
    """The desk's seat, or a new one, or none: then it waits. One statement, committed by itself, so
    nobody waits for our answers while the pool is locked; see migration 0020.
    """
    values = {
        "desk": desk,
        "in_turn": in_turn,
        "now": now,
        "pods": takers.pods,
        "pools": takers.pools,
        "seats": takers.seats,
    }
    row = await at_once(engine, _TAKE_SEAT, values)
    if row.pool is None:
        async with transaction(async_sessionmaker(engine)) as session:
            await lock_pool(session, (await session.execute(_POOL_OF, {"desk": desk})).scalar_one())
        row = await at_once(engine, _TAKE_SEAT, values)
    return Found(*row)


async def lock_seat(session: AsyncSession, desk: str) -> SeatRow | None:
    """The desk's seat, locked: who executes a decision under its lease has finished then."""
    row = (await session.execute(_LOCK_SEAT, {"desk": desk})).first()
    return SeatRow(*row) if row else None


async def lock_desk(session: AsyncSession, desk: str) -> DeskRow:
    return DeskRow(*(await session.execute(_LOCK_DESK, {"desk": desk})).one())


async def first_with_room(session: AsyncSession, pool: str) -> list[PodRow]:
    """The fullest FIRST_WITH_ROOM of the open pods with a free seat, the fullest first."""
    return await _with_room(session, pool, FIRST_WITH_ROOM)


async def with_room(session: AsyncSession, pool: str) -> list[PodRow]:
    """All open pods with a free seat, the fullest first."""
    return await _with_room(session, pool, None)


async def _with_room(session: AsyncSession, pool: str, most: int | None) -> list[PodRow]:
    found = await session.execute(_WITH_ROOM, {"pool": pool, "most": most})
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
