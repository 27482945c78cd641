"""A changed desk reaches whoever works with a copy of it, with the answer: agents, chat, pod."""

from collections.abc import AsyncIterator
from dataclasses import replace

import msgspec
import pytest
from redis.asyncio import Redis
from sqlalchemy import text

from ai_pod.contracts import keys
from ai_pod.contracts.desk import DeskSnapshot
from ai_pod.contracts.seats import PodSeats, RiskProfile
from backend.database import transaction
from backend.models import Role
from backend.settings import Settings
from backend.state import State
from backend.trading import desk_changes
from market.words import Interval
from tests.support.build_backend import Backend, running_backend
from tests.support.build_desks import make_desks
from tests.support.build_trading import AAPL, IBM, seat, serve_instruments
from tests.support.fake_pod import FakePod, beat, serving
from tests.support.people import until


@pytest.fixture
async def quiet(settings: Settings) -> AsyncIterator[Backend]:
    """A back end whose seating loop has looked once and rests: nothing heals by itself."""
    still = settings.model_copy(update={"seating_period_seconds": 3600.0})
    async with running_backend(still) as backend:
        await serve_instruments(backend.state.redis)
        await until(lambda: rests(backend.state), what="the loop's first look")
        yield backend


async def rests(state: State) -> bool:
    """Whether the seating loop has taken its lease, and does nothing."""
    async with transaction(state.sessions) as session:
        lease = text("SELECT FROM backend.loop_lease WHERE name = 'seating'")
        taken = (await session.execute(lease)).first() is not None
    busy = {task.get_name() for task in state.tasks._busy if task is not None}
    return taken and "seating" not in busy


async def seated(backend: Backend) -> str:
    """Ann's desk, on pod-a."""
    await backend.user("ann", Role.TRADER)
    (desk,) = await make_desks(backend.state, ["ann"])
    await seat(backend.state, desk, lease_epoch=7)
    return desk


async def patch(backend: Backend, path: str, body: dict[str, object]) -> None:
    headers = await backend.sign_in("ann")
    answer = await backend.client.patch(f"/api/v1/desk{path}", headers=headers, json=body)
    assert answer.status_code == 200, answer.text


async def snapshot(state: State, desk: str) -> DeskSnapshot:
    data = await state.redis.get(keys.desk(desk))
    assert data is not None
    return msgspec.json.decode(data, type=DeskSnapshot)


async def record(state: State) -> PodSeats:
    data = await state.redis.get(keys.seats("pod-a"))
    assert data is not None
    return msgspec.json.decode(data, type=PodSeats)


async def test_name_and_automatic_trading_are_in_the_snapshot_at_once(quiet: Backend) -> None:
    desk = await seated(quiet)
    await patch(quiet, "", {"name": "Tall trees", "automatic": False})
    seen = await snapshot(quiet.state, desk)
    assert (seen.name, seen.automatic) == ("Tall trees", False)


async def test_limits_are_in_the_snapshot_at_once(quiet: Backend) -> None:
    desk = await seated(quiet)
    await patch(quiet, "/risk", {"max_position_weight": 0.3, "max_orders_per_minute": 5})
    limits = (await snapshot(quiet.state, desk)).limits
    assert (limits.max_position_weight, limits.max_orders_per_minute) == (0.3, 5)


async def test_instruments_reach_snapshot_seat_record_and_pod_at_once(quiet: Backend) -> None:
    desk = await seated(quiet)
    pod = FakePod("pod-a", quiet.state.settings.secret)
    async with serving(pod.app()) as address:
        await beat(quiet.state.redis, "pod-a", address=address)
        change = {"instruments": [IBM], "interval": "1h", "risk_profile": "bold"}
        await patch(quiet, "/instruments", change)
        assert (await snapshot(quiet.state, desk)).policy_line == "XNYS/IBM/1h/bold"
        (its,) = (await record(quiet.state)).seats
        assert (its.desk, its.lease_epoch, its.instruments) == (desk, 7, (IBM,))
        assert (its.interval, its.risk_profile) == (Interval.HOUR, RiskProfile.BOLD)
        assert its.policy_line == "XNYS/IBM/1h/bold"
        await until(lambda: f"attach {desk}" in pod.calls, 5.0, what="the nudge")


async def test_what_changes_nothing_is_not_told(quiet: Backend) -> None:
    await seated(quiet)
    await patch(quiet, "/instruments", {"instruments": [IBM, AAPL]})
    assert await quiet.state.redis.get(keys.seats("pod-a")) is None


async def test_with_a_store_away_the_change_is_left_to_the_loops(quiet: Backend) -> None:
    desk = await seated(quiet)
    async with Redis.from_url("redis://127.0.0.1:9") as nowhere:
        await desk_changes.tell(replace(quiet.state, redis=nowhere), desk)
    assert await quiet.state.redis.get(keys.seats("pod-a")) is None
