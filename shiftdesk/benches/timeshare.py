"""`bench timeshare`: a market day of ten desks, lived by a pod that shares its time and by the same
three agents always on, one after the other; the same bars, trials and questions, which is checked.

Memory is PSS over time, and the chatbot's warm template counts. A core is reserved by whoever has a
process, as much of it as that agent has ever used over a second: `cpu_ratio`. `cpu_request_ratio`
is what a container's fixed request must cover, the agents that are alive at once. The pod's own
process counts on both sides, once.
"""

import asyncio
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from market.prepare import prepare_demo
from shiftdesk.errors import CommandError
from shiftdesk.local.demo import HISTORY_FROM, HISTORY_TO
from shiftdesk.local.temporary import temporary_folder
from shiftdesk.options import chosen
from shiftdesk.timesharing import account
from shiftdesk.timesharing.account import AGENTS, Role, Sample
from shiftdesk.timesharing.day import CLOSE, OPEN, Day, make_day
from shiftdesk.timesharing.sides import AlwaysOn, Shared
from shiftdesk.timesharing.witness import Witnessed, Work, stage, witness

IDLE_SECONDS = 300.0
"""After so long without a question (market time) the chatbot is dormant, as by default."""

WINDOW_SECONDS = 1.0
SETTLED_SECONDS = 3.0
"""After a switch the old agent's process may still be ending."""

LEAD_SECONDS = 11.0
"""Before a switch the next agent is warmed up for ten seconds, however fast the day is."""

GIB = 1024.0**3


@dataclass(frozen=True)
class Settings:
    """`speed`: market time by real time."""

    speed: float = 480.0
    desks: int = 10
    questions: int = 60
    seed: int = 7


def run(options: dict[str, str]) -> tuple[dict[str, object], dict[str, float]]:
    settings = chosen(Settings, options)
    return asdict(settings), asyncio.run(_measure(settings))


async def _measure(settings: Settings) -> dict[str, float]:
    day = make_day(settings.speed, settings.desks, settings.questions, settings.seed)
    with temporary_folder("shiftdesk-timeshare-") as folder:
        history = folder / "history"
        prepare_demo(str(history), HISTORY_FROM, HISTORY_TO)
        shared = await _shared(folder / "shared", history, day)
        always = await _always_on(folder / "always-on", history, day)
    judged = figures(day, shared, always)
    refuse_other_work(day, judged)
    return judged


def refuse_other_work(day: Day, figures: dict[str, float]) -> None:
    """Ratios mean something only where both sides did all of the day's work, and the same."""
    wanted = {
        "decisions": float(day.bars * len(day.desks)),
        "answers": float(len(day.questions)),
        "work_that_differs": 0.0,
    }
    done = {name: figures[name] for name in wanted}
    if done != wanted or not figures["verdicts"]:
        raise CommandError(
            f"the day's work was not done, or not the same on both sides: {done} where {wanted} "
            f"was due, {figures['verdicts']:g} verdicts",
            "try again on a quieter machine, or a slower day: --set speed=120",
        )


async def _shared(folder: Path, history: Path, day: Day) -> Witnessed:
    async with stage(folder, history, day) as running:
        return await witness(Shared(running, IDLE_SECONDS / day.speed), running, day)


async def _always_on(folder: Path, history: Path, day: Day) -> Witnessed:
    async with stage(folder, history, day) as running:
        return await witness(AlwaysOn(running), running, day)


def figures(day: Day, shared: Witnessed, always: Witnessed) -> dict[str, float]:
    """The comparison; the front of the shared side counts on the other, too."""
    memory = account.memory_seconds(shared.samples), account.memory_seconds(always.samples)
    front = memory[0][Role.FRONT]
    ours, theirs = sum(memory[0].values()), sum(memory[1].values()) + front
    return {
        "memory_ratio": ours / theirs,
        **_cpu(shared.samples, always.samples),
        "dormant_rss_bytes": _dormant(day, shared.samples),
        "gib_seconds_a_user": ours / GIB / len(day.desks),
        "always_on_gib_seconds_a_user": theirs / GIB / len(day.desks),
        **{f"{role}_mean_mb": memory[0][role] / day.seconds / 1e6 for role in Role},
        **{f"always_on_{role}_mean_mb": memory[1][role] / day.seconds / 1e6 for role in AGENTS},
        **_alive(day, shared.samples),
        **_work(shared.work, always.work),
        "answer_ms_p95": _p95(shared.answer_seconds),
        "always_on_answer_ms_p95": _p95(always.answer_seconds),
    }


def _cpu(shared: list[Sample], always: list[Sample]) -> dict[str, float]:
    """Reserved, requested and used core-seconds, ours by theirs. Before the day a template loads
    what it has; in the day it reserves what it then uses.
    """
    peaks = [account.peak_cores(samples, WINDOW_SECONDS) for samples in (shared, always)]
    cores = {role: max(peak[role] for peak in peaks) for role in Role}
    lived, whole = account.alive_seconds(shared), account.alive_seconds(always)
    front = cores[Role.FRONT] * lived[Role.FRONT]
    reserved = sum(cores[role] * lived[role] for role in Role)
    reserved_always = front + sum(cores[role] * whole[role] for role in AGENTS)
    at_once = [account.most_at_once(samples, cores) for samples in (shared, always)]
    used = [account.cpu_seconds(samples) for samples in (shared, always)]
    agents = (*AGENTS, Role.TEMPLATE)
    return {
        "cpu_ratio": reserved / reserved_always,
        "cpu_request_ratio": at_once[0] / (at_once[1] + cores[Role.FRONT]),
        "cpu_used_ratio": sum(used[0][r] for r in agents) / sum(used[1][r] for r in agents),
        **{f"{role}_peak_cores": cores[role] for role in Role},
    }


def _dormant(day: Day, samples: list[Sample]) -> float:
    """The most memory that a dormant trading or learning agent held, far enough from switches."""
    opens = (OPEN - CLOSE).total_seconds() / day.speed
    trading = (SETTLED_SECONDS, opens - LEAD_SECONDS)
    learning = (opens + SETTLED_SECONDS, day.seconds - LEAD_SECONDS)
    return max(
        account.most_memory(samples, Role.TRADING, *trading),
        account.most_memory(samples, Role.LEARNING, *learning),
    )


def _alive(day: Day, samples: list[Sample]) -> dict[str, float]:
    """Shares of the day."""
    lived = account.alive_seconds(samples)
    return {f"{role}_alive_share": lived[role] / day.seconds for role in AGENTS}


def _work(shared: Work, always: Work) -> dict[str, float]:
    """What was done, and how much of it one side alone has done."""
    differs = sum(
        len(getattr(shared, name) ^ getattr(always, name)) for name in Work.__dataclass_fields__
    )
    return {
        "decisions": float(len(shared.decisions)),
        "trials": float(len(shared.trials)),
        "verdicts": float(len(shared.verdicts)),
        "answers": float(len(shared.answered)),
        "work_that_differs": float(differs),
    }


def _p95(seconds: list[float]) -> float:
    return float(np.percentile(seconds, 95)) * 1000 if seconds else float("nan")
