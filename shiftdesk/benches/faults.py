"""`bench faults`: random schedules of faults on real local clusters, judged by the history checker.

Each schedule follows from its seed. Results are kept line by line, so that a run which was
interrupted goes on where it stopped; a cluster serves as many schedules as its market session
holds.
"""

import asyncio
import csv
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from shiftdesk.checkout import tool
from shiftdesk.errors import UsageProblem

DEFAULTS = {"schedules": "200", "first": "1", "kept": ".shiftdesk/bench-faults", "table": ""}

Row = dict[str, Any]
Figures = dict[str, float]


def run(options: Mapping[str, str]) -> tuple[dict[str, object], Figures]:
    """Options: schedules (200), first (seed, 1), kept (folder of results), table (CSV to write)."""
    if unknown := options.keys() - DEFAULTS:
        raise UsageProblem(f"no setting {sorted(unknown)}", f"there are {sorted(DEFAULTS)}")
    settings = DEFAULTS | dict(options)
    first = int(settings["first"])
    seeds = range(first, first + int(settings["schedules"]))
    kept = Path(settings["kept"]).absolute()
    kept.mkdir(parents=True, exist_ok=True)
    done = _read(kept / "results.jsonl")
    asyncio.run(_play([seed for seed in seeds if seed not in done], kept))
    done = _read(kept / "results.jsonl")
    rows = [done[seed] for seed in seeds]
    if settings["table"]:
        _write(rows, Path(settings["table"]))
    return dict(settings), _figures(rows)


async def _play(seeds: list[int], kept: Path) -> None:
    sessions = tool("faults.session").FaultSessions(kept / "history")
    try:
        for number, seed in enumerate(seeds, 1):
            result = await (await sessions.current()).run(seed)
            with (kept / "results.jsonl").open("ab") as file:
                file.write(msgspec.json.encode(result.row()) + b"\n")
            _say(f"{number}/{len(seeds)}: seed {seed}, {len(result.violations)} violations")
    finally:
        await sessions.close()


def _say(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{text}", end="", file=sys.stderr, flush=True)


def _read(path: Path) -> dict[int, Row]:
    """Results by seed; a line that was torn off is played again."""
    found: dict[int, Row] = {}
    for line in path.read_bytes().splitlines() if path.exists() else ():
        try:
            row = msgspec.json.decode(line)
        except msgspec.DecodeError:
            continue
        found[row["seed"]] = row
    return found


def _write(rows: Iterable[Row], path: Path) -> None:
    with path.open("w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("seed", "faults", "violations", "recovered_s", "neither_s", "slowness"))
        for row in rows:
            told = ("; ".join(row["faults"]), "; ".join(row["violations"]))
            table.writerow(
                (row["seed"], *told, row["recovered_s"], row["neither_s"], row["slowness"])
            )


def _figures(rows: list[Row]) -> Figures:
    recovered = [row["recovered_s"] for row in rows]
    return {
        "schedules": float(len(rows)),
        "faults": float(sum(len(row["faults"]) - row["missed"] for row in rows)),
        "violations": float(sum(len(row["violations"]) for row in rows)),
        "schedules_with_violations": float(sum(bool(row["violations"]) for row in rows)),
        "recovered_s_p50": float(np.percentile(recovered, 50)),
        "recovered_s_p99": float(np.percentile(recovered, 99)),
        "neither_s_max": float(max(row["neither_s"] for row in rows)),
        "slowness_p50": float(np.percentile([row["slowness"] for row in rows], 50)),
        "decisions": float(sum(row["decisions"] for row in rows)),
        "moves": float(sum(row["moves"] for row in rows)),
        "switches": float(sum(row["switches"] for row in rows)),
    }
