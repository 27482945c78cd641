"""`bench allocate` at a small size: the same stores and functions as at its full one."""

from shiftdesk.benches.allocate import run


def test_no_pod_is_overfilled_and_after_halving_few_pods_are_left() -> None:
    settings, figures = run({"desks": "60", "pods": "8"})
    assert settings["desks"] == 60
    assert (figures["over_cap"], figures["over_cap_after_halving"]) == (0, 0)
    assert (figures["fullest_pod"], figures["pods_used"]) == (10, 6)
    assert figures["allocate_ms_p50"] <= figures["allocate_ms_p99"] < 1000
    # Thirty users and two seats of headroom.
    assert (figures["ideal_after_halving"], figures["pods_after_halving"]) == (3, 4)
    assert figures["moves_after_halving"] <= 30
