"""A circuit breaker: a model that keeps failing is left alone for a while, then tried once."""

from collections.abc import Callable

FAILURES = 3
"""So many in a row open the circuit."""

FIRST_SECONDS = 15.0
LONGEST_SECONDS = 300.0


class Breaker:
    """Closed: asked. Open: left alone until `_again_at`. Then one try decides: it closes the
    circuit, or opens it for twice as long.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures = 0
        self._seconds = FIRST_SECONDS
        self._again_at: float | None = None
        self._trying_until = 0.0
        self._begun = 0
        self._trial = 0
        self.opened = 0

    @property
    def allows(self) -> bool:
        """Whether a request may be tried now."""
        now = self._clock()
        if self._again_at is None:
            return True
        return now >= self._again_at and now >= self._trying_until

    def begin(self) -> int:
        """A request is tried; gives its number. While the circuit is open the one that it allows is
        the trial, and the only one, for so long at most.
        """
        self._begun += 1
        if self._again_at is not None and self.allows:
            self._trial = self._begun
            self._trying_until = self._clock() + FIRST_SECONDS
        return self._begun

    def succeeded(self) -> None:
        self._failures, self._seconds = 0, FIRST_SECONDS
        self._again_at, self._trying_until = None, 0.0

    def failed(self, request: int) -> None:
        """While the circuit is open only its trial tells something new."""
        self._failures += 1
        if self._again_at is not None:
            if request != self._trial:
                return
            self._seconds = min(2 * self._seconds, LONGEST_SECONDS)
        elif self._failures < FAILURES:
            return
        self._again_at, self._trying_until = self._clock() + self._seconds, 0.0
        self.opened += 1

    def left(self, request: int) -> None:
        """A try that neither succeeded nor failed: it was called off."""
        if request == self._trial:
            self._trying_until = 0.0
