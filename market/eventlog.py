"""The raw event log: what a process saw and did, one JSON line each, for the independent history
checker.

Nothing in the product reads it. A line is written with one `write` on an append-only file, so a
killed process loses at
most the line it was writing.
"""

import os
import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from market.clock import Clock


class EventLog:
    """Appends events to `{folder}/{process}-{pid}.jsonl`; without a folder it does nothing."""

    def __init__(self, folder: Path | None, process: str, clock: Clock) -> None:
        self._process = process
        self._clock = clock
        self._file: int | None = None
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{process}-{os.getpid()}.jsonl"
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def write(self, event: str, **fields: object) -> None:
        """Write `event` (a past-tense name such as `decision_published`) with its fields."""
        self.write_all([(event, fields)])

    def write_all(self, events: Iterable[tuple[str, Mapping[str, object]]]) -> None:
        """Write what happened together with one `write`: a killed process leaves all or none."""
        if self._file is None:
            return
        market: datetime = self._clock.now()
        told: dict[str, object] = {"process": self._process, "at": time.time(), "market": market}
        lines = [msgspec.json.encode({"event": name, **told, **fields}) for name, fields in events]
        os.write(self._file, b"".join(line + b"\n" for line in lines))

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
