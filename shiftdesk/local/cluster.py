"""The local cluster: stores, migrations, services, pods, in order, until it is told to stop."""

import asyncio
import os
import socket
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis

import backend.migrate
import scheduler.migrate
from market.clock import Anchor, Clock
from market.serving import address
from shiftdesk.local import services
from shiftdesk.local.guard import Guard
from shiftdesk.local.processes import PortTaken, free_port, listener
from shiftdesk.local.progress import Progress
from shiftdesk.local.scaler import Scaler
from shiftdesk.local.services import Addresses, Urls
from shiftdesk.local.state import CLOCK_SAVED_EVERY_SECONDS, ClusterInfo, StateFolder
from shiftdesk.local.stores import PostgresStore, RedisStore, create_database, create_role
from shiftdesk.local.supervisor import Supervisor

WEB_PORT = 8787
PODS_SECONDS = 45.0
"""How long the start waits for the pods; slower ones come later."""

DEMO_LIFECYCLE = {
    "SHIFTDESK_SHADOW_SESSIONS": "1",
    "SHIFTDESK_PROMOTION": "automatic",
    "SHIFTDESK_PREWARM_SECONDS": "0",
}
"""A demo shows a promotion within minutes, without anybody who approves. Its nights are shorter
than the time by which seats are ready before an opening.
"""


@dataclass(frozen=True)
class Options:
    """What the user may choose. `database_url` and `redis_url` name servers of the user's own."""

    clock: Anchor | None = None
    feed: str = "replay:demo"
    pools: tuple[str, ...] = ("XNYS",)
    language_model: str = ""
    database_url: str = ""
    redis_url: str = ""
    events: Path | None = None
    web: Path | None = None
    port: int = 0
    demo: bool = False
    environment: tuple[tuple[str, str], ...] = ()


Prepare = Callable[["Cluster"], Awaitable[None]]


class Cluster:
    """Everything of `Options`, run from one state folder, which is held by us.

    Its ports are taken at once, and kept: raises PortTaken before anything is started.
    """

    def __init__(self, state: StateFolder, options: Options, progress: Progress) -> None:
        self.state = state
        self.options = options
        self.progress = progress
        self.secrets = state.secrets()
        self.clock = Clock()
        self.supervisor = Supervisor(state.path("logs"), Guard(state.lock))
        self._listeners = {
            "backend": _listener_for_page(options.port, progress),
            "scheduler": listener(0),
            "market": listener(0),
        }
        self.addresses = Addresses(**{name: address(s) for name, s in self._listeners.items()})
        self.urls = Urls(backend_database="", scheduler_database="", redis=options.redis_url)
        given = dict(options.environment)
        self.history = given.get("SHIFTDESK_HISTORY", str(state.path("history")))
        self.artifacts = given.get("SHIFTDESK_ARTIFACTS", str(state.path("artifacts")))

    async def run(self, stop: asyncio.Event, prepare: Prepare, started: Prepare) -> None:
        """Start everything, call `started`, go on until `stop`, which may come at any time; end
        everything in reverse order.
        """
        stopped = asyncio.create_task(stop.wait(), name="stop")
        work = asyncio.create_task(self._run(prepare, started), name="cluster-work")
        try:
            await asyncio.wait({stopped, work}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                work.result()
        finally:
            for task in (stopped, work):
                task.cancel()
            await asyncio.wait({stopped, work})
            await self._end()

    async def _run(self, prepare: Prepare, started: Prepare) -> None:
        await self._start_stores()
        with self.progress.step("migrations"):
            await asyncio.to_thread(backend.migrate.migrate, self.urls.backend_database)
            await asyncio.to_thread(scheduler.migrate.migrate, self.urls.scheduler_database)
        await prepare(self)
        self.clock = self.state.start_clock(self.options.clock, time.time())
        await self._start_services()
        async with Redis.from_url(self.urls.redis) as redis, asyncio.TaskGroup() as tasks:
            tasks.create_task(self._save_clock(), name="save-clock")
            scalers = [self._scaler(pool, redis) for pool in self.options.pools]
            for scaler in scalers:
                tasks.create_task(scaler.run(), name="scaler")
            with self.progress.step("AI pods"):
                await asyncio.gather(*(scaler.settled(PODS_SECONDS) for scaler in scalers))
            self.state.publish(self._info())
            await started(self)

    async def _start_stores(self) -> None:
        database = self.options.database_url
        if not database:
            database = await self._start_postgres()
        if not self.options.redis_url:
            store = RedisStore(self.state.path("redis"), free_port())
            with self.progress.step("Redis with search"):
                store.prepare()
                await self.supervisor.start(services.redis(store))
            self.urls = Urls(backend_database="", scheduler_database="", redis=store.url)
        roles = {"backend": self.secrets.backend_role, "scheduler": self.secrets.scheduler_role}
        for name, password in roles.items():
            create_role(database, f"shiftdesk_{name}", password)
        self.urls = Urls(
            backend_database=_as_role(database, "shiftdesk_backend", roles["backend"]),
            scheduler_database=_as_role(database, "shiftdesk_scheduler", roles["scheduler"]),
            redis=self.urls.redis,
        )

    async def _start_postgres(self) -> str:
        store = PostgresStore(self.state.path("postgres"), free_port())
        with self.progress.step("Postgres"):
            await asyncio.to_thread(store.prepare)
            await self.supervisor.start(services.postgres(store))
            create_database(store.url(database="postgres"), "shiftdesk")
        return store.url()

    async def _start_services(self) -> None:
        databases = {
            "scheduler": {"SHIFTDESK_DATABASE_URL": self.urls.scheduler_database},
            "backend": {"SHIFTDESK_DATABASE_URL": self.urls.backend_database},
        }
        wanted = [
            services.module(name, self.environment() | databases.get(name, {}), taken)
            for name, taken in self._listeners.items()
        ]
        with self.progress.step("market, scheduler, back end"):
            await asyncio.gather(*(self.supervisor.start(service) for service in wanted))

    def environment(self) -> dict[str, str]:
        """What every service is told."""
        options = self.options
        told = {
            "SHIFTDESK_REDIS_URL": self.urls.redis,
            "SHIFTDESK_CLOCK": str(self.clock.anchor) if self.clock.anchor else "wall",
            "SHIFTDESK_FEED": options.feed,
            "SHIFTDESK_BROKER": "paper",
            "SHIFTDESK_HISTORY": self.history,
            "SHIFTDESK_ARTIFACTS": self.artifacts,
            "SHIFTDESK_SECRET": self.secrets.service,
            "SHIFTDESK_SCHEDULER_URL": self.addresses.scheduler,
            "SHIFTDESK_POOLS": ",".join(options.pools),
            "SHIFTDESK_POOL": options.pools[0],
            "SHIFTDESK_STATE": str(self.state.path("pods")),
            "SHIFTDESK_HOST": "127.0.0.1",
            "SHIFTDESK_ENVIRONMENT": "local",
            "SHIFTDESK_LLM": options.language_model,
            # A demo's night lasts a minute or two.
            "SHIFTDESK_PROTOCOL": "small" if options.demo else "full",
            # A pod that the scaler ends is empty already; at the cluster's end nobody could move.
            "SHIFTDESK_LEAVE_SECONDS": "1",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        if options.web is not None and options.web.is_dir():
            told["SHIFTDESK_WEB"] = str(options.web)
        if options.events is not None:
            told["SHIFTDESK_EVENTS"] = str(options.events)
        if options.demo:
            told |= DEMO_LIFECYCLE
        return told | dict(options.environment)

    def _scaler(self, pool: str, redis: Redis) -> Scaler:
        return Scaler(
            pool,
            self.addresses.backend,
            self.secrets.service,
            self.supervisor,
            self.environment() | {"SHIFTDESK_POOL": pool},
            redis,
        )

    def _info(self) -> ClusterInfo:
        return ClusterInfo(
            pid=os.getpid(),
            url=self.addresses.backend,
            scheduler_url=self.addresses.scheduler,
            market_url=self.addresses.market,
            database_url=self.urls.backend_database,
            redis_url=self.urls.redis,
            pools=self.options.pools,
            clock=str(self.clock.anchor) if self.clock.anchor else "wall",
            demo=self.options.demo,
            operator="operator" if self.options.demo else "",
            history=self.history,
            artifacts=self.artifacts,
            logs=str(self.state.path("logs")),
        )

    async def _save_clock(self) -> None:
        while True:
            self.state.save_clock(self.clock, clean=False)
            await asyncio.sleep(CLOCK_SAVED_EVERY_SECONDS)

    async def _end(self) -> None:
        with self.progress.step("everything ended"):
            await self.supervisor.stop_all()
        for taken in self._listeners.values():
            taken.close()
        self.state.save_clock(self.clock, clean=True)
        self.state.withdraw()


def _listener_for_page(port: int, progress: Progress) -> socket.socket:
    """The port that was asked for, or else the usual one, or else any that is free."""
    if port:
        return listener(port)
    try:
        return listener(WEB_PORT)
    except PortTaken as error:
        progress.say(f"{error}; taking another")
        return listener(0)


def _as_role(database_url: str, role: str, password: str) -> str:
    """The same database, entered as another role."""
    scheme, _, rest = database_url.partition("://")
    return f"{scheme}://{role}:{password}@{rest.rpartition('@')[2]}"
