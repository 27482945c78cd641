"""A local imitation of AWS (`moto`) for tests, in a process of its own."""

import contextlib
import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from shiftdesk.local.processes import die_with_parent, free_port
from tests.support.deploy_tools import tool

START_SECONDS = 60.0
WITHOUT_DOCKER = b'{"lambda": {"use_docker": false}}'

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@contextlib.contextmanager
def moto_server(log: Path) -> Iterator[str]:
    """The address of a fresh imitation, gone afterwards. Skips the test where there is none."""
    command = tool("moto_server")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [command, "-H", "127.0.0.1", "-p", str(port)],
            env={**os.environ, "MOTO_IAM_LOAD_MANAGED_POLICIES": "true"},
            stdout=file,
            stderr=file,
            preexec_fn=die_with_parent(),
        )
    try:
        _wait(f"{url}/moto-api/data.json", process)
        # A function that is called answers, and nothing is run: there is no container engine.
        told = urllib.request.Request(f"{url}/moto-api/config", WITHOUT_DOCKER, method="POST")
        with urllib.request.urlopen(told, timeout=10):
            pass
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=1):
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
    raise RuntimeError("moto did not answer")
