"""When a pod counts as dead: silence that could be heard, and not all at once."""

from backend.pods.liveness import Watch, dead_pods, suspects

PODS = {f"pod-{n}" for n in range(4)}


def watched(silent: set[str], seconds: int, *, away: range = range(0)) -> dict[str, float]:
    """Silences after `seconds` looks of a second each; Redis is away in the seconds `away`."""
    watch = Watch()
    for second in range(seconds + 1):
        if second not in away:
            beats = {pod: float(second // 3) for pod in PODS - silent}
            beats |= dict.fromkeys(silent, 0.0) if second < 1 else {}
            watch.look(float(second), beats, PODS)
    return watch.silences(float(seconds))


def test_a_pod_that_is_silent_for_ten_seconds_is_dead() -> None:
    assert dead_pods(watched({"pod-1"}, 9)) == []
    assert dead_pods(watched({"pod-1"}, 10)) == ["pod-1"]


def test_a_pod_that_beats_is_never_dead() -> None:
    assert dead_pods(watched(set(), 300)) == []


def test_time_in_which_redis_was_away_does_not_count() -> None:
    assert dead_pods(watched({"pod-1"}, 35, away=range(2, 32))) == []
    assert dead_pods(watched({"pod-1"}, 45, away=range(2, 32))) == ["pod-1"]


def test_when_most_are_silent_the_network_is_doubted_first() -> None:
    assert dead_pods(watched(PODS, 20)) == []
    assert len(dead_pods(watched(PODS, 30))) == 1


def test_half_of_the_pods_may_die() -> None:
    assert dead_pods(watched({"pod-1", "pod-2"}, 10)) == ["pod-1"]


def test_the_only_pod_dies_without_doubt() -> None:
    watch = Watch()
    watch.look(0.0, {"pod": 1.0}, {"pod"})
    for second in range(1, 11):
        watch.look(float(second), {}, {"pod"})
    assert dead_pods(watch.silences(10.0)) == ["pod"]


def test_many_deaths_come_a_tenth_at_a_time() -> None:
    silences = {f"pod-{n}": (12.0 if n < 40 else 0.0) for n in range(100)}
    assert len(dead_pods(silences)) == 10


def test_a_pod_that_stopped_beating_gets_no_more_desks_before_it_is_dead() -> None:
    assert suspects(watched({"pod-1"}, 6)) == {"pod-1"}
