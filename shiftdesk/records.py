"""A backtest as documents: the JSON that is printed and kept, fills and equity as tables.

Files are replaced whole: what fails half-way leaves the older file as it was.
"""

import csv
import hashlib
import io
import json
import os
from pathlib import Path

import msgspec
import numpy as np

from ai_pod.policies.trades import fills_of
from market.series import VALUES, Panel
from shiftdesk.errors import UsageProblem
from shiftdesk.evaluation import CONVENTIONS, Evaluation, Judged
from shiftdesk.figures import instant

TABLES = (".csv", ".json")
POINTS = 2_000
"""Points of an equity curve in a document; tables have them all."""

Document = dict[str, object]


def document(found: Evaluation, settings: Document) -> Document:
    """Everything about a backtest but its single fills; what is not defined is null."""
    names = (*found.ours.figures, *found.beside)
    return {
        "policy": found.ours.run.policy,
        "instruments": found.market.instruments,
        "interval": settings["interval"],
        "synthetic": bool(found.market.synthetic),
        "settings": settings,
        "data_sha256": data_hash(found.market),
        "statistics": found.ours.figures,
        "benchmark_name": found.benchmark.run.policy,
        "benchmark": found.benchmark.figures,
        "against_benchmark": found.beside,
        "parts": {
            part.name: {
                "from": part.begins(found.ours.run),
                "to": instant(found.ours.run.ends[part.last - 1]),
                "statistics": part.figures,
            }
            for part in found.parts
        },
        "warnings": found.doubts,
        "fills_sha256": found.ours.fills_sha256,
        "benchmark_fills_sha256": found.benchmark.fills_sha256,
        "conventions": {name: CONVENTIONS[name] for name in names},
        "equity": _curve(found),
    }


def keep(folder: Path, made: Document) -> Path:
    """Write the document under a name that its content gives. Running it again changes nothing."""
    data = msgspec.json.format(msgspec.json.encode(made), indent=2)
    path = folder / f"{hashlib.sha256(data).hexdigest()[:16]}.json"
    replace(path, data)
    return path


def write_fills(path: Path, judged: Judged, market: Panel) -> None:
    """Every fill, as CSV, or as JSON by the file's ending. Raises UsageProblem."""
    fills = fills_of(judged.run)
    rows: list[Document] = [
        {
            "end": instant(judged.run.ends[row]),
            "instrument": market.instruments[column],
            "quantity": quantity,
            "price": price,
            "commission": commission,
        }
        for row, column, quantity, price, commission in zip(
            fills.row.tolist(),
            fills.column.tolist(),
            fills.quantity.tolist(),
            fills.price.tolist(),
            fills.commission.tolist(),
            strict=True,
        )
    ]
    _table(path, ("end", "instrument", "quantity", "price", "commission"), rows)


def write_equity(path: Path, found: Evaluation) -> None:
    """Equity, drawdown and the benchmark's equity at every bar, as CSV or JSON."""
    equity, other = found.ours.run.equity, found.benchmark.run.equity
    values = (equity.tolist(), drawdown(equity).tolist(), other.tolist())
    rows: list[Document] = [
        {"end": instant(end), "equity": worth, "drawdown": fall, "benchmark": theirs}
        for end, worth, fall, theirs in zip(found.ours.run.ends, *values, strict=True)
    ]
    _table(path, ("end", "equity", "drawdown", "benchmark"), rows)


def data_hash(market: Panel) -> str:
    """The same bars, the same hash."""
    digest = hashlib.sha256("\n".join(market.instruments).encode())
    digest.update(market.end.astype("<i8").tobytes())
    for name in VALUES:
        digest.update(np.ascontiguousarray(getattr(market, name)).astype("<f8").tobytes())
    return digest.hexdigest()


def drawdown(equity: np.ndarray) -> np.ndarray:
    """Falls from the peak so far (n,), as shares."""
    falls: np.ndarray = 1.0 - equity / np.maximum.accumulate(equity)
    return falls


def replace(path: Path, data: bytes) -> None:
    """Write the file whole, or not at all. Raises UsageProblem."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        half.write_bytes(data)
        half.replace(path)
    except OSError as error:
        raise UsageProblem(f"{path} cannot be written: {error.strerror}") from error


def _curve(found: Evaluation) -> Document:
    """Equity and benchmark at no more than POINTS bars, the last among them."""
    run = found.ours.run
    picked = np.unique(np.linspace(0, len(run.ends) - 1, min(POINTS, len(run.ends))).astype(int))
    return {
        "end": [instant(end) for end in run.ends[picked]],
        "equity": run.equity[picked].round(4).tolist(),
        "drawdown": drawdown(run.equity)[picked].round(8).tolist(),
        "benchmark": found.benchmark.run.equity[picked].round(4).tolist(),
    }


def _table(path: Path, columns: tuple[str, ...], rows: list[Document]) -> None:
    if path.suffix == ".json":
        return replace(path, json.dumps({"v": 1, "rows": rows}, indent=1).encode())
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return replace(path, text.getvalue().encode())
