"""What came of the switches of a rig's pods: by the plans that they were given, the raw event log
and the machine's list of processes, never by the pods' own counters.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import psutil

from ai_pod.contracts.agents import AgentName, AgentState, PodHeartbeat
from ai_pod.contracts.plan import Phase, Segment
from ai_pod.orchestrator.switch import HOLDER
from shiftdesk.checkout import tool

COLD = "cold"
"""The reason of a segment that was put into the plan at the instant at which it begins."""

GONE_SECONDS = 10.0
"""An agent that was last seen starting, or in its phase, so long ago has no process any more."""

Plans = Mapping[str, Sequence[Segment]]
Event = dict[str, Any]


@dataclass(frozen=True)
class Switched:
    """One switch of a plan. `seconds` of real time from its instant until it was finished, whatever
    went wrong meanwhile; one that never came took at least as long as its segment.
    """

    cold: bool
    seconds: float
    came: bool
    ready: bool


def switched(
    events: Sequence[Event], plans: Plans, until: datetime, speed: float
) -> Iterator[Switched]:
    """Every switch that the plans wanted by `until`; each begins with a phase that holds."""
    for pod, segments in plans.items():
        finished = [e for e in events if e["event"] == "switch_finished" and e["pod"] == pod]
        for segment in segments[1:]:
            if segment.starts < until:
                yield _switched(segment, finished, min(segment.ends, until), speed)


def _switched(
    segment: Segment, finished: Sequence[Event], ends: datetime, speed: float
) -> Switched:
    for event in finished:
        if segment.starts <= _market(event) < ends and event["to_phase"] == segment.phase:
            seconds = (_market(event) - segment.starts).total_seconds() / speed
            return Switched(segment.reason == COLD, seconds, True, not event["cold"])
    seconds = (ends - segment.starts).total_seconds() / speed
    return Switched(segment.reason == COLD, seconds, False, False)


def figures(events: list[Event], plans: Plans, until: datetime, speed: float) -> dict[str, float]:
    """A switch is warm where the plan told of it ahead, whether or not the agent was ready: it is
    late by what it takes.
    """
    history = tool("history")
    judgement = history.judge(events)
    done = list(switched(events, plans, until, speed))
    warm = [one.seconds * 1000 for one in done if not one.cold]
    cold = [one.seconds * 1000 for one in done if one.cold]
    decided = [event for event in events if event["event"] == "decision_published"]
    return {
        "switches": float(len(done)),
        "warm": float(len(warm)),
        "warm_not_ready": float(sum(one.came and not (one.cold or one.ready) for one in done)),
        "cold": float(len(cold)),
        "missed": float(sum(not one.came for one in done)),
        "rolled_back": float(judgement.counts["event switch_rolled_back"]),
        "warm_ms_p50": _percentile(warm, 50),
        "warm_ms_p99": _percentile(warm, 99),
        "cold_ms_p50": _percentile(cold, 50),
        "cold_ms_p99": _percentile(cold, 99),
        "late_ms_p99": _percentile(warm, 99),
        "lost": float(len(history.missing_decisions(events, until=until))),
        "doubled": float(judgement.counts["one decision a bar"]),
        "faults": float(len(judgement.faults)),
        "decisions": float(len(decided)),
        "cold_decisions": float(sum(_in_a_cold_segment(event, plans) for event in decided)),
    }


def _in_a_cold_segment(decision: Event, plans: Plans) -> bool:
    end = datetime.fromisoformat(decision["bar_end"])
    return any(
        segment.reason == COLD and segment.starts < end <= segment.ends
        for segment in plans[decision["pod"]]
        if segment.phase is Phase.TRADING
    )


def _market(event: Event) -> datetime:
    return datetime.fromisoformat(event["market"])


def _percentile(values: list[float], share: float) -> float:
    return float(np.percentile(values, share)) if values else float("nan")


class Dormancy:
    """Whether the processes of agents that no longer work are really gone, and what they held."""

    def __init__(self) -> None:
        self._worked: dict[str, dict[psutil.Process, float]] = defaultdict(dict)
        self._most_bytes: dict[AgentName, int] = defaultdict(int)
        self._left: set[psutil.Process] = set()

    def look(self, beat: PodHeartbeat) -> None:
        """Take a heartbeat, and look for the processes of those who had stopped long before it."""
        worked = self._worked[beat.pod]
        for agent in beat.agents:
            if agent.pid is None:
                continue
            self._most_bytes[agent.name] = max(self._most_bytes[agent.name], agent.rss_bytes)
            holds = HOLDER.get(beat.phase) is agent.name
            if holds or agent.state in (AgentState.STARTING, AgentState.ACTIVE):
                with suppress(psutil.NoSuchProcess):
                    worked[psutil.Process(agent.pid)] = beat.beat_at
        long_ago = [one for one, at in worked.items() if beat.beat_at - at > GONE_SECONDS]
        self._left.update(process for process in long_ago if process.is_running())

    def figures(self) -> dict[str, float]:
        return {
            "agent_processes": float(sum(map(len, self._worked.values()))),
            "left_alive": float(len(self._left)),
            **{
                f"{name}_rss_mb_returned": self._most_bytes[name] / 1e6
                for name in (AgentName.TRADING, AgentName.LEARNING)
            },
        }
