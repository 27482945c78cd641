"""checkov finds nothing in what is applied; what it is told to skip has its reason beside it.

It has an environment of its own (`make manifests` makes it): its pins fit nobody else's.
"""

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.support.deploy_tools import tool
from tests.support.images import FOLDERS, ROOT
from tests.support.manifests import K8S, OVERLAYS, overlay

CONFIGURATION = K8S / "checkov.yaml"


@pytest.fixture
def checkov() -> str:
    return tool("checkov")


def test_every_skip_says_why() -> None:
    lines = CONFIGURATION.read_text().splitlines()
    skips = yaml.safe_load(CONFIGURATION.read_text())["skip-check"]
    for skip in skips:
        at = next(i for i, line in enumerate(lines) if line.strip() == f"- {skip}")
        assert lines[at - 1].strip().startswith("# "), skip


@pytest.mark.slow
def test_checkov_finds_nothing(checkov: str, tmp_path: Path) -> None:
    for name in OVERLAYS:
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump_all(overlay(name)))
    report = _scan(checkov, "--framework", "kubernetes", "--directory", str(tmp_path))
    assert _failed(report) == []
    assert report["summary"]["passed"] > 500


@pytest.mark.slow
def test_checkov_finds_nothing_in_the_dockerfiles(checkov: str) -> None:
    files = [str(ROOT / folder / "Dockerfile") for folder in FOLDERS.values()]
    report = _scan(checkov, "--framework", "dockerfile", "--file", *files)
    assert _failed(report) == []


def _scan(checkov: str, *what: str) -> dict[str, dict[str, int]]:
    command = [checkov, *what, "--config-file", str(CONFIGURATION), "--output", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    report: dict[str, dict[str, int]] = json.loads(done.stdout)
    return report


def _failed(report: dict[str, dict[str, int]]) -> list[str]:
    checks = report["results"]["failed_checks"]
    return [f"{one['check_id']} {one['resource']}" for one in checks]  # type: ignore[index,attr-defined]
