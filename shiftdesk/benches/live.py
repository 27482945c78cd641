"""`bench live`: one market session of the whole cluster, watched by twenty live sockets; then one
back end alone with hundreds of sockets, and with thousands.

Tick to signal is CPU time inside the pod, of ticks that closed a bar and led to a signal. Delivery
is real time from the decision's publication in the pod to a socket on the browser's side. What the
other two parts measure stands in `shiftdesk.loading.one_backend`.
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
from shiftdesk.loading import one_backend
from shiftdesk.local.cluster import Cluster, Options
from shiftdesk.local.demo import prepare_demo
from shiftdesk.local.processes import free_port
from shiftdesk.local.temporary import running, temporary_folder

START = "2012-10-16T11:00:00Z"
"""Early enough that all sockets are open and all desks seated when the market opens at 13:30."""

TRADERS = 12


@dataclass(frozen=True)
class Settings:
    """`interval` is that of the demo desks' bars: the shorter, the more decisions are timed."""

    clients: int
    speed: float
    seconds: float
    interval: str


def run(options: dict[str, str]) -> tuple[dict[str, object], dict[str, float]]:
    """Options: clients (20), speed (300), seconds (110), interval (5m); parts
    (session+load+held), and what `one_backend` takes.
    """
    parts = options.get("parts", "session+load+held").split("+")
    told: dict[str, object] = {"parts": "+".join(parts)}
    figures: dict[str, float] = {}
    for part in parts:
        its_settings, its_figures = _PARTS[part](options)
        told |= its_settings
        figures |= its_figures
    return told, figures


def _session(options: dict[str, str]) -> tuple[dict[str, object], dict[str, float]]:
    settings = Settings(
        clients=int(options.get("clients", "20")),
        speed=float(options.get("speed", "300")),
        seconds=float(options.get("seconds", "110")),
        interval=options.get("interval", "5m"),
    )
    tool("people")
    return asdict(settings), asyncio.run(_measure(settings))


_PARTS = {"session": _session, "load": one_backend.load, "held": one_backend.held}


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


async def _measure(settings: Settings) -> dict[str, float]:
    with temporary_folder("shiftdesk-live-") as folder:
        anchor = Anchor(market=parse_instant(START), wall=time.time(), speed=settings.speed)
        options = Options(clock=anchor, demo=True, port=free_port())
        prepare = partial(prepare_demo, interval=Interval(settings.interval))
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
