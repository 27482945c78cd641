"""checkov finds nothing in the configuration; what it is told to skip has its reason beside it."""

import json
import os
import subprocess

import pytest
import yaml

from tests.support.deploy_tools import tool
from tests.support.terraform import INFRA

CONFIGURATION = INFRA / "checkov.yaml"


def test_every_skip_says_why() -> None:
    lines = CONFIGURATION.read_text().splitlines()
    skips = yaml.safe_load(CONFIGURATION.read_text())["skip-check"]
    assert len(skips) == len(set(skips))
    for skip in skips:
        at = next(i for i, line in enumerate(lines) if line.strip() == f"- {skip}")
        assert lines[at - 1].strip().startswith("# "), skip


@pytest.mark.slow
def test_checkov_finds_nothing() -> None:
    command = [tool("checkov"), "--config-file", str(CONFIGURATION), "--directory", str(INFRA)]
    # It has packages of its own.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [*command, "--output", "json"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(done.stdout)
    failed = report["results"]["failed_checks"]
    assert [f"{one['check_id']} {one['resource']}" for one in failed] == []
    assert report["summary"]["passed"] > 400
