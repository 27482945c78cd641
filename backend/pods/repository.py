"""Every query on seats, pods and pools."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Row,
    Text,
    all_,
    any_,
    case,
    cast,
    delete,
    func,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import (
    PLATFORM,
    Desk,
    Pod,
    PolicyLine,
    Pool,
    Seat,
)


async def lock_pool(session: AsyncSession, name: str) -> Pool:
    """The pool's row, locked: allocations of a pool come one after the other."""
    statement = (
        select(Pool)
        .where(Pool.name == name)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = (await session.scalars(statement)).one_or_none()
    if found is None:
        made = insert(Pool).values(name=name, organisation_id=PLATFORM).on_conflict_do_nothing()
        await session.execute(made)
        found = (await session.scalars(statement)).one()
    return found


async def seat_of(session: AsyncSession, desk_id: str) -> Seat | None:
    return (await session.scalars(select(Seat).where(Seat.desk_id == desk_id))).one_or_none()


@dataclass(frozen=True, slots=True)
class Held:
    """A taken seat, and what of its desk decides whether it is kept."""

    pod: str
    pool: str
    desk_id: str
    lease_epoch: int
    taken_at: datetime
    connected_at: datetime | None
    automatic: bool


async def held(session: AsyncSession) -> list[Held]:
    """Every taken seat. Plain columns: there are thousands, and they are read every second."""
    statement = select(
        Seat.pod,
        Seat.pool,
        Seat.desk_id,
        Seat.lease_epoch,
        Seat.taken_at,
        Seat.connected_at,
        Desk.automatic,
    ).join(Desk, Desk.id == Seat.desk_id)
    found = await session.execute(statement.order_by(Seat.pod, Seat.seat))
    return [Held(*row) for row in found]


async def unknown(session: AsyncSession, pods: Collection[str]) -> set[str]:
    """Those of the pods that have never had a seat, a record or a mark."""
    known = await session.scalars(select(Pod.name).where(Pod.name.in_(pods)))
    return set(pods) - set(known.all())


async def register(session: AsyncSession, pods: Mapping[str, str]) -> None:
    """Make pods (name → pool) known, so that they are found without being asked for by name."""
    names = await unknown(session, pods.keys())
    if names:
        rows = [{"name": n, "pool": pods[n], "organisation_id": PLATFORM} for n in sorted(names)]
        await session.execute(insert(Pod).on_conflict_do_nothing(), rows)


async def occupied(session: AsyncSession, pool: str) -> dict[str, int]:
    """Pod → how many of its seats are taken; only pods that have some."""
    statement = select(Pod.name, Pod.taken).where(Pod.pool == pool, Pod.taken > 0)
    return dict((await session.execute(statement)).all())


async def seats_with_desks(session: AsyncSession) -> Sequence[Row[Seat, Desk]]:
    statement = select(Seat, Desk).join(Desk, Desk.id == Seat.desk_id)
    return (await session.execute(statement.order_by(Seat.pod, Seat.seat))).all()


async def records(
    session: AsyncSession, pods: Sequence[str]
) -> Sequence[Row[Seat, Desk, PolicyLine]]:
    """What the seat records of these pods are made of."""
    statement = (
        select(Seat, Desk, PolicyLine)
        .join(Desk, Desk.id == Seat.desk_id)
        .join(PolicyLine, PolicyLine.id == Desk.policy_line)
        .where(Seat.pod.in_(pods))
        .order_by(Seat.pod, Seat.seat)
    )
    return (await session.execute(statement)).all()


async def mark_wanting(session: AsyncSession) -> None:
    """Automatic desks without a seat wait for one, from now on; locked ones from the next time on,
    so that nobody who locks many desks is in each other's way.
    """
    wanting = select(Desk.id).where(
        Desk.automatic,
        Desk.waiting_since.is_(None),
        ~select(Seat.desk_id).where(Seat.desk_id == Desk.id).exists(),
    )
    free = wanting.with_for_update(key_share=True, skip_locked=True)
    values = {"waiting_since": func.clock_timestamp()}
    await session.execute(update(Desk).where(Desk.id.in_(free)).values(values))


async def desks(session: AsyncSession, pool: str) -> int:
    """How many desks the pool has, seated or not."""
    statement = select(func.count()).select_from(Desk).where(Desk.pool == pool)
    return (await session.execute(statement)).scalar_one()


async def waiting(session: AsyncSession) -> Sequence[Row[str, str, bool]]:
    """(id, pool, automatic) of desks that wait, first come first."""
    statement = (
        select(Desk.id, Desk.pool, Desk.automatic)
        .where(Desk.waiting_since.is_not(None))
        .order_by(Desk.waiting_since, Desk.id)
    )
    return (await session.execute(statement)).all()


async def stop_waiting(session: AsyncSession, desks: Sequence[str]) -> None:
    leaving = select(Desk.id).where(Desk.id.in_(desks), ~Desk.automatic)
    free = leaving.with_for_update(key_share=True, skip_locked=True)
    await session.execute(update(Desk).where(Desk.id.in_(free)).values(waiting_since=None))


async def note_connected(session: AsyncSession, desks: Sequence[str]) -> None:
    """Somebody is connected to these seated desks now."""
    statement = update(Seat).where(Seat.desk_id.in_(desks))
    await session.execute(statement.values(connected_at=func.clock_timestamp()))


async def counts(session: AsyncSession, pool: str) -> tuple[int, int]:
    """(seated, waiting) desks of the pool."""
    seated = select(func.count()).select_from(Seat).where(Seat.pool == pool)
    queue = select(func.count()).where(Desk.pool == pool, Desk.waiting_since.is_not(None))
    found = await session.execute(select(seated.scalar_subquery(), queue.scalar_subquery()))
    seats_taken, desks_waiting = found.one()
    return int(seats_taken), int(desks_waiting)


async def pools(session: AsyncSession) -> set[str]:
    """Pools that have desks or were scaled before."""
    desks = set((await session.scalars(select(Desk.pool).distinct())).all())
    return desks | set((await session.scalars(select(Pool.name))).all())


async def drained(session: AsyncSession, pool: str | None = None) -> dict[str, float]:
    """Pods that are being emptied, by the start of the process that is meant."""
    statement = select(Pod.name, Pod.drained_start).where(Pod.drained_start.is_not(None))
    if pool is not None:
        statement = statement.where(Pod.pool == pool)
    found = await session.execute(statement)
    return {name: start for name, start in found if start is not None}


async def mark_drained(session: AsyncSession, pod: str, pool: str, start: float) -> None:
    """It is being emptied, and takes no desks from now on."""
    values: dict[str, Any] = {
        "pool": pool,
        "drained_start": start,
        "ends_first": False,
        "closed_since": func.clock_timestamp(),
    }
    made = insert(Pod).values(name=pod, organisation_id=PLATFORM, **values)
    await session.execute(made.on_conflict_do_update(index_elements=["name"], set_=values))


async def keep(session: AsyncSession, pods: Sequence[str]) -> None:
    """Take the mark off pods that were being emptied; not off those that the fleet may end now."""
    statement = update(Pod).where(Pod.name.in_(pods), ~Pod.ends_first)
    await session.execute(statement.values(drained_start=None, closed_since=None))


async def ends_first(session: AsyncSession) -> set[str]:
    """Marked pods that the fleet has been told to end first."""
    marked = select(Pod.name).where(Pod.drained_start.is_not(None), Pod.ends_first)
    return set((await session.scalars(marked)).all())


async def note_ends_first(session: AsyncSession, pods: Sequence[str]) -> None:
    """The fleet was told; who was kept meanwhile is not noted."""
    marked = update(Pod).where(Pod.name.in_(pods), Pod.drained_start.is_not(None))
    await session.execute(marked.values(ends_first=True))


async def next_revision(session: AsyncSession, pod: str, pool: str) -> int:
    """The pod's next revision; its row stays locked until the commit, so revisions rise in the
    order in which seats were read. They rise with the time too, so that a pod whose row was
    forgotten goes on above its old record.
    """
    now_ms = cast(func.extract("epoch", func.clock_timestamp()) * 1_000, BigInteger)
    made = insert(Pod).values(name=pod, pool=pool, organisation_id=PLATFORM, revision=now_ms)
    statement = made.on_conflict_do_update(
        index_elements=["name"], set_={"revision": func.greatest(Pod.revision + 1, now_ms)}
    ).returning(Pod.revision)
    return (await session.execute(statement)).scalar_one()


async def note_open(session: AsyncSession, ready: Collection[str]) -> None:
    """The pods that take desks are `ready`; locked ones are noted the next time, so that nobody who
    moves a desk between two of them is in the way.
    """
    is_ready = Pod.name == any_(literal(list(ready), ARRAY(Text)))
    changed = select(Pod.name).where(Pod.closed_since.is_(None) != is_ready)
    free = changed.with_for_update(key_share=True, skip_locked=True)
    turned = case((Pod.closed_since.is_(None), func.clock_timestamp()))
    await session.execute(update(Pod).where(Pod.name.in_(free)).values(closed_since=turned))


async def forget_pods(session: AsyncSession, living: Sequence[str]) -> None:
    """Pods that are gone, have taken no desks for an hour and hold no seat."""
    statement = delete(Pod).where(
        Pod.name != all_(literal(list(living), ARRAY(Text))),
        Pod.closed_since < func.now() - text("interval '1 hour'"),
        Pod.taken == 0,
    )
    await session.execute(statement)
