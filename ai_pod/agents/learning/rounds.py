"""What a line's learning has come to, in the artifact store: it outlives the process and the night.

A round is the trials of one night in one sealed world, and one verdict; one that was interrupted is
finished later the same night, or the next.
"""

import hashlib
from collections.abc import Iterator
from zlib import crc32

import msgspec

from ai_pod.agents.learning.judging.protocol import Protocol
from ai_pod.agents.learning.training import Training
from market.files import Files
from market.words import Word


class Round(Word, frozen=True, kw_only=True):
    """`trials_before` are the line's trials when the round began; `judged` is the night of its
    verdict, empty until then, and `kept` the policies of its trials that were announced.
    """

    line: str
    night: str
    world: str
    protocol: Protocol
    training: Training
    seeds: tuple[int, ...]
    trials_before: int
    judged: str = ""
    kept: tuple[str, ...] = ()

    @property
    def trials(self) -> int:
        """All trials of the line, those of this round included."""
        return self.trials_before + len(self.seeds)


class Rounds:
    """The rounds of a line, under `{url}/learning`."""

    def __init__(self, url: str, line: str) -> None:
        self._line = line
        self._files = Files(f"{url.rstrip('/')}/learning/{folder_of(line)}")

    def last(self) -> Round | None:
        """The round that is open, or else the one that was judged last; None before the first, and
        when an older release left one that nobody can go on with.
        """
        data = self._files.read_if_there("round.json")
        try:
            return None if data is None else msgspec.json.decode(data, type=Round)
        except msgspec.ValidationError:
            return None

    def keep(self, round_: Round) -> None:
        self._files.replace("round.json", msgspec.json.encode(round_))

    def first_seed(self, night: str) -> int:
        """Where the night's seeds begin: another place every night, and the same one every time."""
        return crc32(f"{self._line}:{night}".encode()) % 1_000_000


class Trials:
    """Results and checkpoints of a line's trials, by the trials' keys."""

    def __init__(self, url: str, line: str) -> None:
        self._files = Files(f"{url.rstrip('/')}/learning/{folder_of(line)}/trials")

    def result(self, key: str) -> bytes | None:
        return self._files.read_if_there(f"{key}.json")

    def keep_result(self, key: str, data: bytes) -> None:
        self._files.replace(f"{key}.json", data)

    def results(self) -> Iterator[bytes]:
        """Every result that is there."""
        for name in self._files.find(".json"):
            data = self._files.read_if_there(name)
            if data is not None:
                yield data

    def checkpoint(self, key: str) -> bytes | None:
        return self._files.read_if_there(f"{key}.checkpoint")

    def keep_checkpoint(self, key: str, data: bytes) -> None:
        self._files.replace(f"{key}.checkpoint", data)

    def drop_checkpoint(self, key: str) -> None:
        self._files.remove(f"{key}.checkpoint")

    def drop_all(self) -> None:
        """Forget the trials, once they are judged."""
        for name in (*self._files.find(".json"), *self._files.find(".checkpoint")):
            self._files.remove(name)


def folder_of(line: str) -> str:
    """A name for files, from a line's id."""
    return hashlib.sha256(line.encode()).hexdigest()[:24]
