"""One live socket as the hub sees it: what it wants of the market, and how far it is in its desk's
durable stream.
"""

from collections.abc import Iterable

from backend.live.outbox import Outbox, Write
from backend.streams import FIRST, place


class Viewer:
    """`desk` is None for people without one. `position` is the last durable frame it was given.

    `lost`: the stream began anew, and the client has yet to be told.
    """

    def __init__(self, desk: str | None, organisation: str, write: Write | None = None) -> None:
        self.desk = desk
        self.organisation = organisation
        self.outbox = Outbox(write)
        self.instruments: set[str] = set()
        self.intervals: set[str] = set()
        self.position = FIRST
        self._started: str | None = FIRST
        self.lost = False
        self._held: list[tuple[str, str]] | None = []

    @property
    def holding(self) -> bool:
        """Until its first word, or a moment: durable frames wait for what a resume brings."""
        return self._held is not None

    def start(self, position: str) -> None:
        self.position = self._started = position

    def offer(self, seq: str, frame: str) -> None:
        """A durable frame; one that it was given already is left out."""
        if self._held is not None:
            self._held.append((seq, frame))
        elif place(seq) > place(self.position):
            self.position = seq
            self.outbox.put(frame)

    def replay(self, since: str, missed: Iterable[tuple[str, str]]) -> int:
        """Give it what it missed since then; how many frames.

        What it was given since it started is not given again at its first resume. Who asks once
        more has dropped that, for it came before what was missed, and is given all.
        """
        count = 0
        for seq, frame in missed:
            if place(seq) <= place(since) or not self._missing(seq):
                continue
            self.outbox.put(frame)
            count += 1
            if place(seq) > place(self.position):
                self.position = seq
        self._started = None
        return count

    def release(self) -> None:
        """Durable frames flow from now on."""
        held, self._held = self._held or [], None
        for seq, frame in held:
            self.offer(seq, frame)

    def _missing(self, seq: str) -> bool:
        started = self._started
        return self.holding or started is None or place(seq) <= place(started)
