"""A loop's lease: one holder at a time, handed on when it ends or falls silent."""

import asyncio
import time

import pytest
from sqlalchemy import text

from backend import app, leader
from backend.app import keep_running
from backend.database import transaction
from backend.leader import run_once, take_lease
from backend.settings import Settings
from backend.state import State
from tests.support.build_desks import opened


async def test_one_back_end_holds_a_lease_until_it_runs_out(settings: Settings) -> None:
    async with opened(settings, 2) as (first, second):
        assert await take_lease(first, "loop")
        assert await take_lease(first, "loop")
        assert not await take_lease(second, "loop")
        async with transaction(first.sessions) as session:
            await session.execute(
                text("UPDATE backend.loop_lease SET until = now() - interval '1s'")
            )
        assert await take_lease(second, "loop")
        assert not await take_lease(first, "loop")


async def test_a_loop_runs_in_one_back_end_and_goes_on_in_another(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leader, "LEASE_SECONDS", 60.0)
    ran: list[str] = []
    turn = asyncio.Event()

    async def step(state: State) -> None:
        ran.append(state.name)
        turn.set()
        if len(ran) == 1:
            raise ValueError("a step that fails is tried again")

    async def wait_for_turns(count: int) -> None:
        for _ in range(count):
            turn.clear()
            await asyncio.wait_for(turn.wait(), 90)

    async with opened(settings, 1) as (second,):
        async with opened(settings, 1) as (first,):
            first.tasks.start(run_once(first, "loop", step, period_seconds=0.01), name="one")
            await wait_for_turns(3)
            second.tasks.start(run_once(second, "loop", step, period_seconds=0.01), name="two")
            await wait_for_turns(3)
            assert set(ran) == {first.name}
        await wait_for_turns(2)
        assert ran[-1] == second.name


async def test_a_loop_that_ends_with_the_service_is_not_waited_for(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "RESTART_SECONDS", 3600.0)

    async def step(state: State) -> None:
        state.tasks.stopping.set()

    async def loop(state: State) -> None:
        await run_once(state, "loop", step, period_seconds=60.0)

    async with opened(settings, 1) as (state,):
        kept = asyncio.create_task(keep_running("loop", loop, state))
        await asyncio.wait_for(state.tasks.stopping.wait(), 10)
        await asyncio.wait_for(kept, 10)


async def test_a_quick_loop_does_not_ask_for_its_lease_at_every_step(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, ran, enough = 0, 0, asyncio.Event()

    async def counted(state: State, name: str) -> bool:
        nonlocal asked
        asked += 1
        return await take_lease(state, name)

    async def step(state: State) -> None:
        nonlocal ran
        ran += 1
        if ran == 20:
            enough.set()

    monkeypatch.setattr(leader, "take_lease", counted)
    async with opened(settings, 1) as (state,):
        began = time.monotonic()
        state.tasks.start(run_once(state, "loop", step, period_seconds=0.001), name="quick")
        await asyncio.wait_for(enough.wait(), 30)
        renewals = (time.monotonic() - began) / (leader.LEASE_SECONDS - leader.LEAST_SECONDS)
    assert asked <= 2 + renewals
