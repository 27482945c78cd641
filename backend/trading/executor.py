"""The executor's loop: decisions from the durable stream, one transaction each, then acknowledged.

A decision is worked on until its transaction is committed, by this back end or by another: delivery
twice does no harm, and nothing is lost while Postgres or Redis is away.
"""

import time
from collections import Counter
from functools import partial

import msgspec
import structlog
from sqlalchemy.ext.asyncio import async_sessionmaker

from ai_pod.contracts import keys
from ai_pod.contracts.signals import Decision
from backend import quotes, telemetry
from backend.database import Sessions, transaction
from backend.errors import STORE_AWAY
from backend.state import State
from backend.streams import Entry, Group
from backend.trading.announce import log, publish
from backend.trading.brokers.choice import broker_of
from backend.trading.execution import Executed, Executor
from backend.trading.ledger import Changes
from backend.trading.words import Outcome
from market import tracing

BATCH = 64
BLOCK_MS = 500
CLAIM_IDLE_MS = 2_000
CLAIM_SECONDS = 1.0
PUBLISH_SECONDS = 0.1
"""Frames and snapshots of a burst of decisions are written together, this often."""

TRIM_SECONDS = 60.0
KEEP = 5_000
MOST_ATTEMPTS = 5

logger = structlog.get_logger()


async def run(state: State) -> None:
    """Consume `ai:decisions` until the service ends. Raises what Redis or Postgres raises; start
    it again.
    """
    await DecisionConsumer(state).run()


class DecisionConsumer:
    """One consumer of the group `executor`."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._broker_of = partial(broker_of, state.settings)
        self.group = Group(state.redis, keys.decisions(), "executor", state.name)
        self._failures: Counter[str] = Counter()
        self._committed: list[Changes] = []
        self._claimed_at = self._trimmed_at = self._published_at = 0.0

    async def run(self) -> None:
        tasks = self._state.tasks
        with tasks.step():
            while await self.work_through(await self.group.pending(count=BATCH)):
                pass
        while not tasks.stopping.is_set():
            with tasks.step():
                await self.step()

    async def step(self, block_ms: int = BLOCK_MS) -> int:
        """One round: what others left behind, then what is new; how many were done."""
        done = 0
        now = time.monotonic()
        if now - self._claimed_at > CLAIM_SECONDS:
            self._claimed_at = now
            left = await self.group.claimed(idle_ms=CLAIM_IDLE_MS, count=BATCH)
            done += await self.work_through(left)
        if now - self._trimmed_at > TRIM_SECONDS:
            self._trimmed_at = now
            await self.group.trim(keep=KEEP)
        fresh = await self.group.fresh(block_ms=block_ms, count=BATCH)
        return done + await self.work_through(fresh)

    async def work_through(self, entries: list[Entry]) -> int:
        """Execute entries in their order; acknowledge those that are done."""
        if not entries:
            return 0
        executor = Executor(
            broker_of=self._broker_of,
            clock=self._state.clock,
            instruments=await quotes.instruments(self._state.redis),
        )
        done: list[str] = []
        async with self._state.engine.connect() as connection:
            sessions = async_sessionmaker(connection, expire_on_commit=False)
            try:
                for entry, message in entries:
                    if await self._settle(executor, sessions, entry, message):
                        done.append(entry)
                    await self._publish(PUBLISH_SECONDS)
            finally:
                await self.group.acknowledge(done)
                await self._publish()
        return len(done)

    async def _publish(self, every_seconds: float = 0.0) -> None:
        """Announce what was committed since the last time, not more often than that."""
        now = time.monotonic()
        if self._committed and now - self._published_at >= every_seconds:
            self._published_at = now
            committed, self._committed = self._committed, []
            await publish(self._state, committed)

    async def _settle(
        self, executor: Executor, sessions: Sessions, entry: str, message: bytes
    ) -> bool:
        """True when the entry needs no more work. Raises while a store is away."""
        try:
            decision = msgspec.json.decode(message, type=Decision)
        except msgspec.DecodeError:
            logger.exception("decision_unreadable", entry=entry)
            return True
        try:
            executed = await self._execute(executor, sessions, entry, decision)
        except STORE_AWAY:
            raise
        except Exception:
            self._failures[entry] += 1
            logger.exception("decision_failed", entry=entry, desk=decision.desk)
            return self._failures[entry] >= MOST_ATTEMPTS
        self._failures.pop(entry, None)
        self._log(decision, executed)
        return True

    async def _execute(
        self, executor: Executor, sessions: Sessions, entry: str, decision: Decision
    ) -> Executed:
        """One transaction, which goes on with the decision's trace."""
        ids = {"desk": decision.desk, "pod": decision.pod}
        work = tracing.span(
            "execute",
            kind=tracing.Kind.CONSUMER,
            parent=decision.traceparent,
            entry=entry,
            lease_epoch=decision.lease_epoch,
            **ids,
        )
        with structlog.contextvars.bound_contextvars(**ids), work:
            async with transaction(sessions) as session:
                executed = await executor.execute(session, entry, decision)
            work.note(outcome=executed.outcome, orders=executed.orders)
        return executed

    def _log(self, decision: Decision, executed: Executed) -> None:
        delay = time.time() - decision.published_wall
        telemetry.execution_delay_seconds.observe(max(0.0, delay))
        if executed.outcome is Outcome.FENCED:
            telemetry.fenced_writes.inc()
        told: dict[str, object] = {
            "decision": executed.row,
            "desk": decision.desk,
            "bar_end": decision.bar_end,
            "lease_epoch": decision.lease_epoch,
            "outcome": executed.outcome,
            "orders": executed.orders,
        }
        if executed.changes is None:
            self._state.events.write("decision_executed", **told)
        else:
            log(self._state, executed.changes, ("decision_executed", told))
            self._committed.append(executed.changes)
