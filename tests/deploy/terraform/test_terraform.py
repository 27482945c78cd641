"""What terraform itself says: formats, types, and each module planned against a mock of AWS.

The slow ones (`-m slow`) start the provider, which takes 645 MB and several seconds each.
"""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.terraform import (
    ENVIRONMENTS,
    INFRA,
    MODULES,
    OPTIONAL,
    ROOTS,
    Terraform,
    command,
)

Initialised = Callable[[Path], Terraform]


def name(path: Path) -> str:
    return str(path.relative_to(INFRA))


@pytest.mark.skipif(command() is None, reason="terraform is not installed")
def test_everything_is_formatted() -> None:
    tool = command()
    assert tool is not None
    done = subprocess.run(
        [tool, "fmt", "-check", "-recursive", "-diff", str(INFRA)],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


@pytest.mark.timeout(120)
def test_an_environment_and_all_its_modules_are_valid(terraform: Initialised) -> None:
    """Staging composes every module but the registry's; production differs in numbers."""
    terraform(ENVIRONMENTS[-1]).run("validate")


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("folder", ROOTS, ids=name)
def test_a_root_is_valid(terraform: Initialised, folder: Path) -> None:
    terraform(folder).run("validate")


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("folder", MODULES, ids=name)
def test_a_module_does_what_its_tests_say(terraform: Initialised, folder: Path) -> None:
    said = terraform(folder).run("test", seconds=540)
    assert "0 failed" in said
    assert "Success!" in said


def test_what_cannot_be_planned_here_says_so() -> None:
    for folder in OPTIONAL:
        assert "never applied" in (folder / "README.md").read_text()
