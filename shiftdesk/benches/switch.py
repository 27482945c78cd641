"""`bench switch`: a real pod follows a plan that alternates trading and learning.

Judged by the independent history checker over the raw event log, never by the pod's own counters.
Planned switches are warm; a few unannounced ones (the plan changes at once) are cold.
"""

import asyncio
from datetime import UTC, datetime, timedelta
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


def run(options: dict[str, str]) -> tuple[dict[str, object], dict[str, float]]:
    """Options: switches (24), hold (real seconds of a phase, 13), cold (4)."""
    switches = int(options.get("switches", "24"))
    hold = float(options.get("hold", "13"))
    cold = int(options.get("cold", "4"))
    tool("history")
    settings: dict[str, object] = {"switches": switches, "hold_s": hold, "cold": cold, "desks": 10}
    return settings, asyncio.run(_measure(switches, hold, cold))


async def _measure(switches: int, hold: float, cold: int) -> dict[str, float]:
    with temporary_folder("shiftdesk-switch-") as folder:
        prepare_demo(str(folder / "history"), HISTORY_FROM, HISTORY_TO)
        async with rig(folder, START, SPEED) as running:
            memory = _Memory(running)
            segments = _alternating(running, switches, hold)
            await _prepare(running, segments)
            await running.start_pod()
            watch = asyncio.create_task(memory.watch(), name="memory")
            trading = [segment for segment in segments if segment.phase is Phase.TRADING]
            await running.feed(trading, INTERVAL, segments[-2].ends)
            await _switch_cold(running, cold)
            watch.cancel()
            until = segments[-2].ends - timedelta(seconds=2.0 * SPEED)
        return _figures(folder / "events", until) | memory.figures()


def _alternating(running: Rig, switches: int, hold: float) -> list[Segment]:
    span = running.clock.market_span(hold)
    starts = running.clock.now() - timedelta(minutes=1)
    segments: list[Segment] = []
    for number in range(switches + 2):
        phase = Phase.LEARNING if number % 2 else Phase.TRADING
        ends = starts + span
        segments.append(Segment(phase=phase, starts=starts, ends=ends, reason="bench"))
        starts = ends
    return segments


async def _prepare(running: Rig, segments: list[Segment]) -> None:
    await running.publish_plan(segments)
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
    await running.seat([f"desk-{n}" for n in range(10)], INTERVAL, "rule:momentum@1")


async def _switch_cold(running: Rig, count: int) -> None:
    """Change the plan without notice, `count` times."""
    phase = Phase.LEARNING
    for _ in range(count):
        beat = await running.heartbeat()
        phase = Phase.LEARNING if beat and beat.phase is Phase.TRADING else Phase.TRADING
        now = running.clock.now()
        ends = now + timedelta(days=30)
        await running.publish_plan([Segment(phase=phase, starts=now, ends=ends, reason="cold")])
        async with asyncio.timeout(30):
            while not await running.holds(phase):  # noqa: ASYNC110  # another process, no event
                await asyncio.sleep(0.2)
        await asyncio.sleep(3.0)


class _Memory:
    """Watches, from outside, whether a dormant agent's process is really gone."""

    def __init__(self, running: Rig) -> None:
        self._rig = running
        self.sizes: dict[AgentName, list[int]] = {name: [] for name in AgentName}
        self.seen: dict[int, AgentName] = {}

    async def watch(self) -> None:
        while True:
            beat = await self._rig.heartbeat()
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
    finished = [event for event in events if event["event"] == "switch_finished"]
    warm = [e["seconds"] * 1000 for e in finished if not e["cold"]]
    cold = [e["seconds"] * 1000 for e in finished if e["cold"]]
    late = [e["late_seconds"] * 1000 for e in finished if not e["cold"]]
    return {
        "switches": float(len(finished)),
        "warm_ms_p50": _percentile(warm, 50),
        "warm_ms_p99": _percentile(warm, 99),
        "cold_ms_p99": _percentile(cold, 99),
        "late_ms_p99": _percentile(late, 99),
        "lost": float(len(lost)),
        "doubled": float(judgement.counts["one decision a bar"]),
        "faults": float(len(judgement.faults)),
        "decisions": float(judgement.counts["event decision_published"]),
    }


def _percentile(values: list[float], share: float) -> float:
    return float(np.percentile(values, share)) if values else float("nan")
