"""Scale-in under load: a hundred users on ten pods, of whom half leave. A real back end process
with its loop, the local cluster's own scaler, real sockets; pods without agents.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from ai_pod.contracts.agents import SEATS
from ai_pod.contracts.tokens import DEFAULT_SECRET
from backend import keys
from backend.auth.dependencies import Caller
from backend.auth.tickets import issue_ticket
from backend.database import transaction
from backend.models import Desk, Role, Seat, SeatHistory, User
from backend.settings import Settings
from backend.state import State
from shiftdesk.local.scaler import Scaler
from tests.support.build_desks import by_pod, make_desks, opened, seats_of, set_desks
from tests.support.build_live import Server, backend_process, numbers
from tests.support.people import Live, until
from tests.support.pod_yard import PodYard

pytestmark = pytest.mark.timeout(240)

USERS = 100
STAY = 50


async def connected(state: State, server: Server, desks: list[str]) -> dict[str, Live]:
    """Each desk's owner at a live socket that has had its snapshot."""
    async with transaction(state.sessions) as session:
        rows = await session.execute(select(User, Desk.id).join(Desk, Desk.user_id == User.id))
        owners = {desk: user for user, desk in rows}
    found = {}
    for desk in desks:
        user = owners[desk]
        caller = Caller(user.id, user.organisation_id, Role(user.role), user.name, user.login)
        ticket = await issue_ticket(state.redis, caller)
        found[desk] = Live(await server.connect(f"?ticket={ticket}"))
    return found


@contextlib.asynccontextmanager
async def followed(state: State, server: Server) -> AsyncIterator[PodYard]:
    """Pods as the scaler starts and ends them, following `/scaling`."""
    yard = PodYard(state.redis, DEFAULT_SECRET)
    scaler = Scaler("XNYS", server.url, DEFAULT_SECRET, yard, {}, state.redis)  # type: ignore[arg-type]  # as much of a supervisor as it uses
    follow = asyncio.create_task(scaler.run(), name="scaler")
    try:
        yield yard
    finally:
        follow.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await follow
        await yard.stop_all()


async def test_half_of_the_users_leave_and_only_empty_pods_end(settings: Settings) -> None:
    async with opened(settings) as (state,):
        desks = await make_desks(state, [f"user{n:03d}" for n in range(USERS)])
        with backend_process(
            settings.database_url,
            settings.redis_url,
            SHIFTDESK_HOLD_DOWN_SECONDS="4",
            SHIFTDESK_RELEASE_SECONDS="0",
            SHIFTDESK_SEATING_PERIOD_SECONDS="0.3",
        ) as server:
            await until(server.healthy, seconds=30)
            async with followed(state, server) as yard:
                await until(lambda: all_seated(state, desks), 40, what="everybody seated")
                lives = await connected(state, server, desks)
                assert max(by_pod(await seats_of(state)).values()) == SEATS
                # One or another of every pod's users, so that no pod empties by itself.
                ordered = await seat_by_seat(state)
                leave = ordered[STAY:]
                await asyncio.gather(*(lives.pop(desk).close() for desk in leave))
                await set_desks(state, leave, automatic=False)
                await until(lambda: settled(state, yard, leave), 60, what="six pods")
                told = {desk: len(numbers(live)) for desk, live in lives.items()}
                await until(lambda: everybody_hears(lives, told, yard), 60)
                assert [live.closed for live in lives.values()] == [None] * STAY
                for live in lives.values():
                    seen = numbers(live)
                    assert seen == list(range(seen[0], seen[0] + len(seen)))
                assert set(yard.emptied.values()) == {0}
                assert len(yard.emptied) >= 4
                assert (await seats_of(state)).keys() == set(ordered[:STAY])
                assert max((await moves(state, ordered[:STAY])).values(), default=0) <= 1
                await asyncio.gather(*(live.close() for live in lives.values()))


async def all_seated(state: State, desks: list[str]) -> bool:
    return (await seats_of(state)).keys() == set(desks)


async def seat_by_seat(state: State) -> list[str]:
    """The desks on every pod's first seat, then on every second one, and so on."""
    async with transaction(state.sessions) as session:
        ordered = select(Seat.desk_id).order_by(Seat.seat, Seat.pod)
        return list(await session.scalars(ordered))


async def settled(state: State, yard: PodYard, left: list[str]) -> bool:
    """Fifty users and two seats of headroom take six pods. Who `left` a second ago may be noted as
    present once more, for a minute, which is not waited for.
    """
    await state.redis.delete(*map(keys.presence, left))
    seats = await seats_of(state)
    return len(seats) == STAY and len(yard.names()) == 6


def everybody_hears(lives: dict[str, Live], told: dict[str, int], yard: PodYard) -> bool:
    """Each of them has had six frames more; raises AssertionError saying who has not, and why."""
    behind = {
        desk: f"closed: {live.closed}, heard {heard}, sent {yard.sent[desk]}"
        for desk, live in lives.items()
        if (heard := len(numbers(live))) <= told[desk] + 5
    }
    assert not behind, f"{behind}; pods {yard.fates()}"
    return True


async def moves(state: State, desks: list[str]) -> Counter[str]:
    """How often each desk has changed its seat."""
    async with transaction(state.sessions) as session:
        rows = (await session.scalars(select(SeatHistory.desk_id))).all()
    taken = Counter(desk for desk in rows if desk in desks)
    return Counter({desk: times - 1 for desk, times in taken.items()})
