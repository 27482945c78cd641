"""The raw event log as a list of events."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

Event = dict[str, Any]

INSTANTS = {"bar_end", "end"}
"""Market instants that name things: written alike, whoever wrote them."""


UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class Log:
    """The log of a folder; who looks again reads on from where the files ended."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._offsets: dict[Path, int] = {}
        self._events: list[Event] = []

    def read(self) -> list[Event]:
        """All events of all processes, by wall time; a killed process's torn line is left out."""
        for path in sorted(self._folder.glob("*.jsonl")):
            with path.open("rb") as file:
                file.seek(self._offsets.get(path, 0))
                whole, newline, _ = file.read().rpartition(b"\n")
            self._offsets[path] = self._offsets.get(path, 0) + len(whole) + len(newline)
            self._events += map(_event, whole.splitlines())
        self._events.sort(key=_at)
        return list(_told_once(self._events))


def read(folder: Path) -> list[Event]:
    """All events of a folder, read once."""
    return Log(folder).read()


def of(events: list[Event], *names: str) -> Iterator[Event]:
    return (event for event in events if event["event"] in names)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def length_of(interval: str) -> timedelta:
    """How long a bar is: `5m`, `1h`, `1d`."""
    return timedelta(**{UNITS[interval[-1]]: int(interval[:-1])})


def _told_once(events: list[Event]) -> Iterator[Event]:
    """A line that was recovered for a killed process counts only where there is no other."""
    known = {_row(event) for event in events if not event.get("recovered")}
    for event in events:
        if event.get("recovered") and event["event"] != "books":
            if _row(event) in known:
                continue
            known.add(_row(event))
        yield event


def _row(event: Event) -> tuple[Any, ...]:
    """What names the row that an event tells of: a lease's is its epoch."""
    names = ("fill", "order", "decision")
    if event["event"] in ("desk_seated", "desk_unseated"):
        names = ("lease_epoch",)
    return event["event"], *(event.get(name) for name in names)


def _event(line: bytes) -> Event:
    event: Event = json.loads(line)
    for name in INSTANTS & event.keys():
        event[name] = event[name] and instant(event[name]).isoformat()
    return event


def _at(event: Event) -> float:
    return float(event["at"])
