"""Which pod a desk goes to: the fullest with a free seat, so that empty pods can go."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    pod: str
    seat: int


def choose(ready: dict[str, int], taken: dict[str, set[int]], *, avoid: str = "") -> Place | None:
    """The lowest free seat of the fullest pod that is ready; None when there is no free seat.

    `ready` is pod → its number of seats, `taken` pod → its taken seats. Equally full: by name.
    """
    free = {
        pod: seats - len(taken.get(pod, set()))
        for pod, seats in ready.items()
        if pod != avoid and len(taken.get(pod, set())) < seats
    }
    if not free:
        return None
    pod = min(free, key=lambda name: (free[name], name))
    seat = next(n for n in range(ready[pod]) if n not in taken.get(pod, set()))
    return Place(pod, seat)
