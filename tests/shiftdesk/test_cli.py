"""The list of verbs is quick and whole, shells can complete it, and a slip is answered."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import shiftdesk.verbs
from shiftdesk.cli import VERBS
from tests.support.command_line import SHIFTDESK
from tests.support.command_line import shiftdesk as run

HEAVY = ("torch", "pandas", "sqlalchemy", "backend", "ai_pod.agents")


def test_every_verb_is_in_the_list() -> None:
    files = {file.stem for file in Path(shiftdesk.verbs.__path__[0]).glob("*.py")}
    modules = {name for name in files - {"__init__"} if _registers(name)}
    assert modules == set(VERBS)


def _registers(name: str) -> bool:
    folder = Path(shiftdesk.verbs.__path__[0])
    return "def register(" in (folder / f"{name}.py").read_text()


def test_the_list_of_verbs_imports_none() -> None:
    code = (
        "import sys; from shiftdesk.cli import application; application(['--help']); "
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not [name for name in HEAVY if name in loaded]
    assert not [name for name in loaded if name.startswith("shiftdesk.verbs.")]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("shiftdesk po", ["pods", "policies"]),
        ("shiftdesk override ", ["set", "list", "end"]),
        ("shiftdesk pods --js", ["--json"]),
    ],
)
def test_a_shell_completes_verbs_and_options(line: str, offered: list[str]) -> None:
    words = line.split()
    at = len(words) - (0 if line.endswith(" ") else 1)
    environment = os.environ | {
        "COMP_WORDS": line,
        "COMP_CWORD": str(at),
        "_SHIFTDESK_COMPLETE": "complete_bash",
    }
    done = subprocess.run([SHIFTDESK], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.split() == offered


def test_a_slip_is_answered_with_what_was_meant(tmp_path: Path) -> None:
    done = run(tmp_path, "polcies")
    assert done.returncode == 2
    assert "Did you mean 'policies'?" in done.stderr
