"""`bench live`: one market session of the whole cluster, watched by twenty live sockets; then one
back end alone: hundreds of sockets of one desk, hundreds of many desks, thousands that are held.

Tick to signal is CPU time inside the pod, of ticks that closed a bar and led to a signal. Delivery
is real time from the decision's publication in the pod to a socket on the browser's side. What the
other parts measure stands in `shiftdesk.loading.one_backend`.
"""

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field
from functools import partial

import httpx
import numpy as np
import psutil
from redis.asyncio import Redis

from ai_pod.contracts import directory, tokens
from market.clock import Anchor, parse_instant
from market.words import Interval
from shiftdesk.checkout import tool
from shiftdesk.errors import UsageProblem
from shiftdesk.loading import one_backend
from shiftdesk.loading.one_backend import Load
from shiftdesk.local.cluster import Cluster, Options
from shiftdesk.local.demo import prepare_demo
from shiftdesk.local.processes import free_port
from shiftdesk.local.temporary import running, temporary_folder
from shiftdesk.options import chosen

START = "2012-10-16T11:00:00Z"
"""Early enough that all sockets are open and all desks seated when the market opens at 13:30."""

TRADERS = 12


@dataclass(frozen=True)
class Settings:
    """`interval` is that of the demo desks' bars: the shorter, the more decisions are timed. Rates
    are of frames, each of which goes to all sockets of its desk.
    """

    parts: str = "session+load+spread+held"
    clients: int = 20
    speed: float = 300.0
    seconds: float = 110.0
    interval: Interval = Interval.FIVE_MINUTES
    sockets: int = 500
    load_seconds: float = 10.0
    frame_bytes: int = 200
    desks: int = 1
    rate: float = 80.0
    spread_desks: int = 50
    spread_rate: float = 400.0
    held_sockets: int = 2000
    held_desks: int = 200
    held_seconds: float = 600.0
    held_rate: float = 2.0


def run(options: dict[str, str]) -> tuple[dict[str, object], dict[str, float]]:
    settings = chosen(Settings, options)
    parts = settings.parts.split("+")
    if unknown := sorted(set(parts) - _PARTS.keys()):
        raise UsageProblem(f"no part {', '.join(unknown)}", f"there are: {'+'.join(_PARTS)}")
    figures: dict[str, float] = {}
    for part in parts:
        figures |= asyncio.run(_PARTS[part](settings))
    return asdict(settings), figures


async def _load(settings: Settings) -> dict[str, float]:
    return await _loaded("fanout", settings, settings.desks, settings.rate)


async def _spread(settings: Settings) -> dict[str, float]:
    """The same sockets, of many desks: a frame is read and encoded for few of them."""
    return await _loaded("spread", settings, settings.spread_desks, settings.spread_rate)


async def _loaded(name: str, settings: Settings, desks: int, rate: float) -> dict[str, float]:
    asked = Load(settings.sockets, desks, rate, settings.load_seconds, settings.frame_bytes)
    found = await one_backend.loaded(asked)
    return {f"{name}_{figure}": value for figure, value in found.items()}


async def _held(settings: Settings) -> dict[str, float]:
    asked = Load(
        sockets=settings.held_sockets,
        desks=settings.held_desks,
        rate=settings.held_rate,
        seconds=settings.held_seconds,
        frame_bytes=settings.frame_bytes,
    )
    return await one_backend.held(asked)


@dataclass
class _Watch:
    """What the sockets saw: milliseconds of every signal frame, and all frames counted."""

    delivery_ms: list[float] = field(default_factory=list)
    frames: int = 0

    def take(self, frames: list[dict[str, object]]) -> None:
        self.frames += len(frames)
        for frame in frames:
            data = frame["data"]
            if frame["kind"] == "signal" and isinstance(data, dict):
                waited = float(str(frame["received"])) - float(data["published_wall"])
                self.delivery_ms.append(waited * 1000)


async def _session(settings: Settings) -> dict[str, float]:
    tool("people")
    with temporary_folder("shiftdesk-live-") as folder:
        anchor = Anchor(market=parse_instant(START), wall=time.time(), speed=settings.speed)
        options = Options(clock=anchor, demo=True, port=free_port())
        prepare = partial(prepare_demo, interval=settings.interval)
        async with running(folder / "state", options, prepare) as cluster:
            watch = _Watch()
            began = _cpu_seconds(cluster)
            await _watch_session(cluster, settings, watch)
            spent = _cpu_seconds(cluster) - began
            figures = await _pod_figures(cluster)
    return figures | {
        "delivery_ms_p50": _percentile(watch.delivery_ms, 50),
        "delivery_ms_p99": _percentile(watch.delivery_ms, 99),
        "deliveries": float(len(watch.delivery_ms)),
        "messages_per_cpu_s": watch.frames / max(spent, 1e-9),
        "clients": float(settings.clients),
    }


async def _watch_session(cluster: Cluster, settings: Settings, watch: _Watch) -> None:
    person_class = tool("people").Person
    url, password = cluster.addresses.backend, cluster.secrets.demo_password
    async with AsyncExitStack() as stack:
        sockets = []
        for number in range(settings.clients):
            trader = f"trader{number % TRADERS + 1}"
            person = await stack.enter_async_context(person_class.enter(url, trader, password))
            sockets.append(await stack.enter_async_context(person.live()))
        await asyncio.sleep(settings.seconds)
        for socket in sockets:
            watch.take(socket.frames)


async def _pod_figures(cluster: Cluster) -> dict[str, float]:
    """The trading agents' own percentiles, over the decisions of all pods; and the worst pod's."""
    token = tokens.issue(cluster.secrets.service, issuer="bench", audience="ai-pod")
    headers = {"Authorization": f"Bearer {token}"}
    told: list[dict[str, float]] = []
    async with Redis.from_url(cluster.urls.redis) as redis, httpx.AsyncClient(timeout=10.0) as http:
        for pod in await directory.living_pods(redis):
            answer = await http.get(f"{pod.address}/v1/agents", headers=headers)
            told.append(answer.json()["figures"].get("trading", {}))
    return _over_all([figures for figures in told if figures.get("signal_decisions")])


def _over_all(pods: list[dict[str, float]]) -> dict[str, float]:
    """The median lies in the pod that holds the middle decision; p99 is the worst pod's."""
    medians = sorted((pod["tick_to_signal_cpu_us_p50"], pod["signal_decisions"]) for pod in pods)
    counts = np.cumsum([count for _, count in medians])
    middle = int(np.searchsorted(counts, counts[-1] / 2.0))
    return {
        "tick_to_signal_cpu_us_p50": medians[middle][0],
        "tick_to_signal_cpu_us_p99": max(pod["tick_to_signal_cpu_us_p99"] for pod in pods),
        "smallest_pod_cpu_us_p50": medians[-1][0],
        "bar_cpu_us_p50": max(pod["bar_cpu_us_p50"] for pod in pods),
        "signal_decisions": float(counts[-1]),
    }


def _cpu_seconds(cluster: Cluster) -> float:
    """CPU of the back end so far."""
    pid = cluster.supervisor.pid("backend")
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def _percentile(values: list[float], share: float) -> float:
    return float(np.percentile(values, share)) if values else float("nan")


_PARTS = {"session": _session, "load": _load, "spread": _spread, "held": _held}
