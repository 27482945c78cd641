"""Which pod a desk goes to: the fullest with a free seat, so that empty pods can go."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    pod: str
    seat: int


def choose(
    fullest_first: Iterable[tuple[str, int]], ready: Mapping[str, int], *, avoid: str = ""
) -> str | None:
    """The first of the pods that is ready and has a free seat; None when there is none.

    `fullest_first` are pods with the number of their taken seats, equally full ones by name;
    `ready` is pod → its number of seats.
    """
    for pod, taken in fullest_first:
        if pod != avoid and taken < ready.get(pod, 0):
            return pod
    return None


def lowest_free(taken: Collection[int]) -> int:
    """The lowest number that no desk of the pod sits on."""
    return next(number for number in range(len(taken) + 1) if number not in taken)
