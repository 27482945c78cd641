"""The seating loop's step: desks get seats, dead and drained pods lose theirs, records follow."""

import json
import time
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ai_pod.contracts import keys
from ai_pod.contracts.agents import PodState
from ai_pod.contracts.seats import PodSeats
from backend.database import transaction
from backend.look import look
from backend.pods import presence, repository, seating, service
from backend.pods.demand import Rules
from backend.pods.fleets.local import LocalFleet
from backend.pods.fleets.port import FleetAway
from backend.pods.liveness import Watch
from backend.pods.views import pods, scaling
from backend.settings import Settings
from backend.state import State
from tests.support.build_backend import settings_for
from tests.support.build_desks import by_pod, make_desks, opened, seats_of, set_desks
from tests.support.fake_pod import beat, running_pod


def events_in(folder: Path) -> list[dict[str, object]]:
    (log,) = folder.glob("*.jsonl")
    return [json.loads(line) for line in log.read_text().splitlines()]


async def record(redis: Redis, pod: str) -> PodSeats | None:
    data = await redis.get(keys.seats(pod))
    return msgspec.json.decode(data, type=PodSeats) if data else None


async def judged(state: State, hold_down: float = 0.0) -> dict[str, object]:
    async with transaction(state.sessions) as session:
        rules = Rules(timedelta(seconds=hold_down))
        view = await scaling(session, state.redis, "XNYS", rules)
        return view.model_dump()


async def test_twelve_automatic_desks_sit_on_two_pods_and_ten_more_want_a_third(
    settings: Settings,
) -> None:
    async with opened(settings) as (state,):
        desks = await make_desks(state, [f"user{n}" for n in range(12)])
        watch = Watch()
        await seating.seat_everybody(state, watch)
        first = await judged(state)
        assert (first["wanted_pods"], first["waiting"]) == (2, 12)
        for pod in ("pod-1", "pod-2"):
            await beat(state.redis, pod)
        await seating.seat_everybody(state, watch)
        seats = await seats_of(state)
        assert seats.keys() == set(desks)
        assert by_pod(seats) == {"pod-1": 10, "pod-2": 2}
        assert (await judged(state))["wanted_pods"] == 2
        await make_desks(state, [f"more{n}" for n in range(10)])
        await seating.seat_everybody(state, watch)
        assert (await judged(state))["wanted_pods"] == 3


async def test_seat_records_say_what_postgres_says(settings: Settings) -> None:
    async with opened(settings) as (state,):
        (desk,) = await make_desks(state, ["ann"])
        await beat(state.redis, "pod-1")
        await seating.seat_everybody(state, Watch())
        first = await record(state.redis, "pod-1")
        assert first is not None
        assert [seat.desk for seat in first.seats] == [desk]
        assert first.seats[0].policy_version == "rule:equal-weight@1"
        assert first.seats[0].instruments == ("XNYS:AAPL", "XNYS:IBM")


async def test_a_dead_pods_desks_move_and_what_finds_no_seat_waits(
    settings: Settings, tmp_path: Path
) -> None:
    logged = settings.model_copy(update={"events": tmp_path})
    async with opened(logged) as (state,):
        await make_desks(state, [f"user{n}" for n in range(12)])
        for pod in ("pod-1", "pod-2"):
            await beat(state.redis, pod)
        await seating.seat_everybody(state, Watch())
        before = await seats_of(state)
        now = time.monotonic()
        watch = Watch()
        for ago in range(13, 0, -1):
            watch.look(now - ago, {"pod-2": float(ago)}, {"pod-1", "pod-2"})
        await state.redis.delete(keys.pod("pod-1"))
        await seating.seat_everybody(state, watch)
        after = await seats_of(state)
        assert by_pod(after) == {"pod-2": 10}
        assert all(
            after[desk].lease_epoch > seat.lease_epoch
            for desk, seat in before.items()
            if seat.pod == "pod-1" and desk in after
        )
        assert (await judged(state))["waiting"] == 2
        emptied = await record(state.redis, "pod-1")
        assert emptied is not None
        assert emptied.seats == ()
    events = events_in(tmp_path)
    assert [event["event"] for event in events].count("desk_seated") == 20
    gone = [event for event in events if event["event"] == "desk_unseated"]
    assert {event["pod"] for event in gone} == {"pod-1"}
    assert len(gone) == 10


async def test_nothing_is_concluded_while_redis_is_away(settings: Settings) -> None:
    async with opened(settings) as (state,):
        await make_desks(state, ["ann"])
        await beat(state.redis, "pod-1")
        await seating.seat_everybody(state, Watch())
        before = await seats_of(state)
        away = settings_for(settings.database_url, "redis://127.0.0.1:9/0")
        async with opened(away) as (blind,):
            with pytest.raises(RedisError):
                await seating.seat_everybody(blind, Watch())
        assert {d: s.lease_epoch for d, s in (await seats_of(state)).items()} == {
            d: s.lease_epoch for d, s in before.items()
        }


async def test_surplus_pods_are_emptied_first_and_then_may_be_ended(settings: Settings) -> None:
    quick = settings.model_copy(update={"hold_down_seconds": 0.0})
    async with opened(quick) as (state,):
        desks = await make_desks(state, [f"user{n}" for n in range(22)])
        async with (
            running_pod(state.redis, "pod-1", quick.secret),
            running_pod(state.redis, "pod-2", quick.secret),
            running_pod(state.redis, "pod-3", quick.secret),
        ):
            watch = Watch()
            await seating.seat_everybody(state, watch)
            seats = await seats_of(state)
            assert by_pod(seats) == {"pod-1": 10, "pod-2": 10, "pod-3": 2}
            on = {pod: [desk for desk in desks if seats[desk].pod == pod] for pod in by_pod(seats)}
            await set_desks(state, on["pod-1"][:5] + on["pod-2"][:5], automatic=False)
            for _ in range(2):
                await seating.seat_everybody(state, watch)
            verdict = await judged(state)
            assert verdict["wanted_pods"] == 3
            assert verdict["draining"] == ["pod-3"]
            await seating.seat_everybody(state, watch)
            verdict = await judged(state)
            assert (verdict["wanted_pods"], verdict["removable"]) == (2, ["pod-3"])
            assert set(by_pod(await seats_of(state))) == {"pod-1", "pod-2"}
            assert len(await seats_of(state)) == 12


async def test_a_pod_that_is_being_emptied_is_kept_when_it_is_wanted_again(
    settings: Settings,
) -> None:
    quick = settings.model_copy(update={"hold_down_seconds": 0.0})
    async with opened(quick) as (state,):
        desks = await make_desks(state, [f"user{n}" for n in range(12)])
        for pod in ("pod-1", "pod-2"):
            await beat(state.redis, pod)
        await seating.seat_everybody(state, Watch())
        before = await seats_of(state)
        async with transaction(state.sessions) as session:
            await repository.mark_drained(session, "pod-2", "XNYS", 1000.0)
        await set_desks(state, desks, automatic=True)
        await seating.seat_everybody(state, Watch())
        assert (await judged(state))["ready"] == ["pod-1", "pod-2"]
        assert {desk: seat.lease_epoch for desk, seat in (await seats_of(state)).items()} == {
            desk: seat.lease_epoch for desk, seat in before.items()
        }


async def test_a_seat_is_found_again_without_a_look_at_the_pods(settings: Settings) -> None:
    async with opened(settings) as (state,):
        (desk,) = await make_desks(state, ["ann"])
        await beat(state.redis, "pod-1")
        first = await service.connect(state, desk)
        await state.redis.delete(keys.pod("pod-1"))
        again = await service.connect(state, desk)
        assert (again.pod, again.lease_epoch) == ("pod-1", first.lease_epoch)
        assert again.moved == ()


async def test_a_pod_that_says_it_drains_is_emptied(settings: Settings) -> None:
    async with opened(settings) as (state,):
        (desk,) = await make_desks(state, ["ann"])
        await beat(state.redis, "pod-1")
        await seating.seat_everybody(state, Watch())
        await beat(state.redis, "pod-1", state=PodState.DRAINING)
        await beat(state.redis, "pod-2")
        await seating.seat_everybody(state, Watch())
        assert (await seats_of(state))[desk].pod == "pod-2"


async def test_a_desk_keeps_its_seat_while_connected_and_a_while_after(settings: Settings) -> None:
    async with opened(settings) as (state,):
        (desk,) = await make_desks(state, ["ann"], automatic=False)
        await beat(state.redis, "pod-1")
        await seating.seat_everybody(state, Watch())
        assert await seats_of(state) == {}
        placement = await service.connect(state, desk)
        assert placement.pod == "pod-1"
        await seating.seat_everybody(state, Watch())
        await state.redis.flushdb()
        await beat(state.redis, "pod-1")
        await seating.seat_everybody(state, Watch())
        assert desk in await seats_of(state)
        impatient = settings.model_copy(update={"release_seconds": 0.0})
        async with opened(impatient) as (other,):
            await presence.connected(other.redis, desk)
            await seating.seat_everybody(other, Watch())
            assert desk in await seats_of(other)
            await other.redis.flushdb()
            await beat(other.redis, "pod-1")
            await seating.seat_everybody(other, Watch())
            assert await seats_of(other) == {}


async def test_a_connected_desk_without_a_free_seat_waits_and_is_seated_later(
    settings: Settings,
) -> None:
    async with opened(settings) as (state,):
        (desk,) = await make_desks(state, ["ann"], automatic=False)
        assert not (await service.connect(state, desk)).seated
        async with transaction(state.sessions) as session:
            assert [one.id for one in await repository.waiting(session)] == [desk]
        await beat(state.redis, "pod-1")
        await seating.seat_everybody(state, Watch())
        assert (await seats_of(state))[desk].pod == "pod-1"


async def test_starting_pods_get_no_desks(settings: Settings) -> None:
    async with opened(settings) as (state,):
        await make_desks(state, ["ann"])
        await beat(state.redis, "pod-1", state=PodState.STARTING)
        await seating.seat_everybody(state, Watch())
        assert await seats_of(state) == {}
        assert (await look(state.redis)).ready("XNYS", {}) == {}


class Deaf(LocalFleet):
    """A fleet that cannot be told anything."""

    async def end_first(self, pod: str, *, first: bool = True) -> None:
        raise FleetAway("nobody there")


async def test_an_empty_pod_may_be_ended_only_once_the_fleet_is_told(settings: Settings) -> None:
    async with opened(settings) as (state,):
        for pod in ("pod-1", "pod-2"):
            await beat(state.redis, pod)
        async with transaction(state.sessions) as session:
            await repository.mark_drained(session, "pod-2", "XNYS", 1000.0)
        for fleet, wanted, action in (
            (Deaf(), 2, "have pod-2 end before others"),
            (LocalFleet(), 1, "end pod-2: drained and empty"),
        ):
            await seating.seat_everybody(state, Watch(), fleet)
            verdict = await judged(state)
            assert (verdict["wanted_pods"], verdict["next_action"]) == (wanted, action)
            async with transaction(state.sessions) as session:
                shown = {pod.pod: pod for pod in await pods(session, state.redis, "Test")}
            assert shown["pod-2"].draining
            assert shown["pod-2"].removable is (wanted == 1)
