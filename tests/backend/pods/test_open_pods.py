"""Which pods the search for a seat reads: those that take desks, however many have ended."""

from datetime import timedelta

from sqlalchemy import select, update

from ai_pod.contracts import keys
from ai_pod.contracts.agents import PodState
from backend.database import transaction
from backend.look import look
from backend.models import Pod
from backend.pods import lease_rows, repository, seating, service
from backend.pods.liveness import Watch
from backend.settings import Settings
from backend.state import State
from tests.support.build_desks import make_desks, opened, seats_of
from tests.support.fake_pod import beat


async def read_by_the_choice(state: State) -> set[str]:
    async with transaction(state.sessions) as session:
        return {pod.name for pod in await lease_rows.with_room(session, "XNYS")}


async def known(state: State) -> set[str]:
    async with transaction(state.sessions) as session:
        return set(await session.scalars(select(Pod.name)))


async def register(state: State, *pods: str) -> None:
    async with transaction(state.sessions) as session:
        await repository.register(session, dict.fromkeys(pods, "XNYS"))


async def test_pods_that_take_no_desks_are_not_read(settings: Settings) -> None:
    async with opened(settings) as (state,):
        dead = [f"ended-{n}" for n in range(20)]
        await register(state, *dead, "marked", "ready", "starting")
        async with transaction(state.sessions) as session:
            await repository.mark_drained(session, "marked", "XNYS", 1000.0)
        await beat(state.redis, "marked")
        await beat(state.redis, "ready")
        await beat(state.redis, "starting", state=PodState.STARTING)
        await seating.seat_everybody(state, Watch())
        assert await read_by_the_choice(state) == {"ready"}
        (desk,) = await make_desks(state, ["ann"])
        assert (await service.seat(state, desk, await look(state.redis))).pod == "ready"


async def test_a_pod_that_takes_desks_again_is_read_again(settings: Settings) -> None:
    async with opened(settings) as (state,):
        (desk,) = await make_desks(state, ["ann"])
        await register(state, "pod-1")
        await seating.seat_everybody(state, Watch())
        assert await read_by_the_choice(state) == set()
        await beat(state.redis, "pod-1")
        await seating.seat_everybody(state, Watch())
        assert (await seats_of(state))[desk].pod == "pod-1"
        await state.redis.delete(keys.pod("pod-1"))
        await seating.seat_everybody(state, Watch())
        assert await read_by_the_choice(state) == set()


async def test_who_holds_a_pods_row_is_not_waited_for(settings: Settings) -> None:
    async with opened(settings) as (state,):
        await register(state, "held", "free")
        async with transaction(state.sessions) as session:
            held = select(Pod).where(Pod.name == "held").with_for_update()
            await session.execute(held)
            async with transaction(state.sessions) as other:
                await repository.note_open(other, [])
        assert await read_by_the_choice(state) == {"held"}


async def test_a_pod_that_has_been_gone_for_an_hour_is_forgotten(settings: Settings) -> None:
    async with opened(settings) as (state,):
        await make_desks(state, ["ann"])
        await beat(state.redis, "seated")
        await seating.seat_everybody(state, Watch())
        await state.redis.delete(keys.pod("seated"))
        await beat(state.redis, "draining", state=PodState.DRAINING)
        await register(state, "draining", "long-gone")
        await seating.seat_everybody(state, Watch())
        async with transaction(state.sessions) as session:
            earlier = Pod.closed_since - timedelta(hours=1)
            await session.execute(update(Pod).values(closed_since=earlier))
        await register(state, "just-gone")
        await seating.seat_everybody(state, Watch())
        assert await known(state) == {"seated", "draining", "just-gone"}
