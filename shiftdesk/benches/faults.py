"""`bench faults`: random schedules of faults on real local clusters, judged by the history checker.

Each schedule follows from its seed. Results are kept line by line, so that a run which was
interrupted goes on where it stopped: a seed is played again where the code or its schedule has
changed since. A cluster serves as many schedules as its market session holds.
"""

import asyncio
import csv
import hashlib
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np

from shiftdesk.checkout import ROOT, tool
from shiftdesk.errors import CommandError, UsageProblem
from shiftdesk.options import chosen

CODE = ("ai_pod", "backend", "market", "scheduler", "shiftdesk", "tests/support", "requirements")
"""Folders that decide what a schedule shows."""

Row = dict[str, Any]
Figures = dict[str, float]


@dataclass(frozen=True)
class Settings:
    """`first` is a seed; `kept` the folder of results, `table` a CSV file to write. With
    `revisions=any` results of other code count too, as `other_revisions` tells.
    """

    schedules: int = 200
    first: int = 1
    kept: str = ".shiftdesk/bench-faults"
    revisions: Literal["this", "any"] = "this"
    table: str = ""


def run(options: Mapping[str, str]) -> tuple[dict[str, object], Figures]:
    settings = chosen(Settings, options)
    seeds = range(settings.first, settings.first + settings.schedules)
    kept = Path(settings.kept).absolute()
    kept.mkdir(parents=True, exist_ok=True)
    revision, draw = _revision(), tool("faults.schedule").draw
    drawn = {seed: repr(draw(seed)) for seed in seeds}

    def played() -> dict[int, Row]:
        rows = _read(kept / "results.jsonl")
        if settings.revisions == "this":
            rows = {seed: row for seed, row in rows.items() if row.get("revision") == revision}
        return {seed: row for seed, row in rows.items() if row.get("drawn") == drawn.get(seed)}

    done = played()
    missing = {seed: drawn[seed] for seed in seeds if seed not in done}
    asyncio.run(_play(missing, kept, revision))
    done = played()
    rows = [done[seed] for seed in seeds]
    if settings.table:
        _write(rows, Path(settings.table))
    others = sum(row.get("revision") != revision for row in rows)
    told = asdict(settings) | {"revision": revision}
    return told, _figures(rows) | {"other_revisions": float(others)}


def _revision() -> str:
    """The code that runs, whatever the documents beside it say; marked where it is in no commit."""
    hashed = hashlib.sha256(_git("rev-parse", *(f"HEAD:{folder}" for folder in CODE)).encode())
    changed = _git("diff", "HEAD", "--", *CODE)
    new = _git("ls-files", "--others", "--exclude-standard", "--", *CODE).splitlines()
    if not (changed or new):
        return hashed.hexdigest()[:12]
    hashed.update(changed.encode())
    for path in new:
        hashed.update(path.encode() + (ROOT / path).read_bytes())
    return hashed.hexdigest()[:12] + "-dirty"


def _git(*command: str) -> str:
    try:
        told = subprocess.run(
            ["git", *command], cwd=ROOT, capture_output=True, check=True, text=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise UsageProblem("results are kept by git's revision", f"git fails: {error}") from error
    return told.stdout.strip()


async def _play(drawn: Mapping[int, str], kept: Path, revision: str) -> None:
    """Play the seeds, and keep each result with what it is a result of."""
    sessions = tool("faults.session").FaultSessions()
    try:
        for number, (seed, schedule) in enumerate(drawn.items(), 1):
            result = await (await _cluster(sessions)).run(seed)
            row = result.row() | {"drawn": schedule, "revision": revision}
            with (kept / "results.jsonl").open("ab") as file:
                file.write(b"\n" + msgspec.json.encode(row))
            _say(f"{number}/{len(drawn)}: seed {seed}, {len(result.violations)} violations")
    finally:
        await sessions.close()


async def _cluster(sessions: Any) -> Any:
    """The session that the next schedule is played on, with every desk trading."""
    try:
        return await sessions.current()
    except TimeoutError as error:
        raise CommandError(
            f"no schedule can be played, since the cluster did not come to work: {error}",
            "run the command again with less beside it on the machine; what was played is kept",
        ) from error


def _say(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{text}", end="", file=sys.stderr, flush=True)


def _read(path: Path) -> dict[int, Row]:
    """Results by seed, the last of each; a line that was torn off is played again."""
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
        "expired": float(sum(row["expired"] for row in rows)),
        "moves": float(sum(row["moves"] for row in rows)),
        "switches": float(sum(row["switches"] for row in rows)),
    }
