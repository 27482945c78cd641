"""`bench switch` leaves nothing out: a switch that is late, fails or never comes is in its figures,
and so is a process that stays.
"""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psutil
import pytest

from ai_pod.contracts.agents import AgentName, AgentState, AgentView, PodHeartbeat
from ai_pod.contracts.plan import Phase, Segment
from shiftdesk.switching import COLD, GONE_SECONDS, Dormancy, Event, figures
from tests.support.fake_pod import heartbeat

START = datetime(2012, 10, 15, 14, 0, tzinfo=UTC)
SPEED = 60.0


def market(second: float) -> datetime:
    return START + timedelta(seconds=second * SPEED)


def at(second: float, event: str, **fields: Any) -> Event:
    told = {"event": event, "at": 1000.0 + second, "market": market(second).isoformat()}
    return {**told, "pod": "p", **fields}


def finished(second: float, to: Phase, *, cold: bool = False) -> Event:
    return at(second, "switch_finished", to_phase=to.value, cold=cold)


def segments(*starts: float) -> list[Segment]:
    """Trading first, then in turns; the last is unannounced."""
    phases = [Phase.LEARNING if number % 2 else Phase.TRADING for number in range(len(starts))]
    ends = [*starts[1:], 1000.0]
    return [
        Segment(
            phase=phase,
            starts=market(begin),
            ends=market(end),
            reason=COLD if begin == starts[-1] else "bench",
        )
        for phase, begin, end in zip(phases, starts, ends, strict=True)
    ]


PLAN = segments(0.0, 8.0, 16.0, 24.0, 32.0)
STARTED = finished(1.5, Phase.TRADING, cold=True)
RIGHT = [
    STARTED,
    finished(8.1, Phase.LEARNING),
    finished(16.2, Phase.TRADING),
    finished(24.1, Phase.LEARNING),
    finished(34.5, Phase.TRADING, cold=True),
]


def judged(events: list[Event], until: float = 40.0) -> dict[str, float]:
    told = figures(events, {"p": PLAN}, market(until), SPEED)
    return {name: round(value, 6) for name, value in told.items()}


def test_what_the_plan_announced_is_warm_and_what_it_did_not_is_cold() -> None:
    found = judged(RIGHT)
    assert (found["switches"], found["warm"], found["cold"]) == (4, 3, 1)
    assert (found["warm_ms_p50"], found["cold_ms_p50"]) == (100, 2500)
    assert 190 < found["warm_ms_p99"] == found["late_ms_p99"] <= 200
    assert (found["missed"], found["rolled_back"], found["warm_not_ready"]) == (0, 0, 0)


def test_a_planned_switch_whose_agent_was_not_ready_is_late_all_the_same() -> None:
    found = judged([STARTED, *RIGHT[1:2], finished(18.0, Phase.TRADING, cold=True), *RIGHT[3:]])
    assert (found["warm"], found["cold"], found["warm_not_ready"]) == (3, 1, 1)
    assert found["late_ms_p99"] > 1900


def test_a_switch_that_was_rolled_back_counts_from_its_instant() -> None:
    failed = at(17.0, "switch_rolled_back", to="trading", why="a test")
    paused = finished(17.5, Phase.PAUSED)
    found = judged([*RIGHT[:2], failed, paused, finished(19.0, Phase.TRADING), *RIGHT[3:]])
    assert (found["warm"], found["rolled_back"], found["missed"]) == (3, 1, 0)
    assert found["warm_ms_p99"] > 2900


@pytest.mark.parametrize("late", [[], [finished(24.05, Phase.TRADING)]])
def test_a_switch_that_never_came_takes_as_long_as_its_segment(late: list[Event]) -> None:
    found = judged([*RIGHT[:2], *late, *RIGHT[3:]])
    assert (found["warm"], found["missed"]) == (3, 1)
    assert found["warm_ms_p99"] > 7800


def test_what_comes_after_the_end_is_no_switch() -> None:
    found = judged([*RIGHT, finished(41.0, Phase.PAUSED)], until=30.0)
    assert (found["switches"], found["cold"], found["missed"]) == (3, 0, 0)


def test_bars_of_cold_segments_are_due_as_others_are() -> None:
    told = [{**_told(segment)} for segment in PLAN]
    desk = {"desk": "d", "lease_epoch": 1, "instruments": ["I"], "interval": "1m"}
    more = {"seat": 0, "resume_after": START.isoformat()}
    events = [
        at(-1.0, "plan_published", segments=told),
        at(-1.0, "desk_seated", **desk, **more),
        *RIGHT,
        *(at(s, "bars_closed", interval="1m", end=_end(s), instruments=["I"]) for s in (2, 10, 35)),
        decided(2),
    ]
    assert judged(events)["lost"] == 1
    found = judged([*events, decided(35)])
    assert (found["lost"], found["doubled"], found["cold_decisions"]) == (0, 0, 1)
    assert judged([*events, decided(35), decided(35)])["doubled"] == 1


def decided(second: int) -> Event:
    told = {"desk": "d", "bar_end": _end(second), "lease_epoch": 1, "phase_epoch": 2}
    return at(second + 0.1, "decision_published", **told, entry="")


def _end(second: int) -> str:
    return market(second).isoformat()


def _told(segment: Segment) -> dict[str, str]:
    starts, ends = segment.starts.isoformat(), segment.ends.isoformat()
    return {"phase": segment.phase.value, "starts": starts, "ends": ends}


@pytest.fixture
def agent() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def beat(second: float, state: AgentState, pid: int, phase: Phase) -> PodHeartbeat:
    view = AgentView(name=AgentName.TRADING, state=state, pid=pid, rss_bytes=5_000_000)
    return heartbeat("p", beat_at=second, phase=phase, agents=(view,))


@pytest.mark.parametrize("ends", [True, False])
def test_a_process_that_stays_long_after_its_phase_is_found(
    agent: subprocess.Popen[bytes], ends: bool
) -> None:
    dormancy = Dormancy()
    dormancy.look(beat(0.0, AgentState.ACTIVE, agent.pid, Phase.TRADING))
    dormancy.look(beat(9.0, AgentState.STOPPING, agent.pid, Phase.TRADING))
    if ends:
        agent.kill()
        agent.wait()
        assert not psutil.pid_exists(agent.pid)
    dormancy.look(beat(9.0 + GONE_SECONDS, AgentState.STOPPING, agent.pid, Phase.LEARNING))
    assert dormancy.figures()["left_alive"] == 0
    dormancy.look(heartbeat("p", beat_at=9.1 + GONE_SECONDS, phase=Phase.LEARNING))
    found = dormancy.figures()
    assert (found["agent_processes"], found["left_alive"]) == (1, 0 if ends else 1)
    assert found["trading_rss_mb_returned"] == 5.0
