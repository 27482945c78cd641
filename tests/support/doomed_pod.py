"""A pod's orchestrator in a process of its own, that strikes somebody down at one instant of a
switch: itself, one of the two agents, Redis or the disk.

The instants are those between the switch's effects, found by wrapping the calls that have them.
"""

import asyncio
import contextlib
import ctypes
import errno
import functools
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from ai_pod.agents.messages import Activate, AgentContext, Quiesce, Warm
from ai_pod.contracts.agents import AgentName
from ai_pod.contracts.plan import Phase
from ai_pod.memory.handoffs import Handoffs
from ai_pod.orchestrator import patience
from ai_pod.orchestrator.options import PodOptions
from ai_pod.orchestrator.orchestrator import Orchestrator
from ai_pod.orchestrator.phases import PhaseRecords
from ai_pod.orchestrator.processes import AgentProcess
from ai_pod.telemetry import Telemetry

BARE = str(Path(__file__).with_name("bare_agent.py"))
STRUCK = "struck"
SPAWN_SECONDS = 30.0
LOOK_SECONDS = 1.0
COLD_SECONDS = 30.0
"""An agent that hangs is found out sooner, and its next start is waited for longer than in
production: the rest of the seconds that a pod may be without one is the machine's.
"""


@dataclass(frozen=True)
class Doom:
    """Who is struck (`pod`, `a`, `b`, `redis`, `disk`) at which instant, and how: killed, or for an
    agent also `frozen`. `a` holds the pod, and may be stubborn; `to` is the phase of `b`.
    """

    instant: str
    victim: str
    to: Phase
    frozen: bool = False
    stubborn: bool = False

    @property
    def a(self) -> AgentName:
        return AgentName.LEARNING if self.to is Phase.TRADING else AgentName.TRADING

    @property
    def b(self) -> AgentName:
        return AgentName.TRADING if self.to is Phase.TRADING else AgentName.LEARNING


def live(context: AgentContext, doom: Doom, redis_pid: int) -> None:
    """One life of the pod, for as long as it is let."""
    with_its_test = (1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG
    ctypes.CDLL(None).prctl(*with_its_test)
    asyncio.run(_live(context, doom, redis_pid))


async def _live(context: AgentContext, doom: Doom, redis_pid: int) -> None:
    names = {name: name.value for name in AgentName}
    if doom.stubborn:
        names[doom.a] += "!"
    argvs = {name: (sys.executable, "-I", "-S", BARE, its) for name, its in names.items()}
    redis = Redis.from_url(context.redis_url, retry=Retry(NoBackoff(), 0), socket_timeout=5.0)
    patience.LOOK_SECONDS = LOOK_SECONDS
    options = PodOptions(address="http://pod", argvs=argvs, cold_seconds=COLD_SECONDS)
    pod = Orchestrator(context, redis, options, lambda _frame: None, Telemetry())
    mark = Path(context.state) / STRUCK
    if not mark.exists():
        Saboteur(pod, doom, redis_pid, mark).lie_in_wait()
    await pod.run()


class Saboteur:
    """Strikes once, at the doom's instant."""

    def __init__(self, pod: Orchestrator, doom: Doom, redis_pid: int, mark: Path) -> None:
        self._pod, self._doom, self._redis_pid, self._mark = pod, doom, redis_pid, mark

    def lie_in_wait(self) -> None:
        """Wrap the calls that have the switch's effects."""
        doom, to = self._doom, self._doom.to
        self._wrap(AgentProcess, "ask", self._asked)
        self._wrap(AgentProcess, "end", lambda its: "end" if its.name == doom.a else "")
        self._wrap(Handoffs, "write", lambda _its, _handoffs: "hand off")
        commit = PhaseRecords.commit

        def committed(records: PhaseRecords, phase: Phase, planned_at: Any) -> Any:
            self.reach("before commit" if phase is to else "")
            record = commit(records, phase, planned_at)
            self.reach("after commit" if phase is to else "")
            return record

        PhaseRecords.commit = committed  # type: ignore[method-assign]

    def reach(self, instant: str) -> None:
        """Strike if this is the instant. Raises OSError for a disk that is struck."""
        if instant != self._doom.instant or self._mark.exists():
            return
        self._mark.write_text(str(time.time()))
        if self._doom.victim == "disk":
            raise OSError(errno.ENOSPC, "no space left on device")
        number = signal.SIGSTOP if self._doom.frozen else signal.SIGKILL
        os.kill(self._victim(), number)

    def _victim(self) -> int:
        pid = self._pid()
        assert pid is not None
        return pid

    def _pid(self) -> int | None:
        doom = self._doom
        if doom.victim in ("a", "b"):
            return self._pod.agents[doom.a if doom.victim == "a" else doom.b].view().pid
        return {"pod": os.getpid(), "redis": self._redis_pid}.get(doom.victim)

    async def _wait_for_its_process(self, instant: str) -> None:
        """Of an agent that is only being started: there is nobody to strike yet."""
        if instant != self._doom.instant or self._doom.victim == "disk" or self._mark.exists():
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SPAWN_SECONDS):
                while self._pid() is None:  # noqa: ASYNC110  # another process, no event
                    await asyncio.sleep(0.01)

    def _asked(self, process: AgentProcess, command: object, *_rest: object) -> str:
        asked = {Warm: ("warm", self._doom.b), Activate: ("activate", self._doom.b)}
        asked[Quiesce] = ("quiesce", self._doom.a)
        step, name = asked.get(type(command), ("", None))
        return step if process.name == name else ""

    def _wrap(self, owner: type, method: str, step_of: Callable[..., str]) -> None:
        inner: Callable[..., Awaitable[Any]] = getattr(owner, method)

        @functools.wraps(inner)
        async def wrapped(its: Any, *args: Any, **kwargs: Any) -> Any:
            step = step_of(its, *args)
            await self._wait_for_its_process(f"before {step}")
            self.reach(f"before {step}")
            answer = await inner(its, *args, **kwargs)
            self.reach(f"after {step}")
            return answer

        setattr(owner, method, wrapped)
