"""Price files that people or vendors put into a folder: imported, or refused with the reason.

`incoming/CALENDAR/INTERVAL/VENUE_SYMBOL.csv` (or `.parquet`; signs percent-coded, as in the store)
says what the file is: `incoming/XNYS/1d/XNYS_IBM.csv`. A folder `5m@start` holds bars whose stamps
mark their beginnings. Afterwards the file lies under `imported/`, or under `refused/` beside its
`.reason.txt`.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from market.errors import MarketError
from market.files import Files
from market.history import History
from market.imports import import_file
from market.words import Instrument, Interval, Stamps

ENDINGS = (".csv", ".parquet", ".pq")
ALWAYS_FOLDER = "24-7"
"""The calendar `24/7`, which is no name of a folder."""


@dataclass(frozen=True)
class Arrival:
    """What became of one file: `rows` in the series now, or why it was refused."""

    path: str
    rows: int = 0
    refused: str = ""


def import_arrivals(root: str, history: History) -> list[Arrival]:
    """Work off every file under `{root}/incoming`."""
    incoming = Files(f"{root.rstrip('/')}/incoming")
    found = [path for ending in ENDINGS for path in incoming.find(ending)]
    return [_taken(root, incoming, path, history) for path in sorted(found)]


def _taken(root: str, incoming: Files, path: str, history: History) -> Arrival:
    data = incoming.read(path)
    try:
        arrival = Arrival(path, rows=_imported(path, data, history))
    except (MarketError, ValueError) as error:
        arrival = Arrival(path, refused=str(error))
    kept = Files(f"{root.rstrip('/')}/{'refused' if arrival.refused else 'imported'}")
    kept.replace(path, data)
    if arrival.refused:
        kept.replace(f"{path}.reason.txt", f"{arrival.refused}\n".encode())
    # Last: whoever is interrupted before does it all again, to the same end.
    incoming.remove(path)
    return arrival


def _imported(path: str, data: bytes, history: History) -> int:
    instrument, interval, stamps = described(path)
    known = history.find(instrument.id, interval)
    if known is not None and known.instrument.calendar != instrument.calendar:
        raise ValueError(f"{instrument.id} is kept by the calendar {known.instrument.calendar}")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / PurePosixPath(path).name
        file.write_bytes(data)
        return import_file(history, file, instrument, interval, stamps).rows


def described(path: str) -> tuple[Instrument, Interval, Stamps]:
    """What a path under `incoming` says of its file. Raises ValueError when it says nothing."""
    parts = PurePosixPath(path).parts
    if len(parts) != 3:
        raise ValueError(f"{path}: put the file at CALENDAR/INTERVAL/VENUE_SYMBOL.csv")
    calendar, folder, name = parts
    interval, at, stamps = folder.partition("@")
    if at and stamps not in ("start", "end"):
        raise ValueError(f"{folder}: stamps mark the start or the end of a bar")
    venue, underscore, symbol = PurePosixPath(name).stem.partition("_")
    if not underscore or not venue or not symbol:
        raise ValueError(f"{name}: call the file VENUE_SYMBOL, such as XNYS_IBM.csv")
    instrument = Instrument(
        venue=unquote(venue),
        symbol=unquote(symbol),
        calendar="24/7" if calendar == ALWAYS_FOLDER else calendar,
        source=f"file {name}",
    )
    return instrument, Interval(interval), "start" if stamps == "start" else "end"
