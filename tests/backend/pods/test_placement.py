"""Where a desk goes, and which pods go: pure functions, as properties."""

from hypothesis import given
from hypothesis import strategies as st

from ai_pod.contracts.agents import SEATS
from backend.pods.placement import choose, lowest_free
from backend.pods.scaling import pods_to_run
from backend.pods.surplus import emptiest, worth_keeping

names = st.sampled_from([f"pod-{n}" for n in range(8)])
taken = st.dictionaries(names, st.integers(0, SEATS), min_size=1)


def fullest_first(pods: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(pods.items(), key=lambda pod: (-pod[1], pod[0]))


@given(taken, st.sets(names), names)
def test_a_desk_goes_to_the_fullest_ready_pod_with_a_free_seat(
    pods: dict[str, int], ready: set[str], avoid: str
) -> None:
    able = {p: n for p, n in pods.items() if p in ready and p != avoid and n < SEATS}
    chosen = choose(fullest_first(pods), dict.fromkeys(ready, SEATS), avoid=avoid)
    assert (chosen is None) == (not able)
    if chosen is not None:
        assert able[chosen] == max(able.values())


@given(st.sets(st.integers(0, SEATS - 1), max_size=SEATS - 1))
def test_the_lowest_free_seat_is_free_and_within_the_pod(seats: set[int]) -> None:
    number = lowest_free(seats)
    assert number not in seats
    assert set(range(number)) <= seats
    assert number < SEATS


@given(taken, st.integers(0, 10))
def test_the_emptiest_go_and_the_youngest_of_equals(pods: dict[str, int], count: int) -> None:
    started = {pod: float(place) for place, pod in enumerate(sorted(pods))}
    going = emptiest(started, pods, count)
    assert len(going) == min(count, len(pods))
    staying = pods.keys() - set(going)
    for one in going:
        assert all((pods[one], -started[one]) < (pods[other], -started[other]) for other in staying)


def test_of_pods_that_were_to_go_the_fullest_are_kept() -> None:
    assert worth_keeping({"a": 1, "b": 7, "c": 3}, 2) == ["b", "c"]
    assert worth_keeping({"a": 1}, -1) == []


def test_an_empty_pod_counts_until_as_many_are_ready_as_are_wanted() -> None:
    assert pods_to_run(6, ready=6, leaving=0, removable=5) == 6
    assert pods_to_run(6, ready=6, leaving=2, removable=3) == 8
    # Four are too many, but nobody has chosen which.
    assert pods_to_run(6, ready=10, leaving=0, removable=0) == 10
    # Seven exist, one of them an empty one that takes no desks: told "seven", nobody would act.
    assert pods_to_run(7, ready=6, leaving=0, removable=1) == 8
