"""Pods × leases × heartbeats: what they do not agree on, and what becomes of it."""

from datetime import UTC, datetime

import msgspec

from ai_pod.contracts import keys
from ai_pod.contracts.agents import PodState
from ai_pod.contracts.seats import PodSeats
from backend.database import transaction
from backend.look import Look, look
from backend.pods import repository, seating
from backend.pods.fleets.local import LocalFleet
from backend.pods.fleets.port import FleetAway, FleetPod
from backend.pods.liveness import Watch
from backend.pods.reconciliation import Difference, Kind, Reconciliation, differences
from backend.pods.repository import Held
from backend.settings import Settings
from backend.state import State
from tests.support.build_desks import make_desks, opened, seats_of, set_desks
from tests.support.fake_pod import beat, heartbeat, running_pod
from tests.support.people import until


def lease(pod: str, desk: str) -> Held:
    return Held(pod, "XNYS", desk, 1, datetime.now(UTC), None, True)


def test_they_agree() -> None:
    beats = {"pod-1": heartbeat("pod-1", desks=("ann",))}
    fleet = [FleetPod("pod-1", ends_first=False)]
    assert differences(fleet, [lease("pod-1", "ann")], beats, []) == set()
    assert differences(None, [lease("pod-1", "ann")], beats, []) == set()


def test_every_kind_of_difference_is_found() -> None:
    beats = {pod: heartbeat(pod, desks=("ben",)) for pod in ("pod-1", "pod-2")}
    fleet = [FleetPod("pod-1", ends_first=True), FleetPod("pod-3", ends_first=False)]
    leases = [lease("pod-1", "ann"), lease("pod-2", "ben"), lease("pod-9", "cid")]
    assert differences(fleet, leases, beats, []) == {
        Difference(Kind.UNSERVED, "pod-1", "ann"),
        Difference(Kind.UNLEASED, "pod-1", "ben"),
        Difference(Kind.SILENT, "pod-3"),
        Difference(Kind.UNKNOWN, "pod-2"),
        Difference(Kind.WRONG_COST, "pod-1"),
    }
    marked = differences(fleet, leases, beats, ["pod-1"])
    assert Difference(Kind.WRONG_COST, "pod-1") not in marked


def test_a_pod_that_is_about_to_end_is_not_unknown() -> None:
    """Kubernetes lists it no more, and it beats until its desks sit elsewhere."""
    beats = {"pod-1": heartbeat("pod-1", state=PodState.DRAINING)}
    assert differences([], [], beats, []) == set()


class Told(LocalFleet):
    """A fleet of one pod that remembers what it was told; it may be away."""

    def __init__(self, pod: str) -> None:
        self.listed: list[FleetPod] | None = [FleetPod(pod, ends_first=True)]
        self.told: list[tuple[str, bool]] = []

    async def pods(self) -> list[FleetPod] | None:
        if self.listed is None:
            raise FleetAway("nobody there")
        return self.listed

    async def end_first(self, pod: str, *, first: bool = True) -> None:
        self.told.append((pod, first))


async def seen_and_leased(state: State) -> tuple[Look, list[Held]]:
    async with transaction(state.sessions) as session:
        return await look(state.redis), await repository.held(session)


async def test_a_record_that_was_lost_or_is_old_is_written_at_once(settings: Settings) -> None:
    async with opened(settings) as (state,):
        (desk,) = await make_desks(state, ["ann"])
        await beat(state.redis, "pod-1")
        await seating.seat_everybody(state, Watch())
        first = msgspec.json.decode(await state.redis.get(keys.seats("pod-1")), type=PodSeats)
        await state.redis.delete(keys.seats("pod-1"))
        await set_desks(state, [desk], instruments=["XNYS:MSFT"])
        reconciliation = Reconciliation(state, LocalFleet())
        assert reconciliation.due
        await reconciliation.compare(*await seen_and_leased(state))
        assert not reconciliation.due
        healed = msgspec.json.decode(await state.redis.get(keys.seats("pod-1")), type=PodSeats)
        assert healed.revision > first.revision
        assert healed.seats[0].instruments == ("XNYS:MSFT",)


async def test_a_pod_that_does_not_serve_its_desks_is_nudged_at_the_second_look(
    settings: Settings,
) -> None:
    async with opened(settings) as (state,):
        (desk,) = await make_desks(state, ["ann"])
        async with running_pod(state.redis, "pod-1", settings.secret) as pod:
            await seating.seat_everybody(state, Watch())
            await until(lambda: len(pod.calls) == 1)
            reconciliation = Reconciliation(state, LocalFleet())
            assert await reconciliation.compare(*await seen_and_leased(state)) == set()
            lasting = await reconciliation.compare(*await seen_and_leased(state))
            assert lasting == {Difference(Kind.UNSERVED, "pod-1", desk)}
            await until(lambda: pod.calls == [f"attach {desk}"] * 2)


async def test_a_pod_that_the_fleet_would_end_first_without_reason_is_like_the_others_again(
    settings: Settings,
) -> None:
    async with opened(settings) as (state,):
        fleet = Told("pod-1")
        await beat(state.redis, "pod-1")
        reconciliation = Reconciliation(state, fleet)
        for _ in range(2):
            await reconciliation.compare(*await seen_and_leased(state))
        assert fleet.told == [("pod-1", False)]


async def test_a_pod_that_was_told_to_go_still_goes_first_when_it_is_silent_for_a_while(
    settings: Settings,
) -> None:
    async with opened(settings) as (state,):
        fleet = Told("pod-1")
        async with transaction(state.sessions) as session:
            await repository.mark_drained(session, "pod-1", "XNYS", 1000.0)
            await repository.note_ends_first(session, ["pod-1"])
        reconciliation = Reconciliation(state, fleet)
        for _ in range(2):
            await reconciliation.compare(*await seen_and_leased(state))
        assert fleet.told == []
        await beat(state.redis, "pod-1", started_at=2000.0)
        for _ in range(2):
            await reconciliation.compare(*await seen_and_leased(state))
        assert fleet.told == [("pod-1", False)]


async def test_a_fleet_that_is_away_hinders_nothing_else(settings: Settings) -> None:
    async with opened(settings) as (state,):
        await make_desks(state, ["ann"])
        fleet = Told("pod-1")
        fleet.listed = None
        await beat(state.redis, "pod-1")
        await seating.seat_everybody(state, Watch())
        await state.redis.delete(keys.seats("pod-1"))
        await Reconciliation(state, fleet).compare(*await seen_and_leased(state))
        assert await state.redis.exists(keys.seats("pod-1"))
        assert len(await seats_of(state)) == 1
