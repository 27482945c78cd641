"""The demo cluster for system and browser tests: every process real, judged by its event log."""

import asyncio
import atexit
import contextlib
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from ai_pod.contracts import tokens
from market.clock import Anchor, parse_instant
from market.prepare import prepare_demo as prepare_history
from market.words import Interval
from shiftdesk.local.cluster import Cluster, Options
from shiftdesk.local.demo import HISTORY_FROM, HISTORY_TO, prepare_demo
from shiftdesk.local.processes import free_port
from shiftdesk.local.state import StateFolder
from shiftdesk.local.temporary import running, temporary_folder
from shiftdesk.verbs.up import WEB
from tests.support import history
from tests.support.people import Person, until

HOLD_DOWN_SECONDS = 6.0


@cache
def prices() -> Path:
    """The demo's price history, made once for all clusters of a process."""
    folder = Path(tempfile.mkdtemp(prefix="shiftdesk-prices-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    prepare_history(str(folder), HISTORY_FROM, HISTORY_TO)
    return folder


@dataclass
class Demo:
    """A running demo cluster."""

    cluster: Cluster
    events: Path

    def __post_init__(self) -> None:
        self._log = history.Log(self.events)

    @property
    def url(self) -> str:
        return self.cluster.addresses.backend

    def person(self, username: str) -> "contextlib.AbstractAsyncContextManager[Person]":
        return Person.enter(self.url, username, self.cluster.secrets.demo_password)

    def now(self) -> datetime:
        return self.cluster.clock.now()

    def history(self) -> list[history.Event]:
        return self._log.read()

    async def scaling(self, person: Person) -> Any:
        """What KEDA would read."""
        token = tokens.issue(self.cluster.secrets.service, issuer="tests", audience="backend")
        response = await person.http.get(
            "/scaling", params={"pool": "XNYS"}, headers={"Authorization": f"Bearer {token}"}
        )
        response.raise_for_status()
        return response.json()


@contextlib.asynccontextmanager
async def demo(
    clock: str,
    interval: Interval = Interval.QUARTER,
    environment: Iterable[tuple[str, str]] = (),
) -> AsyncIterator[Demo]:
    """Start the demo at `clock` (MARKET_TIME@SPEED) with desks of the interval's bars, and wait
    until all of them are seated.
    """
    market, _, speed = clock.partition("@")
    with temporary_folder("shiftdesk-system-") as folder:
        options = Options(
            clock=Anchor(market=parse_instant(market), wall=time.time(), speed=float(speed)),
            demo=True,
            port=free_port(),
            web=WEB,
            events=folder / "events",
            environment=(
                ("SHIFTDESK_HOLD_DOWN_SECONDS", f"{HOLD_DOWN_SECONDS:g}"),
                *environment,
            ),
        )
        state = StateFolder(folder / "state")
        shutil.copytree(await asyncio.to_thread(prices), state.path("history"))
        prepare = partial(prepare_demo, interval=interval)
        async with running(state.root, options, prepare) as cluster:
            started = Demo(cluster, folder / "events")
            async with started.person("operator") as operator:
                await until(lambda: _seated(operator, 12), 60.0, what="twelve desks seated")
            yield started
            await _drop_pods(cluster)


async def _drop_pods(cluster: Cluster) -> None:
    """To end them in order takes seconds, which the tests of `shiftdesk up` have."""
    pods = [name for name in cluster.supervisor.names() if name.startswith("pod-")]
    await asyncio.gather(*map(cluster.supervisor.discard, pods))


async def _seated(operator: Person, count: int) -> bool:
    pods = (await operator.get("/pods"))["items"]
    return sum(len(pod["desks"]) for pod in pods) >= count
