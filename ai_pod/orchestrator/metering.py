"""The pod's meter: what its processes use is measured, shared out among its desks, and told to the
back end.

Trading, learning and the pod's own process serve the desks that are seated, in equal parts; the
chatbot's CPU belongs to the desks that have asked. A process that is killed takes the CPU of its
last seconds, since it was measured, with it.
"""

import asyncio
import os
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ai_pod.contracts import keys
from ai_pod.contracts.agents import AgentName
from ai_pod.contracts.usage import UsageReported
from ai_pod.orchestrator.consumption import Consumption, consumption_of, cpu_seconds
from ai_pod.orchestrator.conversations import Conversations
from ai_pod.orchestrator.costs import GIB, Cost, Ledger, Payer
from ai_pod.orchestrator.seats import SeatCopy
from ai_pod.orchestrator.supervision import SupervisedAgent
from ai_pod.telemetry import Telemetry
from market.tasks import told_to_end

METER_SECONDS = 5.0
REPORT_SECONDS = 30.0
MOST_REPORTS = 100_000
"""Of all pods, should nobody read them: half a minute of each of 1,000 pods is 1,000."""

ORCHESTRATOR = "orchestrator"
END_SECONDS = 2.0

logger = structlog.get_logger()


@dataclass(frozen=True)
class Metered:
    """Who uses, and for whom."""

    agents: dict[AgentName, SupervisedAgent]
    chat: Conversations
    seats: SeatCopy


class Meter:
    """Measures from the start of `run` to `end`."""

    def __init__(self, pod: str, pool: str, redis: Redis, telemetry: Telemetry) -> None:
        self._pod, self._pool = pod, pool
        self._redis = redis
        self._telemetry = telemetry
        self._life = int(time.time() * 1000)
        self._ledger = Ledger()
        self._seen: dict[int, float] = {}
        self._left: defaultdict[str, float] = defaultdict(float)
        self._metered: Metered | None = None
        self._measured_at = self._reported_at = time.monotonic()

    async def run(self, metered: Metered) -> None:
        """Measure and report until cancelled."""
        self._metered = metered
        self._measured_at = time.monotonic()
        while not told_to_end():
            await asyncio.sleep(METER_SECONDS)
            await self.measure()
            if time.monotonic() - self._reported_at >= REPORT_SECONDS:
                await self.report()

    async def end(self) -> None:
        """Measure and report once more, if Redis is quick."""
        try:
            async with asyncio.timeout(END_SECONDS):
                await self.measure()
                await self.report()
        except TimeoutError:
            logger.warning("usage_not_reported", error="Redis is slow")

    def ending(self, name: AgentName, pid: int) -> None:
        """A process is about to be ended: what it has used by now would not be seen again."""
        self._left[name] += self._grown(pid, cpu_seconds(pid))

    async def measure(self) -> None:
        """Charge what was used since the last time."""
        if self._metered is None:
            return
        pids = {str(name): agent.pids for name, agent in self._metered.agents.items()}
        pids[ORCHESTRATOR] = (os.getpid(),)
        used = await asyncio.to_thread(_consumed, pids)
        now = time.monotonic()
        seconds, self._measured_at = now - self._measured_at, now
        everybody = dict.fromkeys(_seated(self._metered.seats), 1.0)
        askers = self._metered.chat.take_turns() or everybody
        for name, by_pid in used.items():
            cpu = self._left.pop(name, 0.0)
            cpu += sum(self._grown(pid, one.cpu_seconds) for pid, one in by_pid.items())
            memory = sum(one.pss_bytes for one in by_pid.values())
            self._telemetry.consumed(name, cpu, memory)
            self._charge(name, Cost(cpu), askers if name == AgentName.CHATBOT else everybody)
            self._charge(name, Cost(0.0, memory / GIB * seconds), everybody)
        alive = {pid for by_pid in used.values() for pid in by_pid}
        self._seen = {pid: cpu for pid, cpu in self._seen.items() if pid in alive}
        for name, agent in self._metered.agents.items():
            agent.pss_bytes = sum(one.pss_bytes for one in used[name].values())

    async def report(self) -> None:
        """Tell the back end what has grown; what cannot be told now is in the next report."""
        today, news = datetime.now(UTC).date(), self._ledger.news()
        try:
            for day, uses in news.items():
                report = UsageReported(
                    pod=self._pod, pool=self._pool, life=self._life, day=day, uses=uses
                )
                entry = {keys.FIELD: msgspec.json.encode(report)}
                # redis-py's own alias of bytes and str is invariant here
                await self._redis.xadd(keys.usage(), entry, maxlen=MOST_REPORTS)  # type: ignore[arg-type]
        except (RedisError, OSError) as error:
            logger.warning("usage_not_reported", error=str(error))
            return
        self._reported_at = time.monotonic()
        self._ledger.told(news, today)

    def _charge(self, name: str, cost: Cost, weights: dict[Payer, float]) -> None:
        self._ledger.charge(datetime.now(UTC).date(), name, cost, weights)
        self._telemetry.charged(cost.cpu_seconds, cost.memory_gib_seconds, idle=not weights)

    def _grown(self, pid: int, cpu: float) -> float:
        """CPU seconds of the process that were not charged yet."""
        before = self._seen.get(pid, 0.0)
        self._seen[pid] = max(before, cpu)
        return max(0.0, cpu - before)


def _seated(seats: SeatCopy) -> list[Payer]:
    return [(seat.desk, seat.organisation) for seat in seats.seats.seats]


def _consumed(pids: dict[str, tuple[int, ...]]) -> dict[str, dict[int, Consumption]]:
    return {name: {pid: consumption_of(pid) for pid in its} for name, its in pids.items()}
