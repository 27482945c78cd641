"""The market as a process: it says where it listens, tells its health, and survives kill -9."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import msgspec
import pytest
import redis

from market import keys
from market.clock import Anchor
from market.words import BarsClosed, FeedState
from tests.support.loitering import loitering

OPEN = datetime(2012, 10, 15, 13, 30, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
PROBES = ("/startupz", "/livez", "/healthz", "/readyz")

pytestmark = pytest.mark.system


class Market:
    """`python -m market` and what it answers."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self.url = str(json.loads(process.stdout.readline())["listening"])

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.url + path, timeout=30)


@contextmanager
def market(environment: dict[str, str]) -> Iterator[Market]:
    """The process; killed -9 at the end unless it has ended."""
    process = subprocess.Popen(
        [sys.executable, "-m", "market"],
        cwd=ROOT,
        env=os.environ | environment | {"SHIFTDESK_SUPERVISED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Market(process)
    finally:
        process.kill()
        process.communicate()


def wait(condition: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)


@pytest.fixture
def environment(redis_url: str, tmp_path: Path) -> dict[str, str]:
    anchor = Anchor(market=OPEN + timedelta(hours=1), wall=time.time(), speed=300.0)
    return {
        "SHIFTDESK_REDIS_URL": redis_url,
        "SHIFTDESK_CLOCK": str(anchor),
        "SHIFTDESK_FEED": "replay:demo",
        "SHIFTDESK_HISTORY": str(tmp_path / "history"),
        "SHIFTDESK_EVENTS": str(tmp_path / "events"),
    }


def minutes(client: "redis.Redis[bytes]") -> list[datetime]:
    entries = client.xrange(keys.bars("1m"))
    return [BarsClosed.decode(fields[keys.FIELD.encode()]).end for _, fields in entries]


def test_killed_and_started_again_no_bar_is_missing_or_doubled(
    environment: dict[str, str], redis_url: str
) -> None:
    client = redis.Redis.from_url(redis_url)
    for _ in range(2):
        with market(environment):
            before = len(minutes(client))
            wait(lambda before=before: len(minutes(client)) > before + 5)
    with market(environment) as running:
        before = len(minutes(client))
        wait(lambda: len(minutes(client)) > before + 5)
        wait(lambda: running.get("/readyz").status_code == 200)
        assert running.get("/healthz").json() == {"status": "ok"}
        assert b"market_bars_total" in running.get("/metrics").content
        state = msgspec.json.decode(running.get("/v1/feed").content, type=FeedState)
        assert state.feed == "replay:demo"
        with loitering(running.url):
            running.process.send_signal(signal.SIGTERM)
            assert running.process.wait(60) == 0
    ends = minutes(client)
    client.close()
    assert ends == [OPEN + timedelta(minutes=number + 1) for number in range(len(ends))]


def test_without_redis_it_serves_and_is_not_ready(environment: dict[str, str]) -> None:
    with market(environment | {"SHIFTDESK_REDIS_URL": "redis://127.0.0.1:1/0"}) as running:
        answers = {path: running.get(path).status_code for path in PROBES}
        assert answers == {"/startupz": 503, "/livez": 200, "/healthz": 200, "/readyz": 503}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"SHIFTDESK_FEED": "replay:es"}, "shiftdesk data fetch es-ticks"),
        ({"SHIFTDESK_CLOCK": "noon"}, "expected 'wall' or MARKET_TIME"),
    ],
)
def test_a_wrong_setting_ends_it_with_the_reason(
    wrong: dict[str, str], words: str, environment: dict[str, str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "market"],
        cwd=ROOT,
        env=os.environ | environment | wrong,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "the market cannot start" in done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
