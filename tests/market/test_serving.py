"""A server's last resorts: a process that does not end, and a client that takes nothing."""

import json
import subprocess
import sys

import httpx

from market.serving import LONGEST_END_SECONDS, UNREAD_MILLISECONDS

PATIENCE = LONGEST_END_SECONDS / 2
"""The service under test is given half a second for its end."""


def test_who_does_not_end_says_where_it_stands_and_who_takes_nothing_is_given_up() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.stubborn_service"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            url = json.loads(process.stdout.readline())["listening"]
            assert httpx.get(f"{url}/readyz", timeout=30).status_code == 200
            assert int(process.stdout.readline()) == UNREAD_MILLISECONDS
            process.terminate()
            _, said = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    assert process.returncode == 1
    assert "Timeout (" in said
    assert "in stand_still" in said
