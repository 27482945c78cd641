"""The queue of a pool: who waits is seated in turn, whoever asks meanwhile."""

import time

from sqlalchemy import select

from ai_pod.contracts import keys
from backend.database import transaction
from backend.desks.repository import places
from backend.look import Look
from backend.models import Desk
from backend.pods import presence, seating, service
from backend.pods.liveness import Watch
from backend.settings import Settings
from backend.state import State
from tests.support.build_desks import by_pod, make_desks, opened, seats_of
from tests.support.fake_pod import beat, heartbeat

NO_PODS = Look({})


async def queue_of(state: State) -> list[str]:
    """Who waits, first come first, as it is told."""
    async with transaction(state.sessions) as session:
        found = await places(session, {"XNYS"})
    assert sorted(found.values()) == list(range(1, len(found) + 1))
    return sorted(found, key=found.__getitem__)


async def test_nobody_goes_ahead_of_who_waits_longer(settings: Settings) -> None:
    async with opened(settings) as (state,):
        ann, ben, cid = await make_desks(state, ["ann", "ben", "cid"], automatic=False)
        for desk in (ben, ann):
            await presence.connected(state.redis, desk)
            assert not (await service.seat(state, desk, NO_PODS)).seated
        room_for_one = Look({"pod-1": heartbeat("pod-1", seats=1)})
        for desk in (ann, cid, ben):
            await presence.connected(state.redis, desk)
            assert not (await service.seat(state, desk, room_for_one)).seated
        assert await queue_of(state) == [ben, ann, cid]
        await beat(state.redis, "pod-1", seats=1)
        for there in ({ben}, {ben, ann}, {ben, ann, cid}):
            await seating.seat_everybody(state, Watch())
            assert (await seats_of(state)).keys() == there
            await beat(state.redis, "pod-1", seats=len(there) + 1)
        assert await queue_of(state) == []


async def test_who_finds_no_queue_is_seated_at_once(settings: Settings) -> None:
    async with opened(settings) as (state,):
        ann, ben = await make_desks(state, ["ann", "ben"], automatic=False)
        await beat(state.redis, "pod-1", seats=1)
        assert (await service.connect(state, ann)).pod == "pod-1"
        assert not (await service.connect(state, ben)).seated
        assert (await service.connect(state, ann)).pod == "pod-1"
        assert await queue_of(state) == [ben]


async def test_desks_of_a_dead_pod_go_before_those_who_wait(settings: Settings) -> None:
    async with opened(settings) as (state,):
        seated = await make_desks(state, [f"user{n}" for n in range(3)])
        await beat(state.redis, "pod-1", seats=3)
        await seating.seat_everybody(state, Watch())
        (late,) = await make_desks(state, ["late"])
        await seating.seat_everybody(state, Watch())
        assert await queue_of(state) == [late]
        now, watch = time.monotonic(), Watch()
        for ago in range(13, 0, -1):
            watch.look(now - ago, {"pod-2": float(ago)}, {"pod-1", "pod-2"})
        await state.redis.delete(keys.pod("pod-1"))
        await beat(state.redis, "pod-2", seats=3)
        await seating.seat_everybody(state, watch)
        assert (await seats_of(state)).keys() == set(seated)
        assert by_pod(await seats_of(state)) == {"pod-2": 3}
        assert await queue_of(state) == [late]


async def test_pools_wait_apart(settings: Settings) -> None:
    async with opened(settings) as (state,):
        elsewhere, here = await make_desks(state, ["ann", "ben"], automatic=False)
        async with transaction(state.sessions) as session:
            desk = (await session.scalars(select(Desk).where(Desk.id == elsewhere))).one()
            desk.pool = "XLON"
        assert not (await service.seat(state, elsewhere, NO_PODS)).seated
        seat = await service.seat(state, here, Look({"pod-1": heartbeat("pod-1")}))
        assert seat.pod == "pod-1"
