"""The simulation: its seats keep the back end's promises, its cluster ends whom a ReplicaSet would,
and a few days of it hold what is promised of thousands.
"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pod.contracts.agents import SEATS
from shiftdesk.checkout import ROOT
from shiftdesk.simulation.cluster import Cluster, Machine
from shiftdesk.simulation.figures import figures
from shiftdesk.simulation.people import HOUR, Habits, stays
from shiftdesk.simulation.run import Simulation, World
from shiftdesk.simulation.seats import Seats
from tests.support.verbs import verb

acts = st.lists(
    st.tuples(st.sampled_from(["take", "leave", "move", "ready", "unready"]), st.integers(0, 40)),
    max_size=60,
)


@given(acts)
def test_seats_never_overfill_and_count_right(steps: list[tuple[str, int]]) -> None:
    seats = Seats()
    pods = [f"pod-{n}" for n in range(3)]
    for pod in pods:
        seats.add_pod(pod)
    for what, number in steps:
        if what == "take" and number not in seats.of:
            seats.take(number)
        elif what == "leave" and number in seats.of:
            seats.leave(number)
        elif what == "move" and number in seats.of:
            seats.move(number)
        elif what == "ready":
            seats.ready[pods[number % 3]] = SEATS
        elif what == "unready":
            seats.ready.pop(pods[number % 3], None)
    assert seats.over_cap == 0
    assert sum(seats.taken(pod) for pod in pods) == len(seats.of)
    for user, (pod, number) in seats.of.items():
        assert seats.on[pod][number] == user
        assert number < SEATS


def test_the_cluster_ends_what_is_not_ready_then_what_is_marked_then_the_youngest() -> None:
    cluster = Cluster(Machine(poll_seconds=1.0), np.random.default_rng(1))
    old = [cluster.start(0.0, at_once=True) for _ in range(2)]
    cluster.became_ready(0.0)
    young = cluster.start(10.0, at_once=True)
    cluster.became_ready(10.0)
    cluster.follow(20.0, 4, set())
    assert len(cluster.starting) == 1
    assert cluster.follow(21.0, 3, {old[0]}) == []
    assert cluster.starting == {}
    assert cluster.follow(22.0, 2, {old[0]}) == [old[0]]
    assert cluster.follow(23.0, 1, set()) == [young]
    assert list(cluster.started) == [old[1]]


def test_the_cluster_never_has_more_pods_than_production_allows() -> None:
    overlay = (ROOT / "k8s/overlays/production/kustomization.yaml").read_text()
    assert f"path: /spec/maxReplicaCount\n        value: {Machine.most_pods}\n" in overlay
    cluster = Cluster(Machine(most_pods=3), np.random.default_rng(1))
    cluster.follow(0.0, 5, set())
    assert cluster.size == 3


def test_who_still_waits_at_the_end_has_waited() -> None:
    """There is one pod, and nobody leaves."""
    habits = Habits(automatic=0.0, release_seconds=48 * HOUR)
    machine = Machine(most_pods=1, mean_days_to_crash=1000.0)
    tally = Simulation(World(users=60, days=1, seed=4, habits=habits, machine=machine)).run()
    assert tally.most_seated == SEATS
    assert sum(waited > 0 for waited in tally.waits) == len(tally.waits) - SEATS > 0


def test_a_pod_takes_as_long_to_start_as_is_said() -> None:
    cluster = Cluster(Machine(grow_by=200), np.random.default_rng(2))
    cluster.follow(0.0, 200, set())
    assert cluster.became_ready(19.9) == []
    early = len(cluster.became_ready(55.0))
    assert 70 < early < 130
    assert early + len(cluster.became_ready(90.0)) == 200


def test_people_come_around_the_open_and_keep_their_seat_a_while() -> None:
    habits = Habits()
    opens = 14.5 * HOUR
    found = stays(2000, 1, [(opens, 21 * HOUR)], habits, np.random.default_rng(3))
    automatic = [stay for stay in found if stay.starts == 0.0]
    assert len(automatic) == 1200
    rest = [stay for stay in found if stay.starts > 0.0]
    assert min(stay.ends - stay.starts for stay in rest) >= habits.release_seconds
    rush = [stay for stay in rest if abs(stay.starts - opens) < HOUR / 2]
    assert 0.25 < len(rush) / len(rest) < 0.6
    assert [stay.starts for stay in found] == sorted(stay.starts for stay in found)
    by_user: dict[int, float] = {}
    for stay in found:
        assert stay.starts > by_user.get(stay.user, -1.0)
        by_user[stay.user] = stay.ends


WORLD = World(users=120, days=1, seed=4, machine=Machine(mean_days_to_crash=2.0))


@pytest.fixture(scope="module")
def day() -> dict[str, float]:
    return figures(WORLD)


def test_a_day_of_crashing_pods_overfills_none_and_ends_no_desk(day: dict[str, float]) -> None:
    assert day["over_cap"] == 0
    assert day["pod_crashes"] >= 1
    assert day["interrupted_by_crashes"] <= SEATS * day["pod_crashes"]
    assert day["ended_with_desks"] == 0
    assert day["pods_ended"] >= 1
    assert day["most_seated"] > 80
    assert 1.0 <= day["pods_against_ideal"] < 2.0


def test_waits_are_those_of_a_pods_start_at_most(day: dict[str, float]) -> None:
    assert day["wait_s_p99"] <= WORLD.machine.start_most
    assert day["wanted_seats"] > 80


def test_the_same_seed_gives_the_same_day_and_another_one_another(day: dict[str, float]) -> None:
    assert figures(WORLD) == day
    assert figures(replace(WORLD, seed=5)) != day


def test_without_seats_held_ready_for_the_open_more_have_to_wait() -> None:
    with_, without = (
        figures(World(users=400, days=1, seed=5, around=around)) for around in (1800.0, 0.0)
    )
    assert without["waited_share"] > with_["waited_share"]


def test_the_verb_prints_what_it_assumes_and_what_came_of_it(tmp_path: Path) -> None:
    asked = ("simulate", "--users", "30", "--days", "1", "--sizes", "20", "--json")
    said = json.loads(verb(tmp_path, *asked).output)
    assert said["settings"]["automatic"] == Habits().automatic
    assert said["settings"]["start_most"] == 90.0
    assert set(said["figures"]) >= {"wait_s_p99", "over_cap", "cost_spread"}
    assert said["figures"]["pod_hours_per_user_day_20"] > 0
    assert verb(tmp_path, "simulate", "--sizes", "many").code == 2
