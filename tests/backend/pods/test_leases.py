"""Leases as properties: whatever several back ends do at once, no desk has two seats, no pod has
more than ten desks, and lease epochs rise.
"""

import asyncio
from collections.abc import Awaitable
from itertools import pairwise

import msgspec
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from ai_pod.contracts import keys
from ai_pod.contracts.seats import PodSeats
from backend.database import transaction
from backend.desks.repository import lock
from backend.look import Look
from backend.models import Desk, Pod, Seat, SeatHistory
from backend.pods import records, repository, service
from backend.pods.leases import Placement
from backend.settings import Settings
from backend.state import State
from tests.support.build_desks import by_pod, make_desks, opened, seats_of
from tests.support.fake_pod import heartbeat

DESKS = 14
PODS = ("pod-a", "pod-b")
acts = st.tuples(
    st.sampled_from(["seat", "in turn", "move", "leave", "release"]), st.integers(0, DESKS - 1)
)
rounds = st.lists(st.lists(acts, min_size=1, max_size=8), min_size=1, max_size=5)


def look_of(*pods: str) -> Look:
    return Look({pod: heartbeat(pod) for pod in pods})


async def act(state: State, what: str, desk: str) -> Placement:
    pods = look_of(*PODS)
    if what in ("seat", "in turn"):
        return await service.seat(state, desk, pods, in_turn=what == "in turn")
    seat = (await seats_of(state)).get(desk)
    if seat is None:
        return Placement(desk, None)
    if what == "release":
        return await service.release(state, seat, pods, "test")
    return await service.move(state, seat, pods, "test", must_leave=what == "leave")


async def check(state: State) -> None:
    seats = await seats_of(state)
    assert max(by_pod(seats).values(), default=0) <= 10
    async with transaction(state.sessions) as session:
        history = list(await session.scalars(select(SeatHistory).order_by(SeatHistory.lease_epoch)))
        desks = {desk.id: desk for desk in await session.scalars(select(Desk))}
    for desk_id in desks:
        its = [row for row in history if row.desk_id == desk_id]
        open_ones = [row.lease_epoch for row in its if row.left_at is None]
        seat = seats.get(desk_id)
        assert open_ones == ([seat.lease_epoch] if seat else [])
        for earlier, later in pairwise(its):
            assert earlier.left_at is not None
            assert earlier.left_at <= later.taken_at
        if seat is not None:
            assert desks[desk_id].waiting_since is None
            assert seat.lease_epoch == max(row.lease_epoch for row in its)


@given(rounds=rounds)
@hypothesis_settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_nothing_that_back_ends_do_at_once_breaks_a_lease(
    settings: Settings, rounds: list[list[tuple[str, int]]]
) -> None:
    async def scenario() -> None:
        async with opened(settings, 3) as states:
            desks = await make_desks(states[0], [f"user{n}" for n in range(DESKS)])
            async with transaction(states[0].sessions) as session:
                await session.execute(delete(Seat))
                await session.execute(delete(SeatHistory))
            for one_round in rounds:
                work: list[Awaitable[Placement]] = [
                    act(states[n % 3], what, desks[desk])
                    for n, (what, desk) in enumerate(one_round)
                ]
                await asyncio.gather(*work)
                await check(states[0])

    asyncio.run(scenario())


async def test_many_desks_at_once_over_several_back_ends_fill_pods_and_no_more(
    settings: Settings,
) -> None:
    async with opened(settings, 3) as states:
        desks = await make_desks(states[0], [f"user{n}" for n in range(25)])
        pods = look_of(*PODS)
        asked = [service.seat(states[n % 3], desk, pods) for n, desk in enumerate(desks * 2)]
        placements = await asyncio.gather(*asked)
        seats = await seats_of(states[0])
        assert by_pod(seats) == {"pod-a": 10, "pod-b": 10}
        assert sum(placement.seated for placement in placements) >= 20
        epochs = [seat.lease_epoch for seat in seats.values()]
        assert len(set(epochs)) == 20
        await check(states[0])


async def test_the_fullest_pod_with_a_free_seat_comes_first(settings: Settings) -> None:
    async with opened(settings) as (state,):
        desks = await make_desks(state, [f"user{n}" for n in range(12)])
        both = look_of(*PODS)
        for desk in desks[:3]:
            await service.seat(state, desk, look_of("pod-b"))
        for desk in desks[3:]:
            await service.seat(state, desk, both)
        assert by_pod(await seats_of(state)) == {"pod-b": 10, "pod-a": 2}


async def test_a_move_notes_the_last_recorded_bar_under_a_higher_epoch(settings: Settings) -> None:
    async with opened(settings) as (state,):
        (desk,) = await make_desks(state, ["ann"])
        await service.seat(state, desk, look_of("pod-a"))
        before = (await seats_of(state))[desk]
        async with transaction(state.sessions) as session:
            row = await session.get_one(Desk, desk)
            row.last_bar_end = before.taken_at
        moved = await service.move(state, before, look_of(*PODS), "test")
        async with transaction(state.sessions) as session:
            after = (await session.scalars(select(Seat).where(Seat.desk_id == desk))).one()
        assert (moved.pod, after.pod) == ("pod-b", "pod-b")
        assert after.lease_epoch > before.lease_epoch
        assert after.resume_after == before.taken_at


async def test_without_another_seat_a_desk_stays_or_waits(settings: Settings) -> None:
    async with opened(settings) as (state,):
        (desk,) = await make_desks(state, ["ann"])
        await service.seat(state, desk, look_of("pod-a"))
        seat = (await seats_of(state))[desk]
        stayed = await service.move(state, seat, look_of("pod-a"), "draining")
        assert stayed.pod == "pod-a"
        assert stayed.moved == ()
        left = await service.move(state, seat, look_of("pod-a"), "dead", must_leave=True)
        assert not left.seated
        async with transaction(state.sessions) as session:
            assert (await session.get_one(Desk, desk)).waiting_since is not None


async def test_only_who_lost_a_seat_goes_on_after_its_last_bar(settings: Settings) -> None:
    """One that comes to a full house waits as well, and begins with the next bar."""
    async with opened(settings) as (state,):
        lost, new = await make_desks(state, ["ann", "bob"])
        await service.seat(state, lost, look_of("pod-a"))
        seat = (await seats_of(state))[lost]
        async with transaction(state.sessions) as session:
            for desk in (lost, new):
                (await session.get_one(Desk, desk)).last_bar_end = seat.taken_at
        await service.move(state, seat, look_of("pod-a"), "pod dead", must_leave=True)
        await service.seat(state, new, look_of())
        for desk in (lost, new):
            await service.seat(state, desk, look_of("pod-b"), in_turn=True)
        async with transaction(state.sessions) as session:
            seats = {one.desk_id: one.resume_after for one in await session.scalars(select(Seat))}
        assert seats[lost] == seat.taken_at
        assert seats[new] != seat.taken_at


async def test_who_comes_late_takes_no_desk_off_its_new_seat(settings: Settings) -> None:
    """Two back ends saw the same seat on a dead pod; the second to act finds the desk moved."""
    async with opened(settings) as (state,):
        (desk,) = await make_desks(state, ["ann"])
        await service.seat(state, desk, look_of("pod-a"))
        seen = (await seats_of(state))[desk]
        moved = await service.move(state, seen, look_of(*PODS), "pod dead", must_leave=True)
        again = await service.move(state, seen, look_of(*PODS), "pod dead", must_leave=True)
        released = await service.release(state, seen, look_of(*PODS), "nobody connected")
        assert again.lease_epoch == released.lease_epoch == moved.lease_epoch
        assert (await seats_of(state))[desk].pod == "pod-b"


async def test_desks_that_somebody_holds_are_left_for_the_next_time(settings: Settings) -> None:
    """Who locks all desks of an organisation, as the kill switch does, never meets the loop."""
    async with opened(settings) as (state,):
        held, free = await make_desks(state, ["ann", "ben"])
        async with transaction(state.sessions) as session:
            await lock(session, held)
            async with asyncio.timeout(30), transaction(state.sessions) as other:
                await repository.mark_wanting(other)
        assert await waiting(state) == {free}
        async with transaction(state.sessions) as session:
            await repository.mark_wanting(session)
        assert await waiting(state) == {held, free}


async def waiting(state: State) -> set[str]:
    async with transaction(state.sessions) as session:
        return {desk.id for desk in await repository.waiting(session)}


async def test_a_pod_that_was_forgotten_goes_on_above_its_old_record(settings: Settings) -> None:
    async with opened(settings) as (state,):
        (desk,) = await make_desks(state, ["ann"])
        await service.seat(state, desk, look_of("pod-a"))
        for _ in range(3):
            await records.publish(state.sessions, state.redis, ["pod-a"], "XNYS")
        before = await record(state)
        async with transaction(state.sessions) as session:
            await session.execute(delete(Pod))
        await records.publish(state.sessions, state.redis, ["pod-a"], "XNYS")
        assert (await record(state)).revision >= before.revision
        await service.release(state, (await seats_of(state))[desk], look_of(*PODS), "test")
        assert (await record(state)).seats == ()


async def record(state: State) -> PodSeats:
    data = await state.redis.get(keys.seats("pod-a"))
    return msgspec.json.decode(data or b"", type=PodSeats)
