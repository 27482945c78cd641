"""Does to a local cluster's processes what a schedule says, and writes it into the event log."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Iterable

import psutil

from market.eventlog import EventLog
from shiftdesk.local.supervisor import Supervisor
from tests.support.faults.schedule import Fault, Kind, Victim

WHOLE = (Victim.POD, Victim.ORCHESTRATOR)
HOLDERS = (Victim.TRADING, Victim.LEARNING)
AGENTS = (*HOLDERS, Victim.CHATBOT)
PODS = (*WHOLE, *AGENTS)


class Injector:
    """`ended_at` is the wall time at which the last fault was over."""

    def __init__(self, supervisor: Supervisor, events: EventLog) -> None:
        self._supervisor = supervisor
        self._events = events
        self.ended_at = 0.0

    async def inject(self, fault: Fault) -> bool:
        """Do it, and where it lasts, undo it after its time; False when nobody is there."""
        name = self._name(fault)
        processes = self._processes(fault, name) if name else []
        if not name or not processes:
            return False
        self._tell(fault, name)
        try:
            await self._do(fault, name, processes)
        finally:
            self.ended_at = max(self.ended_at, time.time())
        return True

    async def _do(self, fault: Fault, name: str, processes: list[psutil.Process]) -> None:
        if fault.kind is Kind.LOSE:
            await self._supervisor.discard(name)
        elif fault.kind is Kind.KILL:
            _signal(processes, signal.SIGKILL)
        else:
            _signal(processes, signal.SIGSTOP)
            try:
                await asyncio.sleep(fault.seconds - fault.orchestrator_later)
                _signal(processes[1:], signal.SIGCONT)
                await asyncio.sleep(fault.orchestrator_later)
            finally:
                _signal(reversed(processes), signal.SIGCONT)

    def _tell(self, fault: Fault, name: str) -> None:
        """The checker excuses a pod for a fault's time where it could not do anything then; it has
        to switch by its plan while Redis is away, whatever becomes of its chatbot.
        """
        whole, frozen = fault.victim in WHOLE, fault.kind is Kind.FREEZE
        helpless = whole or (fault.victim in HOLDERS and not frozen)
        self._events.write(
            "fault_injected",
            fault=str(fault),
            victim=name,
            seconds=fault.seconds,
            pods=[name] if helpless else [],
        )
        if whole and not frozen:
            self._events.write("pod_lost" if fault.kind is Kind.LOSE else "pod_killed", pod=name)

    def _name(self, fault: Fault) -> str | None:
        """The supervised process that the fault concerns."""
        if fault.victim not in PODS:
            return fault.victim
        pods = sorted(name for name in self._supervisor.names() if name.startswith("pod-"))
        return pods[int(fault.pick * len(pods))] if pods else None

    def _processes(self, fault: Fault, name: str) -> list[psutil.Process]:
        pid = self._supervisor.pid(name)
        with contextlib.suppress(psutil.NoSuchProcess):
            if pid is not None:
                return _of(psutil.Process(pid), fault)
        return []


def _of(head: psutil.Process, fault: Fault) -> list[psutil.Process]:
    if fault.victim in AGENTS:
        module = f"ai_pod.agents.{fault.victim}"
        return [child for child in head.children() if module in " ".join(child.cmdline())]
    whole = fault.kind is Kind.FREEZE and fault.victim in (Victim.POD, Victim.POSTGRES)
    return [head, *head.children(recursive=True)] if whole else [head]


def _signal(processes: Iterable[psutil.Process], number: int) -> None:
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, number)
