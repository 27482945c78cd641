"""The demo cluster for system and browser tests: every process real, judged by its event log."""

import contextlib
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from ai_pod.contracts import tokens
from market.clock import Anchor, parse_instant
from market.words import Interval
from shiftdesk.local.cluster import Cluster, Options
from shiftdesk.local.demo import prepare_demo
from shiftdesk.local.processes import free_port
from shiftdesk.local.temporary import running, temporary_folder
from shiftdesk.verbs.up import WEB
from tests.support import history
from tests.support.people import Person, until

HOLD_DOWN_SECONDS = 12.0


@dataclass
class Demo:
    """A running demo cluster."""

    cluster: Cluster
    events: Path

    @property
    def url(self) -> str:
        return self.cluster.addresses.backend

    def person(self, username: str) -> "contextlib.AbstractAsyncContextManager[Person]":
        return Person.enter(self.url, username, self.cluster.secrets.demo_password)

    def now(self) -> datetime:
        return self.cluster.clock.now()

    def history(self) -> list[history.Event]:
        return history.read(self.events)

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
        prepare = partial(prepare_demo, interval=interval)
        async with running(folder / "state", options, prepare) as cluster:
            started = Demo(cluster, folder / "events")
            async with started.person("operator") as operator:
                await until(lambda: _seated(operator, 12), 60.0, what="twelve desks seated")
            yield started


async def _seated(operator: Person, count: int) -> bool:
    pods = (await operator.get("/pods"))["items"]
    return sum(len(pod["desks"]) for pod in pods) >= count
