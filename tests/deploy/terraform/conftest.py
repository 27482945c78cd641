"""Terraform on a copy of the configuration; skipped, with the reason, where it cannot run."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.terraform import Terraform, command, mirror


@pytest.fixture
def terraform(tmp_path: Path) -> Callable[[Path], Terraform]:
    """Terraform in a folder of the copy, initialised."""
    if command() is None:
        pytest.skip("terraform is not installed")
    if mirror() is None:
        pytest.skip("no mirror of hashicorp/aws on this machine")

    def initialised(folder: Path) -> Terraform:
        made = Terraform(tmp_path, folder)
        made.init()
        return made

    return initialised
