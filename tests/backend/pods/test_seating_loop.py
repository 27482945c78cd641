"""The seating loop itself: fleets that hang or are slow, steps that are cut, another's lease."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from backend import leader, telemetry
from backend.database import transaction
from backend.leader import take_lease
from backend.pods import reconciliation, repository, seating
from backend.pods.fleets.local import LocalFleet
from backend.pods.fleets.port import FleetPod
from backend.settings import Settings
from backend.state import State
from tests.support.build_desks import opened
from tests.support.fake_pod import running_pod
from tests.support.people import until


class Hanging(LocalFleet):
    """Does not answer the first call that tells `pod`, nor the first that lists."""

    def __init__(self, pod: str = "") -> None:
        self._pod = pod
        self.told: Counter[str] = Counter()
        self.listed = 0

    async def end_first(self, pod: str, *, first: bool = True) -> None:
        self.told[pod] += 1
        if pod == self._pod and self.told[pod] == 1:
            await asyncio.Event().wait()

    async def pods(self) -> list[FleetPod] | None:
        self.listed += 1
        if self.listed == 1:
            await asyncio.Event().wait()
        return None


@pytest.fixture
def quick(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Steps come at once and are cut after some seconds; differences are looked for once."""
    monkeypatch.setattr(leader, "LEASE_SECONDS", 8.0)
    monkeypatch.setattr(leader, "LEAST_SECONDS", 5.0)
    monkeypatch.setattr(reconciliation, "PERIOD_SECONDS", 3600.0)
    return settings.model_copy(update={"seating_period_seconds": 0.05})


@asynccontextmanager
async def seated_with(
    fleet: Hanging, state: State, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[None]:
    """The loop runs with this fleet."""

    @asynccontextmanager
    async def open_it(_: Settings) -> AsyncIterator[Hanging]:
        yield fleet

    monkeypatch.setattr(seating, "open_fleet", open_it)
    loop = asyncio.create_task(seating.run(state), name="seating")
    try:
        yield
    finally:
        state.tasks.stopping.set()
        await loop


async def test_what_a_fleet_was_told_before_it_hung_is_not_told_again(
    quick: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("pod-1", "pod-2", "pod-3")
    async with (
        opened(quick) as (state,),
        running_pod(state.redis, names[0], quick.secret),
        running_pod(state.redis, names[1], quick.secret),
        running_pod(state.redis, names[2], quick.secret),
    ):
        async with transaction(state.sessions) as session:
            for pod in names[1:]:
                await repository.mark_drained(session, pod, "XNYS", 1000.0)

        async def noted() -> bool:
            async with transaction(state.sessions) as session:
                return await repository.ends_first(session) == set(names[1:])

        fleet = Hanging("pod-3")
        async with seated_with(fleet, state, monkeypatch):
            await until(noted)
    assert fleet.told == {"pod-2": 1, "pod-3": 2}


async def test_a_comparison_that_was_cut_is_made_at_the_next_step(
    quick: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    fleet = Hanging()
    async with opened(quick) as (state,), seated_with(fleet, state, monkeypatch):
        await until(lambda: fleet.listed >= 2)


async def test_a_fleet_that_is_slow_is_told_as_many_as_there_is_time_for(
    settings: Settings,
) -> None:
    async with (
        opened(settings) as (state,),
        running_pod(state.redis, "pod-1", settings.secret),
        running_pod(state.redis, "pod-2", settings.secret),
        running_pod(state.redis, "pod-3", settings.secret),
    ):
        async with transaction(state.sessions) as session:
            for pod in ("pod-2", "pod-3"):
                await repository.mark_drained(session, pod, "XNYS", 1000.0)
        fleet = Hanging()
        for told in (["pod-2"], ["pod-2", "pod-3"]):
            await seating.seat_everybody(state, seating.Watch(), fleet, seconds=0.0)
            assert sorted(fleet.told) == told
        assert set(fleet.told.values()) == {1}


async def test_who_does_not_seat_tells_no_demand(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leader, "LEASE_SECONDS", 60.0)
    quick = settings.model_copy(update={"seating_period_seconds": 0.05})
    async with opened(quick, 2) as (first, second):
        assert await take_lease(first, "seating")
        telemetry.wanted_pods.labels(pool="XNYS").set(7)
        loop = asyncio.create_task(seating.run(second), name="seating")
        await until(lambda: not any(family.samples for family in telemetry.wanted_pods.collect()))
        second.tasks.stopping.set()
        await loop
