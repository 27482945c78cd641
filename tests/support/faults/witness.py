"""Reads what the stores hold, and writes it into the event log where the log lacks it.

A process that is killed between a commit and its line leaves rows without one; leases and published
decisions are found again in Postgres and Redis, which are what counts.
"""

from typing import Any

import msgspec
import psycopg
import redis

from ai_pod.contracts import keys
from ai_pod.contracts.signals import Decision
from market.clock import Clock
from market.eventlog import EventLog
from tests.support import history

Rows = psycopg.Cursor[dict[str, Any]]

_LEASES = """
    SELECT h.lease_epoch, h.desk_id AS desk, h.pod, h.seat, h.resume_after, h.taken_at, h.left_at,
           h.why, d.instruments, d.interval
    FROM backend.seat_history h JOIN backend.desk d ON d.id = h.desk_id ORDER BY h.lease_epoch
"""


_ENDED = """
    SELECT id AS "order", desk_id AS desk, state FROM backend."order"
    WHERE state IN ('filled', 'cancelled', 'expired', 'rejected')
"""


class Witness:
    """Looks into the stores of one cluster."""

    def __init__(self, database_url: str, redis_url: str, clock: Clock, events: EventLog) -> None:
        self._database_url, self._redis_url = database_url, redis_url
        self._clock, self._events = clock, events
        self._streamed = "-"
        self._written: set[tuple[str, int]] = set()
        self._ended: set[str] = set()

    def look(self, events: list[history.Event]) -> None:
        """Complete the log. Raises psycopg's and redis' errors."""
        with psycopg.connect(self._database_url, connect_timeout=3) as connection:
            cursor = connection.cursor(row_factory=psycopg.rows.dict_row)
            self._note_leases(cursor, events)
            self._note_ends(cursor, events)
        self._note_stream()

    def _note_leases(self, cursor: Rows, events: list[history.Event]) -> None:
        told = {
            (e["event"], int(e["lease_epoch"]))
            for e in history.of(events, "desk_seated", "desk_unseated")
        }
        for row in cursor.execute(_LEASES).fetchall():
            self._late("desk_seated", row, row["taken_at"], told)
            if row["left_at"] is not None:
                self._late("desk_unseated", row, row["left_at"], told)

    def _late(self, name: str, row: dict[str, Any], when: Any, told: set[tuple[str, int]]) -> None:
        key = (name, row["lease_epoch"])
        if key in told | self._written:
            return
        self._written.add(key)
        at = when.timestamp()
        names = ("lease_epoch", "desk", "pod", "seat", "resume_after", "instruments", "interval")
        fields = {field: row[field] for field in names}
        late = {"at": at, "market": self._clock.at_wall(at), "recovered": True}
        self._events.write(name, **fields, **late)

    def _note_ends(self, cursor: Rows, events: list[history.Event]) -> None:
        told = {e["order"] for e in history.of(events, "order_ended")}
        for row in cursor.execute(_ENDED).fetchall():
            if row["order"] not in told | self._ended:
                self._ended.add(row["order"])
                self._events.write("order_ended", **row, recovered=True)

    def _note_stream(self) -> None:
        with redis.Redis.from_url(self._redis_url, socket_timeout=3.0) as client:
            entries: Any = client.xrange(keys.decisions(), min=self._streamed)
        for entry, fields in entries:
            self._streamed = f"({entry.decode()}"
            decision = msgspec.json.decode(fields[keys.FIELD.encode()], type=Decision)
            self._events.write(
                "decision_streamed",
                desk=decision.desk,
                pod=decision.pod,
                bar_end=decision.bar_end,
                lease_epoch=decision.lease_epoch,
                phase_epoch=decision.phase_epoch,
                entry=entry.decode(),
            )
