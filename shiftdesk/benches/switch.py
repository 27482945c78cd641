"""`bench switch`: real pods follow plans that alternate trading and learning, one after another.

Planned switches are warm. Unannounced ones are cold: the plan changes at the instant at which it
wants them, so that nobody could prepare. Bars close all the time, before, during and after both.
Judged, while the pods still work, by `shiftdesk.switching` and the independent history checker.
"""

import asyncio
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path

import msgspec

from ai_pod.contracts import keys
from ai_pod.contracts.learning import PolicyLine
from ai_pod.contracts.plan import Phase, Segment
from ai_pod.contracts.seats import RiskProfile
from market.clock import Clock
from market.prepare import prepare_demo
from market.tasks import told_to_end
from market.words import Interval
from shiftdesk.checkout import tool
from shiftdesk.local.demo import HISTORY_FROM, HISTORY_TO
from shiftdesk.local.pod_rig import INSTRUMENTS, ORGANISATION, Rig, boundary_after, rig
from shiftdesk.local.temporary import temporary_folder
from shiftdesk.options import chosen
from shiftdesk.switching import COLD, Dormancy, figures

START = datetime(2012, 10, 15, 14, 0, tzinfo=UTC)
INTERVAL = Interval.QUARTER
SPEED = 900.0
LINE = "XNYS/AAPL+GOOG+IBM+MSFT/15m/balanced"
COLD_PAUSE_SECONDS = 1.0
"""Between a cold switch and the next of another pod, so that they do not start at the same time."""

PATIENCE_SECONDS = 60.0
CLEAR_SECONDS = 0.3
"""So long before a bar closes no plan changes: which one holds at its end is beyond doubt."""

SETTLE_SECONDS = 5.0
"""After the last bar, for what is still to be decided."""


@dataclass(frozen=True)
class Settings:
    """`switches` (warm) and `cold` are of all pods together; `hold`: real seconds of a phase,
    long enough for two cores to start the next agents of all pods in it.
    """

    switches: int = 105
    cold: int = 15
    pods: int = 3
    hold: float = 12.0
    desks: int = 10


def run(options: dict[str, str]) -> tuple[dict[str, object], dict[str, float]]:
    settings = chosen(Settings, options)
    tool("history")
    return asdict(settings), asyncio.run(_measure(settings))


async def _measure(settings: Settings) -> dict[str, float]:
    names = [f"pod-rig-{number + 1}" for number in range(settings.pods)]
    with temporary_folder("shiftdesk-switch-") as folder:
        prepare_demo(str(folder / "history"), HISTORY_FROM, HISTORY_TO)
        async with rig(folder, START, SPEED) as running:
            await _prepare(running, names, settings.desks)
            now = running.clock.now()
            await running.publish_plan([_from(now, Phase.TRADING, "bench")])
            for name in names:
                await running.start_pod(name)
                await _until_it_holds(running, Phase.TRADING, name)
            plans = {
                name: _alternating(running, settings, number, now)
                for number, name in enumerate(names)
            }
            await running.publish_plan(plans[names[0]], plans)
            return await _follow(running, plans, settings, folder)


async def _follow(
    running: Rig, plans: dict[str, list[Segment]], settings: Settings, folder: Path
) -> dict[str, float]:
    """Let the pods go through their plans, and through changes of them; what came of it."""
    dormancy = Dormancy()
    async with asyncio.TaskGroup() as tasks:
        watching = tasks.create_task(_watch(running, plans, dormancy), name="dormancy")
        feeding = tasks.create_task(_feed(running), name="bars")
        last = max(segments[-1].starts for segments in plans.values())
        await asyncio.sleep(running.clock.real_seconds_until(last) + settings.hold / 2)
        await _switch_cold(running, plans, settings.cold)
        await asyncio.sleep(settings.hold / 2)
        feeding.cancel()
        until = running.clock.now()
        await asyncio.sleep(SETTLE_SECONDS)
        watching.cancel()
    events = tool("history").read(folder / "events")
    return figures(events, plans, until, SPEED) | dormancy.figures()


async def _feed(running: Rig) -> None:
    """The market never closes: what is nobody's bar is nobody's by the plan."""
    always = _from(running.clock.now(), Phase.TRADING, "bench")
    await running.feed([always], INTERVAL, always.ends)


async def _watch(running: Rig, pods: dict[str, list[Segment]], dormancy: Dormancy) -> None:
    while not told_to_end():
        for pod in pods:
            if beat := await running.heartbeat(pod):
                dormancy.look(beat)
        await asyncio.sleep(0.5)


def _alternating(running: Rig, settings: Settings, number: int, starts: datetime) -> list[Segment]:
    """The pod's segments: trading since `starts`, which goes on for a phase from now; the switches
    of the pods are spread over a phase.
    """
    real = running.clock.market_span
    ends = running.clock.now() + real(settings.hold * (1.0 + number / settings.pods))
    segments: list[Segment] = []
    for turn in range(ceil(settings.switches / settings.pods) + 1):
        phase = Phase.LEARNING if turn % 2 else Phase.TRADING
        segments.append(Segment(phase=phase, starts=starts, ends=ends, reason="bench"))
        starts, ends = ends, ends + real(settings.hold)
    return [*segments[:-1], _from(segments[-1].starts, segments[-1].phase, "bench")]


def _from(starts: datetime, phase: Phase, reason: str) -> Segment:
    """Until further notice: nothing is warmed up for what comes next."""
    return Segment(phase=phase, starts=starts, ends=starts + timedelta(days=30), reason=reason)


async def _prepare(running: Rig, pods: list[str], desks: int) -> None:
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
        names = [f"{pod}-desk-{n}" for n in range(desks)]
        await running.seat(names, INTERVAL, "rule:momentum@1", pod)


async def _switch_cold(running: Rig, plans: dict[str, list[Segment]], count: int) -> None:
    """Change the plan of one pod after the other without notice, `count` times in all."""
    pods = list(plans)
    for number in range(count):
        pod = pods[number % len(pods)]
        await _until_no_bar_is_near(running.clock)
        plans[pod] = _from_now_on_the_other(plans[pod], running.clock.now())
        await running.publish_plan(plans[pods[0]], plans)
        await _until_it_holds(running, plans[pod][-1].phase, pod)
        await asyncio.sleep(COLD_PAUSE_SECONDS)


async def _until_it_holds(running: Rig, phase: Phase, pod: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await running.holds(phase, pod):  # noqa: ASYNC110  # another process
            await asyncio.sleep(0.1)


async def _until_no_bar_is_near(clock: Clock) -> None:
    left = clock.real_seconds_until(boundary_after(clock.now(), INTERVAL))
    if left < CLEAR_SECONDS:
        await asyncio.sleep(left + 0.01)


def _from_now_on_the_other(segments: list[Segment], now: datetime) -> list[Segment]:
    """What has been stays in the plan: a pod that is late may still have bars of it to decide."""
    last = msgspec.structs.replace(segments[-1], ends=now)
    other = Phase.LEARNING if last.phase is Phase.TRADING else Phase.TRADING
    return [*segments[:-1], last, _from(now, other, COLD)]
