"""The raw event log as a list of events."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

Event = dict[str, Any]

INSTANTS = {"bar_end", "end"}
"""Market instants that name things: written alike, whoever wrote them."""


def read(folder: Path) -> list[Event]:
    """All events of all processes, by wall time; a killed process's torn line is left out."""
    return sorted(_told_once(list(_lines(folder))), key=lambda event: float(event["at"]))


def of(events: list[Event], *names: str) -> Iterator[Event]:
    return (event for event in events if event["event"] in names)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


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


def _lines(folder: Path) -> Iterator[Event]:
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text().splitlines():
            try:
                event = json.loads(line)
            except json.JSONDecodeError:
                continue
            for name in INSTANTS & event.keys():
                event[name] = event[name] and instant(event[name]).isoformat()
            yield event
