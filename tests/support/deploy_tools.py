"""Tools of an environment of their own (`make manifests` makes it), or of the machine."""

import shutil
import sys
from pathlib import Path

import pytest


def tool(name: str) -> str:
    """The program's path; skips the test where it is not installed."""
    beside = Path(sys.executable).parent.parent / "deploy" / "bin"
    found = shutil.which(name, path=str(beside)) or shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed: `make manifests` brings it")
    return found
