"""Lives a day with one side and bears witness: its processes, and the work that it has done."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from ai_pod.contracts import keys
from ai_pod.contracts.desk import DeskSnapshot, LimitsView
from ai_pod.contracts.learning import LearningEvent, PolicyLine, TrialFinished, VerdictReached
from ai_pod.contracts.plan import Phase
from ai_pod.contracts.signals import Decision
from ai_pod.orchestrator.consumption import consumption_of
from market.keys import FIELD
from shiftdesk.local.pod_rig import INSTRUMENTS, ORGANISATION, Rig, rig
from shiftdesk.timesharing.account import Sample, Use
from shiftdesk.timesharing.day import (
    CHAMPION,
    CLOSE,
    INTERVAL,
    LENGTH,
    LINE,
    OPEN,
    PROFILE,
    Day,
    Question,
)
from shiftdesk.timesharing.sides import Side

AHEAD_SECONDS = 45.0
"""Real time before the day in which a side gets ready."""

SAMPLE_SECONDS = 0.25
LATEST_SECONDS = 30.0


@dataclass(frozen=True)
class Work:
    """What was done, as identities: two sides that did the same have equal ones."""

    decisions: frozenset[tuple[str, str, tuple[tuple[str, float], ...]]]
    trials: frozenset[tuple[int, str]]
    verdicts: frozenset[str]
    answered: frozenset[int]


@dataclass(frozen=True)
class Witnessed:
    """A day of one side. `answer_seconds` are those of the questions, in their order."""

    samples: list[Sample]
    work: Work
    answer_seconds: list[float]


@contextlib.asynccontextmanager
async def stage(folder: Path, history: Path, day: Day) -> AsyncIterator[Rig]:
    """A rig a little before the day, with its plan, its seats, its line and its desks' books."""
    _share_history(folder, history)
    async with rig(folder, _begins(day), day.speed) as running:
        line = PolicyLine(
            id=LINE,
            organisation=ORGANISATION,
            pool="XNYS",
            instruments=INSTRUMENTS,
            interval=INTERVAL,
            risk_profile=PROFILE,
            champion=CHAMPION,
        )
        await running.redis.hset(keys.learning_lines(), LINE, msgspec.json.encode(line))
        for desk in day.desks:
            await running.redis.set(keys.desk(desk), msgspec.json.encode(_snapshot(desk)))
        await running.publish_plan(day.segments)
        await running.seat(list(day.desks), INTERVAL, CHAMPION)
        yield running


def _begins(day: Day) -> datetime:
    return CLOSE - timedelta(seconds=AHEAD_SECONDS * day.speed)


def _share_history(folder: Path, history: Path) -> None:
    folder.mkdir()
    (folder / "history").symlink_to(history)


async def witness(side: Side, running: Rig, day: Day) -> Witnessed:
    """Start the side, live the day, end the side."""
    samples: list[Sample] = []
    answered: dict[int, float] = {}
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_feed(running, day), name="bars")
        await side.start()
        late = -running.clock.real_seconds_until(CLOSE)
        if late > 0:
            raise TimeoutError(f"the side was ready {late:.1f} s after the day had begun")
        tasks.create_task(side.live(), name="live")
        tasks.create_task(_sample(side, running, day, samples), name="samples")
        for question in day.questions:
            tasks.create_task(_ask(side, running, question, answered))
    work = await _work(running, frozenset(answered))
    await side.end()
    return Witnessed(samples, work, [answered[number] for number in sorted(answered)])


async def _feed(running: Rig, day: Day) -> None:
    """The bars of the session before, too: who is there already then has them from here, who
    comes later from the history.
    """
    trading = [one for one in day.segments if one.phase is Phase.TRADING]
    before = msgspec.structs.replace(trading[0], starts=OPEN - LENGTH, ends=CLOSE)
    await running.feed([before, *trading], INTERVAL, day.ends, since=_begins(day))


async def _ask(side: Side, running: Rig, question: Question, answered: dict[int, float]) -> None:
    await asyncio.sleep(max(0.0, running.clock.real_seconds_until(question.at)))
    began = time.monotonic()
    if await side.ask(question):
        answered[question.number] = time.monotonic() - began


async def _sample(side: Side, running: Rig, day: Day, samples: list[Sample]) -> None:
    """From the day's first moment to its last."""
    await asyncio.sleep(max(0.0, running.clock.real_seconds_until(CLOSE)))
    began = time.monotonic()
    while (at := time.monotonic() - began) < day.seconds:
        samples.append(Sample(at, await asyncio.to_thread(_uses, side)))
        await asyncio.sleep(SAMPLE_SECONDS)


def _uses(side: Side) -> tuple[Use, ...]:
    found = ((pid, role, consumption_of(pid)) for pid, role in side.processes())
    return tuple(Use(pid, role, used.cpu_seconds, used.pss_bytes) for pid, role, used in found)


async def _work(running: Rig, answered: frozenset[int]) -> Work:
    """Read from the streams, as anybody else would. The last decisions may be on their way."""
    await asyncio.sleep(1.0)
    decisions = [
        msgspec.json.decode(message, type=Decision)
        for message in await _messages(running, keys.decisions())
    ]
    events: list[LearningEvent] = [
        msgspec.json.decode(message, type=LearningEvent)
        for message in await _messages(running, keys.learning())
    ]
    return Work(
        decisions=frozenset(
            (one.desk, one.bar_end.isoformat(), tuple(sorted(one.weights.items())))
            for one in decisions
        ),
        trials=frozenset(
            (one.seed, one.policy) for one in events if isinstance(one, TrialFinished)
        ),
        verdicts=frozenset(one.sentence for one in events if isinstance(one, VerdictReached)),
        answered=answered,
    )


async def _messages(running: Rig, stream: str) -> list[bytes]:
    entries: Any = await running.redis.xrange(stream)
    return [fields[FIELD.encode()] for _, fields in entries]


def _snapshot(desk: str) -> DeskSnapshot:
    """Books of a young desk: cash only."""
    cash = Decimal(100_000)
    limits = LimitsView(
        max_order_value=Decimal(25_000),
        max_position_weight=0.35,
        max_gross_exposure=0.95,
        max_daily_loss=0.04,
        max_orders_per_minute=20,
        halted=False,
    )
    return DeskSnapshot(
        desk=desk,
        organisation=ORGANISATION,
        name=desk,
        currency="USD",
        mode="paper",
        automatic=True,
        equity=cash,
        cash=cash,
        fees=Decimal(0),
        starting_cash=cash,
        positions=(),
        open_orders=(),
        recent_fills=(),
        limits=limits,
        policy_line=LINE,
        policy_version=CHAMPION,
        as_of=CLOSE,
    )
