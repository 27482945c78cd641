"""What a simulation is judged by."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ai_pod.contracts.agents import SEATS
from shiftdesk.simulation.run import Simulation, World

HOUR = 3600.0


def figures(world: World) -> dict[str, float]:
    """Simulate the world. Waits in seconds; `pod_hours` are a user's on one day."""
    simulation = Simulation(world)
    tally = simulation.run()
    waits = np.array(tally.waits or [0.0])
    user_days = world.users * world.days
    return {
        "wanted_seats": float(len(waits)),
        "waited_share": float(np.mean(waits > 0)),
        "wait_s_p50": float(np.percentile(waits, 50)),
        "wait_s_p99": float(np.percentile(waits, 99)),
        "wait_s_max": float(waits.max()),
        "over_cap": float(simulation.seats.over_cap),
        "moves_per_user_day": tally.moves / user_days,
        "pod_hours_per_user_day": tally.pod_seconds / HOUR / user_days,
        "pods_against_ideal": tally.pod_seconds * SEATS / max(tally.seated_seconds, 1.0),
        "most_pods": float(tally.most_pods),
        "most_seated": float(tally.most_seated),
        "pod_crashes": float(tally.crashes),
        "interrupted_by_crashes": float(tally.interrupted),
        "pods_ended": float(tally.ended),
        "ended_with_desks": float(tally.ended_with_desks),
        "switches_planned": float(tally.switches_planned),
    }


def over_sizes(world: World, sizes: Sequence[int]) -> dict[str, float]:
    """The world's figures, and the cost per user of the same world at other sizes beside it.

    `cost_spread` is (most - least) / (most + least) over all sizes: 0.1 means flat to 10 % either
    way.
    """
    found = figures(world)
    costs = {world.users: found["pod_hours_per_user_day"]}
    for users in sizes:
        if users not in costs:
            costs[users] = figures(replace(world, users=users))["pod_hours_per_user_day"]
    beside = {f"pod_hours_per_user_day_{users}": costs[users] for users in sorted(costs)}
    least, most = min(costs.values()), max(costs.values())
    return found | beside | {"cost_spread": (most - least) / (most + least)}
