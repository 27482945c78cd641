"""How a desk takes its seat: one statement of the database, which chooses as everybody does."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, func, insert, update

from ai_pod.contracts.agents import PodState
from backend.database import transaction
from backend.look import Look
from backend.models import Desk, Pod, Pool, Seat, SeatHistory
from backend.pods import repository, service
from backend.pods.placement import choose, lowest_free
from backend.settings import Settings
from backend.state import State
from tests.support.build_desks import make_desks, opened
from tests.support.fake_pod import heartbeat

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
FLEETS = 80


@dataclass(frozen=True)
class Drawn:
    """`listed`: the back end has met it; `closed`: as the loop saw it last."""

    pool: str
    sit: tuple[int, ...]
    listed: bool
    closed: bool
    ready: bool
    seats: int


def draw(chance: random.Random) -> dict[str, Drawn]:
    fleet = {}
    for number in range(chance.randint(0, 8)):
        listed = chance.random() < 0.8
        sit = chance.sample(range(10), chance.choice([0, 1, 2, 3, 9, 10])) if listed else ()
        fleet[f'pod-"{number}\\'] = Drawn(
            pool=chance.choice(["XNYS", "XNYS", "XLON"]),
            sit=tuple(sit),
            listed=listed,
            closed=chance.random() < 0.2,
            ready=chance.random() < 0.7,
            seats=chance.choice([10, 10, 3]),
        )
    return fleet


def by_the_rule(fleet: dict[str, Drawn]) -> tuple[str, int] | None:
    ours = {name: pod for name, pod in fleet.items() if pod.pool == "XNYS"}
    ready = {name: pod.seats for name, pod in ours.items() if pod.ready}
    open_ones = [(n, len(pod.sit)) for n, pod in ours.items() if pod.listed and not pod.closed]
    chosen = choose(sorted(open_ones, key=lambda pod: (-pod[1], pod[0])), ready)
    if chosen is None:
        chosen = min((name for name in ready if not ours[name].listed), default=None)
    return (chosen, lowest_free(ours[chosen].sit)) if chosen else None


async def stand(state: State, fleet: dict[str, Drawn], sitting: list[str]) -> Look:
    """These pods and no others, and nobody waits."""
    spare = iter(sitting)
    async with transaction(state.sessions) as session:
        for table in (Seat, SeatHistory, Pod):
            await session.execute(delete(table))
        await session.execute(update(Desk).values(waiting_since=None))
        for name, pod in fleet.items():
            if pod.listed:
                await repository.register(session, {name: pod.pool})
            for number in pod.sit:
                desk = next(spare)
                seat = {"pod": name, "seat": number, "pool": pod.pool, "desk_id": desk}
                epoch = func.nextval("backend.lease_epoch_seq")
                owner = (await session.get_one(Desk, desk)).organisation_id
                made = insert(Seat).values(**seat, lease_epoch=epoch, organisation_id=owner)
                await session.execute(made)
            if pod.closed:
                await session.execute(
                    update(Pod).where(Pod.name == name).values(closed_since=func.now())
                )
    beats = {
        name: heartbeat(
            name,
            pool=pod.pool,
            seats=pod.seats,
            state=PodState.READY if pod.ready else PodState.STARTING,
        )
        for name, pod in fleet.items()
    }
    return Look(beats)


async def test_the_database_chooses_as_desks_move_and_as_clusters_are_simulated(
    settings: Settings,
) -> None:
    chance = random.Random(20)
    seated = 0
    async with opened(settings) as (state,):
        (desk,) = await make_desks(state, ["ann"])
        sitting = await make_desks(state, [f"user{n}" for n in range(80)], organisation="Others")
        for _ in range(FLEETS):
            fleet = draw(chance)
            look = await stand(state, fleet, sitting)
            placement = await service.seat(state, desk, look)
            place = (placement.pod, placement.seat) if placement.seated else None
            assert place == by_the_rule(fleet), fleet
            seated += placement.seated
    assert FLEETS / 4 < seated < FLEETS


async def test_whoever_has_a_seat_keeps_it_and_is_not_told_of_anew(settings: Settings) -> None:
    async with opened(settings) as (state,):
        (desk,) = await make_desks(state, ["ann"])
        look = Look({"pod-1": heartbeat("pod-1")})
        first = await service.seat(state, desk, look)
        again = await service.seat(state, desk, Look({}))
        assert (again.pod, again.seat, again.lease_epoch) == ("pod-1", 0, first.lease_epoch)
        assert (first.moved, again.moved) == (("pod-1",), ())


async def test_the_first_desk_of_a_pool_makes_its_row(settings: Settings) -> None:
    async with opened(settings) as (state,):
        (desk,) = await make_desks(state, ["ann"])
        async with transaction(state.sessions) as session:
            await session.execute(delete(Pool))
        assert (await service.seat(state, desk, Look({"pod-1": heartbeat("pod-1")}))).seated


async def test_a_marked_pod_takes_nobody_from_that_moment_and_a_kept_one_does(
    settings: Settings,
) -> None:
    async with opened(settings) as (state,):
        first, second = await make_desks(state, ["ann", "ben"])
        look = Look({name: heartbeat(name) for name in ("pod-1", "pod-2")})
        async with transaction(state.sessions) as session:
            await repository.register(session, dict.fromkeys(look.pods, "XNYS"))
            await repository.mark_drained(session, "pod-1", "XNYS", 1000.0)
        assert (await service.seat(state, first, look)).pod == "pod-2"
        async with transaction(state.sessions) as session:
            await repository.mark_drained(session, "pod-2", "XNYS", 1000.0)
            await repository.keep(session, ["pod-1"])
        assert (await service.seat(state, second, look)).pod == "pod-1"
