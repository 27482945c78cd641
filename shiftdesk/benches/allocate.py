"""`bench allocate`: thousands of desks come to pods that beat, half of them go, and the pods that
are left over are emptied and ended. Real Postgres, real Redis, the back end's own functions; pods
are heartbeats only.
"""

import asyncio
import gc
import logging
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from math import ceil

import msgspec
import numpy as np
import structlog
from redis.asyncio import Redis
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts import keys
from ai_pod.contracts.agents import SEATS, PodHeartbeat, PodState
from ai_pod.contracts.plan import Phase
from backend.auth.provision import create_organisation, create_user
from backend.database import transaction
from backend.desks.provision import NewDesk, create_desk
from backend.look import Look, look
from backend.migrate import migrate
from backend.models import Desk, Pod, Pool, Role, Seat, User
from backend.pods import repository, seating, service
from backend.pods.demand import Rules, judge
from backend.pods.liveness import Watch
from backend.settings import Settings
from backend.state import State, open_state
from shiftdesk.local import services
from shiftdesk.local.processes import free_port
from shiftdesk.local.stores import PostgresStore, RedisStore, create_database
from shiftdesk.local.supervisor import Supervisor
from shiftdesk.local.temporary import temporary_folder
from shiftdesk.options import chosen

POOL = "XNYS"
STEPS_TO_SETTLE = 200
BARE_EVERY = 5


@dataclass(frozen=True)
class Size:
    """`dead`: pods that ended lately, and are still on record."""

    desks: int = 9000
    pods: int = 1000
    dead: int = 4000
    seed: int = 1


def run(options: dict[str, str]) -> tuple[dict[str, object], dict[str, float]]:
    size = chosen(Size, options)
    # Nobody answers at the pods' addresses, which would be told of every desk.
    quiet = structlog.make_filtering_bound_logger(logging.WARNING)
    structlog.configure(wrapper_class=quiet)
    # As the back end does before it serves.
    gc.collect()
    gc.freeze()
    return asdict(size), asyncio.run(_measure(size))


async def _measure(size: Size) -> dict[str, float]:
    async with _stores() as settings, open_state(settings) as state:
        desks = await _make_desks(state, size.desks)
        pods = [f"pod-{number:04d}" for number in range(size.pods)]
        await _beat(state.redis, pods)
        async with transaction(state.sessions) as session:
            await repository.register(session, dict.fromkeys(pods, POOL))
            await _bury(session, size.dead)
            await repository.note_open(session, pods)
        seen = await look(state.redis)
        took, bare, cpu = await _seat_all(state, desks, seen)
        full = await _fullest(state)
        step = await _timed_step(state)
        stay = random.Random(size.seed).sample(desks, size.desks // 2)
        settled = await _halve(state, stay)
        return {
            "desks": float(size.desks),
            "pods": float(size.pods),
            "over_cap": float(sum(max(0, taken - SEATS) for taken in full)),
            "fullest_pod": float(max(full)),
            "pods_used": float(len(full)),
            "allocate_ms_p50": float(np.percentile(took, 50)),
            "allocate_ms_p99": float(np.percentile(took, 99)),
            "bare_ms_p50": float(np.percentile(bare, 50)),
            "bare_ms_p99": float(np.percentile(bare, 99)),
            "allocate_cpu_ms": cpu,
            "loop_step_cpu_ms": step,
            "pods_after_halving": settled[0],
            "ideal_after_halving": float(ceil(len(stay) / SEATS)),
            "moves_after_halving": settled[1],
            "over_cap_after_halving": settled[2],
        }


@asynccontextmanager
async def _stores() -> AsyncIterator[Settings]:
    """Migrated Postgres and Redis of our own, ended afterwards."""
    with temporary_folder("shiftdesk-allocate-") as folder:
        postgres = PostgresStore(folder / "postgres", free_port())
        redis = RedisStore(folder / "redis", free_port())
        supervisor = Supervisor(folder / "logs")
        try:
            await asyncio.to_thread(postgres.prepare)
            redis.prepare()
            await supervisor.start(services.postgres(postgres))
            await supervisor.start(services.redis(redis))
            create_database(postgres.url(database="postgres"), "shiftdesk")
            await asyncio.to_thread(migrate, postgres.url())
            yield Settings(
                database_url=postgres.url(),
                redis_url=redis.url,
                hold_down_seconds=0.0,
                release_seconds=0.0,
            )
        finally:
            await supervisor.stop_all()


async def _make_desks(state: State, count: int) -> list[str]:
    """Desks like the first one, which is made as every desk is; they want no seat by themselves."""
    new = NewDesk(pool=POOL, instruments=("XNYS:AAPL", "XNYS:IBM"), automatic=False)
    async with transaction(state.sessions) as session:
        owner = await create_organisation(session, "Bench")
        user = await create_user(session, owner.id, "user0", Role.TRADER, "unusable")
        first = (await create_desk(session, user, new)).id
    names = {f"desk_{number:06d}": f"user_{number:06d}" for number in range(1, count)}
    async with transaction(state.sessions) as session:
        desk = (await session.execute(select(Desk.__table__))).mappings().one()
        user_row = (await session.execute(select(User.__table__))).mappings().one()
        people = [{**user_row, "id": its, "login": its} for its in names.values()]
        desks = [{**desk, "id": its, "user_id": whose} for its, whose in names.items()]
        if names:
            await session.execute(insert(User), people)
            await session.execute(insert(Desk), desks)
    return [first, *names]


async def _beat(redis: Redis, pods: Sequence[str]) -> None:
    """Heartbeats that outlast the bench."""
    for started, pod in enumerate(pods):
        beat = PodHeartbeat(
            pod=pod,
            pool=POOL,
            address="http://127.0.0.1:9",
            state=PodState.READY,
            phase=Phase.TRADING,
            phase_epoch=1,
            phase_reason="bench",
            plan_version=1,
            desks=(),
            agents=(),
            beat_at=time.time(),
            market_now=datetime.now(UTC),
            started_at=float(started),
        )
        await redis.set(keys.pod(pod), msgspec.json.encode(beat))


async def _bury(session: AsyncSession, count: int) -> None:
    """Rows of pods that were emptied and ended, like those that the last scale-ins have left."""
    dead = {f"ended-{number:04d}": POOL for number in range(count)}
    await repository.register(session, dead)
    marked = update(Pod).where(Pod.name.in_(dead))
    await session.execute(marked.values(drained_start=1.0, ends_first=True))


async def _seat_all(
    state: State, desks: Sequence[str], seen: Look
) -> tuple[list[float], list[float], float]:
    """One after the other: milliseconds from asking to the commit; those of a transaction that does
    nothing but write a row, in between, which tell what the machine takes; our own CPU's for each.
    """
    took, bare, spent = list[float](), list[float](), 0.0
    for number, desk in enumerate(desks):
        began, worked = time.perf_counter(), time.process_time()
        pool, placement = await service.allocate(state, desk, seen)
        took.append((time.perf_counter() - began) * 1000)
        spent += time.process_time() - worked
        assert pool == POOL
        assert placement.seated
        if number % BARE_EVERY == 0:
            began = time.perf_counter()
            async with transaction(state.sessions) as session:
                await session.execute(update(Pool).values(name=POOL))
            bare.append((time.perf_counter() - began) * 1000)
    return took, bare, spent * 1000 / len(desks)


async def _fullest(state: State) -> list[int]:
    """Taken seats of each pod that has some, counted from the seats themselves."""
    counted = select(func.count()).select_from(Seat).group_by(Seat.pod)
    async with transaction(state.sessions) as session:
        return [int(taken) for taken in (await session.scalars(counted)).all()]


async def _timed_step(state: State) -> float:
    """CPU milliseconds of one step of the loop in which nothing is to be done."""
    async with transaction(state.sessions) as session:
        await session.execute(update(Desk).values(automatic=True))
    await seating.seat_everybody(state, Watch())
    began = time.process_time()
    await seating.seat_everybody(state, Watch())
    return (time.process_time() - began) * 1000


async def _halve(state: State, stay: Sequence[str]) -> tuple[float, float, float]:
    """(pods left, desks moved, seats above the cap) after all but `stay` have gone."""
    async with transaction(state.sessions) as session:
        await session.execute(update(Desk).values(automatic=False))
        await session.execute(update(Desk).where(Desk.id.in_(stay)).values(automatic=True))
        before = dict((await session.execute(select(Seat.desk_id, Seat.lease_epoch))).all())
    for _ in range(STEPS_TO_SETTLE):
        await seating.seat_everybody(state, Watch())
        seen = await look(state.redis)
        async with transaction(state.sessions) as session:
            judged = await judge(session, POOL, seen, Rules.of(state.settings))
            seated = judged.demand.seated
        for pod in judged.removable:
            await state.redis.delete(keys.pod(pod))
        if seated == len(stay) and len(judged.ready) <= judged.wanted.pods and not judged.leaving:
            break
    async with transaction(state.sessions) as session:
        after = dict((await session.execute(select(Seat.desk_id, Seat.lease_epoch))).all())
    moved = sum(before[desk] != epoch for desk, epoch in after.items())
    over = sum(max(0, taken - SEATS) for taken in await _fullest(state))
    return float(len(seen.pods) - len(judged.removable)), float(moved), float(over)
