"""A terminal beside a running cluster."""

import asyncio
import json
import multiprocessing
import os
import subprocess
import sys
import threading
from multiprocessing.connection import wait
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from shiftdesk import cli, output

AT_ONCE = 3
PATIENCE_SECONDS = 120.0
ASKING = ("status", "schedule", "override", "policies", "instructions", "trace")
"""The verbs that ask the back end and the scheduler: the others that do import nothing more."""

FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload(["pytest", __name__, *map("shiftdesk.verbs.{}".format, ASKING)])

ONE_AT_A_TIME = threading.Lock()
"""An exit code can be read once, and whoever starts a process looks at all that have ended."""


class Terminal:
    """A folder in which the cluster is the running one; a few verbs run beside each other.

    Each is a process, forked from one that has imported them, which would otherwise cost each a
    second of a core.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._free = asyncio.Semaphore(AT_ONCE)

    async def run(self, *arguments: str, code: int = 0) -> str:
        """What a verb prints: stdout when it should succeed, else stderr."""
        async with self._free:
            done = await asyncio.to_thread(_forked, self.folder, arguments)
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr if code else done.stdout

    async def json(self, *arguments: str) -> Any:
        document = json.loads(await self.run(*arguments, "--json"))
        assert document["v"] == 1
        return document


def _forked(folder: Path, arguments: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """Run a verb in `folder` to its end."""
    with TemporaryDirectory() as kept:
        said = Path(kept, "stdout"), Path(kept, "stderr")
        process = FORKING.Process(target=_command, args=(folder, arguments, said))
        with ONE_AT_A_TIME:
            process.start()
        ended = wait([process.sentinel], PATIENCE_SECONDS)
        with ONE_AT_A_TIME:
            code = process.exitcode
        process.kill()
        assert ended, f"{arguments} did not end"
        assert code is not None
        return subprocess.CompletedProcess(arguments, code, *(one.read_text() for one in said))


def _command(folder: Path, arguments: tuple[str, ...], said: tuple[Path, Path]) -> None:
    """What the installed command does, in a process whose output goes to two files."""
    os.chdir(folder)
    for number, file in enumerate(said, start=1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), number)
    # Made where stdout may have been a terminal.
    output.console.width = output.PIPED_WIDTH
    sys.argv = ["shiftdesk", *arguments]
    cli.main()
