"""Logs as a process writes them: JSON objects or lines for people, with the ids of the work."""

import json
import subprocess
import sys

import pytest

WORK = """
import logging
import structlog
from datetime import UTC, datetime
from market.logs import configure_logging

configure_logging("backend", pod="pod-7", nothing="")
logger = structlog.get_logger()
with structlog.contextvars.bound_contextvars(request_id="req_1", desk="desk-1"):
    logger.info("seated", at=datetime(2026, 1, 2, tzinfo=UTC), pod="pod-8")
    try:
        1 / 0
    except ZeroDivisionError:
        logger.exception("step_failed")
    logging.getLogger("redis").warning("gone %s", "away")
    logging.getLogger("redis").info("unheard")
logger.info("after")
"""


def said(log_format: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", WORK],
        env={"SHIFTDESK_LOG_FORMAT": log_format},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == ""
    return done.stderr.splitlines()


def test_json_is_one_object_a_line_with_the_ids_of_process_and_work() -> None:
    seated, failed, foreign, after = map(json.loads, said("json"))
    ids = {"service": "backend", "request_id": "req_1", "desk": "desk-1"}
    assert seated.items() >= (ids | {"event": "seated", "level": "info", "pod": "pod-8"}).items()
    assert seated["at"].startswith("2026-01-02")
    assert failed.items() >= (ids | {"event": "step_failed", "pod": "pod-7"}).items()
    assert "ZeroDivisionError" in failed["exception"]
    assert foreign.items() >= (ids | {"event": "gone away", "logger": "redis"}).items()
    assert "request_id" not in after
    assert "nothing" not in after


@pytest.mark.parametrize("log_format", ["", "console"])
def test_people_get_lines(log_format: str) -> None:
    lines = said(log_format)
    assert "seated" in lines[0]
    assert "request_id=req_1" in lines[0]
    assert "\x1b" not in "".join(lines)
    assert any("ZeroDivisionError" in line for line in lines)
    assert any("gone away" in line for line in lines)
