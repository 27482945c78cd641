"""The notebooks of the documentation run from top to bottom, at a desk that has traded, while the
shift's night comes.
"""

import asyncio
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.demo import Demo
from tests.support.people import Person, until
from tests.support.terminal import Terminal

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[3]
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))
FOLLOWED = timedelta(hours=2)
"""Of market time: a notebook looks at what came four bars after a signal."""


async def test_the_notebooks_run(shift: Demo, terminal: Terminal) -> None:
    async with shift.person("trader1") as trader:
        await until(
            lambda: _has_traded(shift, trader), 240.0, what="a signal some bars ago, and a fill"
        )
        done = await asyncio.to_thread(_run, terminal.folder)
        assert done.returncode == 0, done.stderr[-3000:]
        titles = [one["title"] for one in (await trader.get("/threads"))["items"]]
    assert "Champion kept" in done.stdout
    assert "signals have a future" in done.stdout
    assert "From a notebook" not in titles, "it deletes what it has asked"


def _run(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.support.notebooks", *map(str, NOTEBOOKS)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


async def _has_traded(shift: Demo, trader: Person) -> Any:
    signals = (await trader.get("/signals", limit=200))["items"]
    fills = (await trader.get("/fills", limit=1))["items"]
    first = min(datetime.fromisoformat(one["bar_end"]) for one in signals) if signals else None
    return fills and first and first + FOLLOWED <= shift.now()
