"""What a line's learning has come to, in the artifact store: it outlives the process and the night.

A round is a set of seeds, their candidates and one verdict; one that was interrupted is finished
later the same night, or the next.
"""

import hashlib
from zlib import crc32

import msgspec

from market.files import Files
from market.words import Word


class Candidate(Word, frozen=True, kw_only=True):
    """A finished trial of the round."""

    seed: int
    policy: str
    cpu_seconds: float
    sharpe: float = 0.0


class Round(Word, frozen=True, kw_only=True):
    """`trials_before` are the line's trials when the round began; `judged` is the night of its
    verdict, empty until then.
    """

    line: str
    night: str
    seeds: tuple[int, ...]
    trials_before: int
    candidates: tuple[Candidate, ...] = ()
    judged: str = ""

    @property
    def trials(self) -> int:
        """All trials of the line, those of this round included."""
        return self.trials_before + len(self.candidates)

    @property
    def left(self) -> tuple[int, ...]:
        """Seeds that have no candidate yet."""
        done = {candidate.seed for candidate in self.candidates}
        return tuple(seed for seed in self.seeds if seed not in done)


class Rounds:
    """Rounds and checkpoints of a line, under `{url}/learning`."""

    def __init__(self, url: str, line: str) -> None:
        self._line = line
        name = hashlib.sha256(line.encode()).hexdigest()[:24]
        self._files = Files(f"{url.rstrip('/')}/learning/{name}")

    def open(self, night: str, seeds: int, trials: int) -> Round | None:
        """The round to work on this night; None when this night's verdict has been reached."""
        data = self._files.read_if_there("round.json")
        last = None if data is None else msgspec.json.decode(data, type=Round)
        if last is not None and last.judged == night:
            return None
        if last is not None and not last.judged:
            return last
        # The line's record may lag behind what was tried here; the gate must not forget a trial.
        trials = trials if last is None else max(trials, last.trials)
        first = crc32(f"{self._line}:{night}".encode()) % 1_000_000
        chosen = tuple(range(first, first + seeds))
        return Round(line=self._line, night=night, seeds=chosen, trials_before=trials)

    def keep(self, round_: Round) -> None:
        self._files.replace("round.json", msgspec.json.encode(round_))

    def checkpoint(self, seed: int) -> bytes | None:
        return self._files.read_if_there(_checkpoint(seed))

    def keep_checkpoint(self, seed: int, data: bytes) -> None:
        self._files.replace(_checkpoint(seed), data)

    def drop_checkpoint(self, seed: int) -> None:
        self._files.remove(_checkpoint(seed))


def _checkpoint(seed: int) -> str:
    return f"seed-{seed}.pt"
