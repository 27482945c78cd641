"""Runs notebooks as a kernel does, cell by cell in one namespace, without Jupyter's own packages.

    python -m tests.support.notebooks FILE…

What a cell's last line gives is rendered as Jupyter would, and printed; a warning is an error.
"""

import ast
import json
import sys
import time
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt

Cell = dict[str, Any]


def cells(notebook: Path) -> list[Cell]:
    found: list[Cell] = json.loads(notebook.read_text())["cells"]
    return found


def code_of(cell: Cell) -> str:
    return "".join(cell["source"])


def run(notebook: Path) -> None:
    """Raises what a cell raises; its place is `NAME[number of the cell]`."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for number, cell in enumerate(cells(notebook)):
        if cell["cell_type"] == "code":
            _run(code_of(cell), f"{notebook.name}[{number}]", names)


def _run(code: str, place: str, names: dict[str, Any]) -> None:
    tree = ast.parse(code, place)
    shown = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, place, "exec"), names)
    if isinstance(shown, ast.Expr):
        value = eval(compile(ast.Expression(shown.value), place, "eval"), names)
        if value is not None and not code.rstrip().endswith(";"):
            getattr(value, "_repr_html_", lambda: "")()
            sys.stdout.write(f"{value!r}\n")
    for number in plt.get_fignums():
        plt.figure(number).canvas.draw()
        plt.close(number)


def main(*notebooks: str) -> None:
    mpl.use("agg")
    for name in notebooks:
        began = time.process_time()
        run(Path(name))
        sys.stdout.write(f"{Path(name).name}: {time.process_time() - began:.1f} CPU-seconds\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
