"""Who sits where in a simulated cluster: the tables of pods and seats, kept in memory."""

from collections.abc import Iterator

from ai_pod.contracts.agents import SEATS
from backend.pods.placement import choose, lowest_free


class Seats:
    """`ready` is pod → its number of seats, as the back end sees it."""

    def __init__(self) -> None:
        self.ready: dict[str, int] = {}
        self.on: dict[str, dict[int, int]] = {}
        self.of: dict[int, tuple[str, int]] = {}
        self.over_cap = 0
        self._by_taken: list[dict[str, None]] = [{} for _ in range(SEATS + 1)]

    def add_pod(self, pod: str) -> None:
        self.on[pod] = {}
        self._by_taken[0][pod] = None

    def drop_pod(self, pod: str) -> list[int]:
        """Forget the pod; the users who sat there."""
        users = list(self.on[pod].values())
        for user in users:
            self.leave(user)
        del self.on[pod], self._by_taken[0][pod]
        self.ready.pop(pod, None)
        return users

    def take(self, user: int, *, avoid: str = "") -> bool:
        """Seat the user as the back end would; False when there is no free seat."""
        pod = choose(self._fullest_first(), self.ready, avoid=avoid)
        if pod is None:
            return False
        number = lowest_free(self.on[pod])
        self.over_cap += number >= SEATS or number in self.on[pod]
        self._count(pod, +1)
        self.on[pod][number] = user
        self.of[user] = (pod, number)
        return True

    def leave(self, user: int) -> str:
        """Give the user's seat up; the pod it was on."""
        pod, number = self.of.pop(user)
        self._count(pod, -1)
        del self.on[pod][number]
        return pod

    def move(self, user: int) -> bool:
        """To another pod; False, and nothing happens, when there is no free seat."""
        pod, _ = self.of[user]
        if choose(self._fullest_first(), self.ready, avoid=pod) is None:
            return False
        self.leave(user)
        return self.take(user, avoid=pod)

    def taken(self, pod: str) -> int:
        return len(self.on[pod])

    def _fullest_first(self) -> Iterator[tuple[str, int]]:
        for taken in range(SEATS - 1, -1, -1):
            for pod in self._by_taken[taken]:
                yield pod, taken

    def _count(self, pod: str, by: int) -> None:
        before = len(self.on[pod])
        del self._by_taken[before][pod]
        self._by_taken[before + by][pod] = None
