"""`bench switch`: real pods follow plans that alternate trading and learning, one after another.

Judged by the independent history checker over the raw event log, never by the pods' own counters.
Planned switches are warm; unannounced ones (the plan changes at once) are cold. A pod's first
phase after its start is no switch.
"""

import asyncio
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path

import msgspec
import numpy as np
import psutil

from ai_pod.contracts import keys
from ai_pod.contracts.agents import AgentName
from ai_pod.contracts.learning import PolicyLine
from ai_pod.contracts.plan import Phase, Segment
from ai_pod.contracts.seats import RiskProfile
from market.prepare import prepare_demo
from market.words import Interval
from shiftdesk.checkout import tool
from shiftdesk.local.demo import HISTORY_FROM, HISTORY_TO
from shiftdesk.local.pod_rig import INSTRUMENTS, ORGANISATION, Rig, rig
from shiftdesk.local.temporary import temporary_folder

START = datetime(2012, 10, 15, 14, 0, tzinfo=UTC)
INTERVAL = Interval.QUARTER
SPEED = 900.0
LINE = "XNYS/AAPL+GOOG+IBM+MSFT/15m/balanced"
DESKS = 10
COLD_PAUSE_SECONDS = 1.0
"""Between a cold switch and the next of another pod, so that they do not start at the same time."""


@dataclass(frozen=True)
class Settings:
    """`switches` (warm) and `cold` are of all pods together; `hold_s`: real seconds of a phase."""

    switches: int
    cold: int
    pods: int
    hold_s: float
    desks: int = DESKS


def run(options: dict[str, str]) -> tuple[dict[str, object], dict[str, float]]:
    """Options: switches (105), cold (15), pods (3), hold (real seconds of a phase, 8)."""
    settings = Settings(
        switches=int(options.get("switches", "105")),
        cold=int(options.get("cold", "15")),
        pods=int(options.get("pods", "3")),
        hold_s=float(options.get("hold", "8")),
    )
    tool("history")
    return asdict(settings), asyncio.run(_measure(settings))


async def _measure(settings: Settings) -> dict[str, float]:
    names = [f"pod-rig-{number + 1}" for number in range(settings.pods)]
    with temporary_folder("shiftdesk-switch-") as folder:
        prepare_demo(str(folder / "history"), HISTORY_FROM, HISTORY_TO)
        async with rig(folder, START, SPEED) as running:
            memory = _Memory(running, names)
            await _prepare(running, names)
            plans = {
                name: _alternating(running, settings, number) for number, name in enumerate(names)
            }
            await running.publish_plan(plans[names[0]], plans)
            for name in names:
                await running.start_pod(name)
            watch = asyncio.create_task(memory.watch(), name="memory")
            last = max(segments[-1].starts for segments in plans.values())
            await running.feed(_trading(plans), INTERVAL, last + running.clock.market_span(2.0))
            await _switch_cold(running, plans, settings.cold)
            watch.cancel()
            until = last - timedelta(seconds=2.0 * SPEED)
        return _figures(folder / "events", until) | memory.figures()


def _alternating(running: Rig, settings: Settings, number: int) -> list[Segment]:
    """The pod's segments: trading first, the switches of the pods spread over a phase. The first
    phase is long enough for all pods to start.
    """
    real = running.clock.market_span
    starts = running.clock.now() - timedelta(minutes=1)
    ends = starts + real(settings.hold_s * (1.0 + number / settings.pods) + 4.0 * settings.pods)
    segments: list[Segment] = []
    for turn in range(ceil(settings.switches / settings.pods) + 1):
        phase = Phase.LEARNING if turn % 2 else Phase.TRADING
        segments.append(Segment(phase=phase, starts=starts, ends=ends, reason="bench"))
        starts, ends = ends, ends + real(settings.hold_s)
    last = msgspec.structs.replace(segments[-1], ends=starts + timedelta(days=30))
    return [*segments[:-1], last]


def _trading(plans: dict[str, list[Segment]]) -> list[Segment]:
    return [s for segments in plans.values() for s in segments if s.phase is Phase.TRADING]


async def _prepare(running: Rig, pods: list[str]) -> None:
    line = PolicyLine(
        id=LINE,
        organisation=ORGANISATION,
        pool="XNYS",
        instruments=INSTRUMENTS,
        interval=INTERVAL,
        risk_profile=RiskProfile.BALANCED,
        champion="rule:momentum@1",
    )
    await running.redis.hset(keys.learning_lines(), LINE, msgspec.json.encode(line))
    for pod in pods:
        desks = [f"{pod}-desk-{n}" for n in range(DESKS)]
        await running.seat(desks, INTERVAL, "rule:momentum@1", pod)


async def _switch_cold(running: Rig, plans: dict[str, list[Segment]], count: int) -> None:
    """Change the plan of one pod after the other without notice, `count` times in all."""
    pods = list(plans)
    for number in range(count):
        pod = pods[number % len(pods)]
        plans[pod] = _from_now_on_the_other(plans[pod], running.clock.now())
        await running.publish_plan(plans[pods[0]], plans)
        phase = plans[pod][-1].phase
        async with asyncio.timeout(30):
            while not await running.holds(phase, pod):  # noqa: ASYNC110  # another process
                await asyncio.sleep(0.1)
        await asyncio.sleep(COLD_PAUSE_SECONDS)


def _from_now_on_the_other(segments: list[Segment], now: datetime) -> list[Segment]:
    """What has been stays in the plan: a pod that is late may still have bars of it to decide."""
    last = msgspec.structs.replace(segments[-1], ends=now)
    other = Phase.LEARNING if last.phase is Phase.TRADING else Phase.TRADING
    ends = now + timedelta(days=30)
    return [*segments[:-1], last, Segment(phase=other, starts=now, ends=ends, reason="cold")]


class _Memory:
    """Watches, from outside, whether a dormant agent's process is really gone."""

    def __init__(self, running: Rig, pods: list[str]) -> None:
        self._rig = running
        self._pods = pods
        self.sizes: dict[AgentName, list[int]] = {name: [] for name in AgentName}
        self.seen: dict[int, AgentName] = {}

    async def watch(self) -> None:
        while True:
            for pod in self._pods:
                beat = await self._rig.heartbeat(pod)
                for agent in beat.agents if beat else ():
                    if agent.pid is not None:
                        self.seen[agent.pid] = agent.name
                        self.sizes[agent.name].append(agent.rss_bytes)
            await asyncio.sleep(0.5)

    def figures(self) -> dict[str, float]:
        alive = [pid for pid in self.seen if psutil.pid_exists(pid)]
        figures = {
            "agent_processes": float(len(self.seen)),
            "left_alive_after_end": float(len(alive)),
        }
        for name in (AgentName.TRADING, AgentName.LEARNING):
            sizes = self.sizes[name]
            figures[f"{name}_rss_mb_returned"] = float(np.max(sizes)) / 1e6 if sizes else 0.0
        return figures


def _figures(folder: Path, until: datetime) -> dict[str, float]:
    history = tool("history")
    events = history.read(folder)
    judgement = history.judge(events)
    lost = history.missing_decisions(events, until=until)
    switched = [
        event
        for event in events
        if event["event"] == "switch_finished" and event["from_phase"] != "paused"
    ]
    warm = [e["seconds"] * 1000 for e in switched if not e["cold"]]
    cold = [e["seconds"] * 1000 for e in switched if e["cold"]]
    late = [e["late_seconds"] * 1000 for e in switched if not e["cold"]]
    return {
        "switches": float(len(switched)),
        "warm": float(len(warm)),
        "cold": float(len(cold)),
        "warm_ms_p50": _percentile(warm, 50),
        "warm_ms_p99": _percentile(warm, 99),
        "cold_ms_p50": _percentile(cold, 50),
        "cold_ms_p99": _percentile(cold, 99),
        "late_ms_p99": _percentile(late, 99),
        "lost": float(len(lost)),
        "doubled": float(judgement.counts["one decision a bar"]),
        "faults": float(len(judgement.faults)),
        "decisions": float(judgement.counts["event decision_published"]),
    }


def _percentile(values: list[float], share: float) -> float:
    return float(np.percentile(values, share)) if values else float("nan")
