"""Attendance: what an open socket does for its desk, round after round."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from backend.auth.dependencies import Caller
from backend.database import transaction
from backend.live.admission import Refused
from backend.live.attendance import AT_ONCE, Attendance
from backend.live.viewer import Viewer
from backend.models import Desk, Role
from backend.pods import presence, seating
from backend.pods.liveness import Watch
from backend.settings import Settings
from backend.state import State
from tests.support.build_desks import make_desks, opened, seats_of
from tests.support.fake_pod import beat
from tests.support.people import until


@dataclass(eq=False)
class Socket:
    """A socket that is merely open; keeps why it was ended."""

    viewer: Viewer
    caller: Caller
    own: bool
    beaten: float = 0.0
    renewed: float | None = None
    ended: list[Refused] = field(default_factory=list)

    def end(self, refused: Refused) -> None:
        self.ended.append(refused)

    def beat(self) -> None:
        """Nobody listens."""

    async def tell_lost(self) -> None:
        """Nobody listens."""


async def socket_of(state: State, desk: str, *, own: bool = True) -> Socket:
    """The owner looks at the desk; another looks at it where it is not `own`."""
    async with transaction(state.sessions) as session:
        user = (await session.get_one(Desk, desk)).user_id
    caller = Caller(user, "org", Role.TRADER, "Ann", "ann")
    return Socket(Viewer(desk, "org"), caller, own)


@contextlib.asynccontextmanager
async def renewing(state: State, *sockets: Socket) -> AsyncIterator[None]:
    """Sockets that are open meanwhile."""
    attendance = Attendance(state)
    for socket in sockets:
        attendance.join(socket)
    task = asyncio.create_task(attendance.renew(), name="renew")
    try:
        yield
    finally:
        state.tasks.stopping.set()
        await asyncio.wait_for(task, 20)


async def one_round(*sockets: Socket) -> None:
    """As if the time for it had come: the second round begins when the first has ended."""
    for _ in range(2):
        for socket in sockets:
            socket.renewed = None
        await until(lambda: all(socket.renewed is not None for socket in sockets), every=0.01)


async def test_an_open_socket_keeps_its_desk_present_and_seated(settings: Settings) -> None:
    assert presence.LIFE_SECONDS >= 2 * presence.RENEW_SECONDS
    async with opened(settings) as (state,):
        (desk,) = await make_desks(state, ["ann"], automatic=False)
        await beat(state.redis, "pod-1")
        socket = await socket_of(state, desk)
        async with renewing(state, socket):

            async def seated() -> bool:
                return desk in await seats_of(state)

            await until(seated)
            for _ in range(2):
                await state.redis.flushdb()
                socket.renewed = (socket.renewed or 0.0) - presence.RENEW_SECONDS

                async def noted() -> bool:
                    return await presence.present(state.redis, [desk]) == {desk}

                await until(noted)
        assert not socket.ended


async def test_somebody_elses_desk_gets_neither_presence_nor_seat(settings: Settings) -> None:
    async with opened(settings) as (state,):
        (desk,) = await make_desks(state, ["ann"], automatic=False)
        await beat(state.redis, "pod-1")
        socket = await socket_of(state, desk, own=False)
        async with renewing(state, socket):
            await one_round(socket)
        assert await presence.present(state.redis, [desk]) == set()
        assert await seats_of(state) == {}


async def test_a_waiting_desk_only_keeps_its_place(settings: Settings) -> None:
    async with opened(settings) as (state,):
        desks = await make_desks(state, ["ann", "ben"], automatic=False)
        sockets = [await socket_of(state, desk) for desk in desks]
        async with renewing(state, *sockets):
            await one_round(*sockets)
            await beat(state.redis, "pod-1", seats=1)

            async def seen() -> bool:
                return bool((await state.living_pods.get()).pods)

            await until(seen)
            await one_round(*sockets)
            assert await seats_of(state) == {}
            assert await presence.present(state.redis, desks) == set(desks)
        await seating.seat_everybody(state, Watch())
        assert len(await seats_of(state)) == 1


async def test_every_socket_has_its_turn_however_many_there_are(settings: Settings) -> None:
    async with opened(settings) as (state,):
        (desk,) = await make_desks(state, ["ann"], automatic=False)
        nobody = Caller("user_gone", "org", Role.TRADER, "Gone", "gone")
        sockets = [Socket(Viewer(desk, "org"), nobody, own=False) for _ in range(AT_ONCE + 10)]
        async with renewing(state, *sockets):
            await until(lambda: all(socket.ended for socket in sockets))
