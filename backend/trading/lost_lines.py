"""Lines that the raw event log lost: who is killed between a commit and its line, or never hears
that Postgres did commit, leaves rows without one. They are found in Postgres and written late,
marked `recovered`. Runs only where a log is kept.

Another back end may be about to write the line itself, so a reader takes a recovered line only
where there is no other.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import msgspec
import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import transaction
from backend.leader import run_once
from backend.models import Decision, Fill, Order, first_id, made_at
from backend.state import State
from backend.trading.announce import Line, lines
from backend.trading.ledger import Changes, Ledger
from backend.trading.states import ENDED, OrderState

LOOP = "lost-lines"
PERIOD_SECONDS = 2.0
LOOK_BACK_SECONDS = 600.0
"""Rows older than that are left: the log may have been kept for a while only."""

_ROWS = {
    "decision_executed": "decision",
    "order_submitted": "order",
    "order_denied": "order",
    "order_filled": "fill",
}
"""The field in which each line names its row."""

logger = structlog.get_logger()


async def run(state: State) -> None:
    """For ever, in one back end."""
    if state.settings.events is None:
        await state.tasks.stopping.wait()
        return
    found = LostLines(state, state.settings.events)

    async def step(_state: State) -> None:
        await found.step()

    await run_once(state, LOOP, step, period_seconds=PERIOD_SECONDS)


class LostLines:
    """Compares Postgres with the log's files in `folder`, which it reads on from where it was."""

    def __init__(self, state: State, folder: Path) -> None:
        self._state = state
        self._folder = folder
        self._offsets: dict[Path, int] = {}
        self._told: set[str] = set()
        self._began = time.time()
        self._missing: set[str] = set()

    async def step(self) -> int:
        """Write the lines of rows that had none at the last step either; how many rows."""
        since = max(self._began, time.time() - LOOK_BACK_SECONDS)
        async with transaction(self._state.sessions) as session:
            committed = await _committed(session, since)
        await asyncio.to_thread(self._read)
        before, self._missing = self._missing, committed.keys() - self._told
        lost = before & self._missing
        by_desk: dict[str, list[str]] = defaultdict(list)
        for row in sorted(lost):
            by_desk[committed[row]].append(row)
        for desk, rows in by_desk.items():
            logger.warning("event_lines_recovered", desk=desk, rows=rows)
            async with transaction(self._state.sessions) as session:
                await self._recover(session, desk, rows)
        return len(lost)

    async def _recover(self, session: AsyncSession, desk: str, rows: list[str]) -> None:
        """While the desk is locked nobody commits to it, so the books in the lines are the last."""
        ledger = await Ledger.open(session, desk)
        if ledger is None:
            return
        decisions = await session.scalars(select(Decision).where(Decision.id.in_(rows)))
        told = [_decided(row) for row in decisions]
        told += lines(await _changes(session, ledger, rows))
        self._state.events.write_all(self._late(*line) for line in told)

    def _late(self, name: str, fields: dict[str, object]) -> Line:
        """As of when the row was made, where the line names one."""
        late = fields | {"recovered": True}
        if name in _ROWS:
            wall = made_at(str(fields[_ROWS[name]]))
            late |= {"at": wall, "market": self._state.clock.at_wall(wall)}
        return name, late

    def _read(self) -> None:
        for path in self._folder.glob("backend-*.jsonl"):
            with path.open("rb") as file:
                file.seek(self._offsets.get(path, 0))
                whole, newline, _ = file.read().rpartition(b"\n")
            self._offsets[path] = self._offsets.get(path, 0) + len(whole) + len(newline)
            for line in whole.splitlines():
                self._note(msgspec.json.decode(line))

    def _note(self, event: Mapping[str, Any]) -> None:
        self._began = min(self._began, event["at"])
        row = event.get(_ROWS.get(event["event"], ""))
        if row is not None:
            self._told.add(row)


async def _committed(session: AsyncSession, since: float) -> dict[str, str]:
    """Row → its desk, of decisions, orders and fills made since the wall time."""
    found: dict[str, str] = {}
    for kind, its in (("decision", Decision), ("order", Order), ("fill", Fill)):
        statement = select(its.id, its.desk_id).where(its.id >= first_id(kind, since))
        found.update((row, desk) for row, desk in await session.execute(statement))
    return found


async def _changes(session: AsyncSession, ledger: Ledger, rows: Collection[str]) -> Changes:
    """The rows as if they were committed now."""
    changes = ledger.changes
    orders = select(Order).where(Order.id.in_(rows)).order_by(Order.id)
    for order in await session.scalars(orders):
        denied = order.state == OrderState.DENIED
        (changes.denied if denied else changes.submitted).append(order)
        if order.state in ENDED and not denied:
            changes.ended.append(order)
    fills = select(Order, Fill).join(Fill, Fill.order_id == Order.id).where(Fill.id.in_(rows))
    for order, fill in await session.execute(fills.order_by(Fill.id)):
        changes.filled.append((order, fill))
    changes.held = list(ledger.positions.values())
    return changes


def _decided(row: Decision) -> Line:
    return "decision_executed", {
        "decision": row.id,
        "desk": row.desk_id,
        "bar_end": row.bar_end,
        "lease_epoch": row.lease_epoch,
        "outcome": row.outcome,
        "orders": row.orders,
    }
