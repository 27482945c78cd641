"""The checks of `shiftdesk doctor`: of the installation that the settings name, of the running
cluster's services, or else of the machine.
"""

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path

import httpx
import psycopg
import redis
import websockets

from market.calendars import trading_sessions
from market.clock import Clock
from market.errors import MarketError
from market.history import History
from market.tasks import in_time
from shiftdesk.api import DEMO_TRADER, connect, elsewhere
from shiftdesk.configuration import STATE, Configuration
from shiftdesk.errors import CommandError
from shiftdesk.finding import Finding, Mark
from shiftdesk.installation_checks import examine_installation, round_trip
from shiftdesk.local.cluster import WEB_PORT
from shiftdesk.local.processes import PortTaken, listener
from shiftdesk.local.state import ClusterInfo, StateFolder
from shiftdesk.local.stores import PostgresStore, RedisStore, StoreError
from shiftdesk.venue_checks import check_broker, check_feed

LEAST_FREE_BYTES = 2_000_000_000
SKEW_SECONDS = 1.0


Check = Callable[[ClusterInfo | None], Awaitable[Finding]]


async def examine() -> list[Finding]:
    """All checks, in order; one that breaks is a FAIL of its own."""
    if elsewhere():
        return await examine_installation()
    info = StateFolder(STATE).running()
    checks: tuple[Check, ...] = (
        _cluster,
        _ports,
        _stores,
        _disk,
        _calendars,
        _data,
        _keys,
        _feed,
        _broker,
        _clock,
        _socket,
    )
    return [await _guarded(check, info) for check in checks]


async def _guarded(check: Check, info: ClusterInfo | None) -> Finding:
    name = check.__name__.strip("_")
    try:
        return await in_time(check(info), 20.0)
    except (
        CommandError,
        OSError,
        TimeoutError,
        MarketError,
        httpx.HTTPError,
        psycopg.Error,
        redis.RedisError,
        websockets.WebSocketException,
    ) as error:
        return Finding(name, Mark.FAIL, f"{type(error).__name__}: {error}", "read .shiftdesk/logs")


async def _cluster(info: ClusterInfo | None) -> Finding:
    if info is None:
        return Finding("cluster", Mark.WARN, "none runs here", "shiftdesk up --demo")
    return Finding("cluster", Mark.OK, f"{info.url}, process {info.pid}")


async def _ports(info: ClusterInfo | None) -> Finding:
    if info is not None:
        return Finding("ports", Mark.OK, "the cluster holds its own")
    try:
        listener(WEB_PORT).close()
    except PortTaken as error:
        return Finding("ports", Mark.WARN, str(error), "another is chosen; or --port NUMBER")
    return Finding("ports", Mark.OK, f"the page's port {WEB_PORT} is free")


async def _stores(info: ClusterInfo | None) -> Finding:
    if info is None:
        return _binaries()
    with psycopg.connect(info.database_url, connect_timeout=3) as connection:
        version = connection.info.server_version
    with redis.Redis.from_url(info.redis_url, socket_timeout=3) as client:
        modules = {module[b"name"].decode().lower() for module in client.module_list()}
    if "search" not in modules:
        return Finding("stores", Mark.FAIL, "Redis has no search", "use Redis 8 or Redis Stack")
    return Finding("stores", Mark.OK, f"Postgres {version // 10000}, Redis with search")


def _binaries() -> Finding:
    try:
        PostgresStore(STATE / "postgres", 0).version()
        RedisStore(STATE / "redis", 0).command()
    except (StoreError, OSError) as error:
        return Finding("stores", Mark.FAIL, str(error), "make install")
    return Finding("stores", Mark.OK, "the embedded servers are installed")


async def _disk(_info: ClusterInfo | None) -> Finding:
    free = shutil.disk_usage(Path.cwd()).free
    mark = Mark.OK if free > LEAST_FREE_BYTES else Mark.WARN
    fix = "" if mark is Mark.OK else "make room: logs and events lie in .shiftdesk/"
    return Finding("disk", mark, f"{free / 1e9:.1f} GB free", fix)


async def _calendars(info: ClusterInfo | None) -> Finding:
    today = Clock.parse(info.clock).now().date() if info else date.today()
    pools = info.pools if info else ("XNYS",)
    names = [name for pool in pools for name in pool.split("+")]
    days = [len(trading_sessions(name, today, today + timedelta(days=30)).opens) for name in names]
    covered = ", ".join(f"{name} {count}" for name, count in zip(names, days, strict=True))
    return Finding("calendars", Mark.OK, f"market sessions in the next 30 days: {covered}")


async def _data(info: ClusterInfo | None) -> Finding:
    root = info.history if info else str(STATE / "history")
    served = History(root).instruments()
    if not served:
        return Finding("data", Mark.WARN, "no price history", "shiftdesk data import FILE")
    return Finding("data", Mark.OK, f"{len(served)} instruments in the history store")


async def _keys(_info: ClusterInfo | None) -> Finding:
    path = STATE / "secrets.json"
    if not path.exists():
        return Finding("keys", Mark.OK, "will be made at the first start")
    if path.stat().st_mode & 0o077:
        return Finding("keys", Mark.WARN, f"{path} is readable by others", f"chmod 600 {path}")
    return Finding("keys", Mark.OK, "secrets are readable by you alone")


async def _feed(_info: ClusterInfo | None) -> Finding:
    return await check_feed(Configuration(Path.cwd()))


async def _broker(_info: ClusterInfo | None) -> Finding:
    return await check_broker(Configuration(Path.cwd()))


async def _clock(info: ClusterInfo | None) -> Finding:
    if info is None:
        return Finding("clock", Mark.OK, "no cluster to compare with")
    with redis.Redis.from_url(info.redis_url, socket_timeout=3) as client:
        seconds, micros = client.time()
    skew = abs(time.time() - (seconds + micros / 1e6))
    if skew > SKEW_SECONDS:
        return Finding(
            "clock", Mark.FAIL, f"{skew:.1f} s between us and Redis", "synchronise (NTP)"
        )
    market = Clock.parse(info.clock).now()
    return Finding("clock", Mark.OK, f"skew {skew * 1000:.0f} ms; market time {market:%F %H:%M}")


async def _socket(info: ClusterInfo | None) -> Finding:
    if info is None:
        return Finding("live socket", Mark.OK, "no cluster to try")
    if not info.demo:
        return Finding("live socket", Mark.WARN, "not tried: no demo login", "log in on the page")
    return await round_trip(await asyncio.to_thread(connect, DEMO_TRADER))
