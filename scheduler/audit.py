"""The audit's rows: appended in the transaction of the change they tell of, each with the hash of
the one before it. The caller holds the revision's row, so rows of an organisation never fork.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import RowMapping, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from market.words import Word
from scheduler.contracts.audit import GENESIS, AuditRow, row_hash
from scheduler.tables import audit, columns, fields

MOST_ROWS = 1000


@dataclass(frozen=True)
class Author:
    """Who changes something, for which organisation, at which market time."""

    organisation: str
    actor: str
    market_now: datetime


async def append(
    connection: AsyncConnection,
    author: Author,
    action: str,
    *,
    before: Word | None,
    after: Word,
) -> AuditRow:
    """Write down that `before` became `after`. `action` is past tense, such as `override_set`."""
    last = await _last(connection, author.organisation)
    row = AuditRow(
        organisation=author.organisation,
        number=last.number + 1 if last else 1,
        actor=author.actor,
        action=action,
        subject=str(_plain(after)["id"]),
        at=datetime.now(UTC),
        market_at=author.market_now,
        before=None if before is None else _plain(before),
        after=_plain(after),
        prev_hash=last.hash if last else GENESIS,
    )
    row = msgspec.structs.replace(row, hash=row_hash(row))
    values = columns(row)
    for name in ("before", "after"):
        values[name] = _text(values[name])
    await connection.execute(insert(audit).values(**values))
    return row


async def listed(connection: AsyncConnection, organisation: str, after: int = 0) -> list[AuditRow]:
    """Rows of the organisation with a number above `after`, ascending, at most `MOST_ROWS`."""
    rows = await connection.execute(
        select(audit)
        .where(audit.c.organisation_id == organisation, audit.c.number > after)
        .order_by(audit.c.number)
        .limit(MOST_ROWS)
    )
    return [_row(mapping) for mapping in rows.mappings()]


async def _last(connection: AsyncConnection, organisation: str) -> AuditRow | None:
    rows = await connection.execute(
        select(audit)
        .where(audit.c.organisation_id == organisation)
        .order_by(audit.c.number.desc())
        .limit(1)
    )
    mapping = rows.mappings().one_or_none()
    return None if mapping is None else _row(mapping)


def _row(mapping: RowMapping) -> AuditRow:
    values = fields(mapping)
    for name in ("before", "after"):
        values[name] = values[name] and msgspec.json.decode(values[name])
    return AuditRow(**values)


def _plain(word: Word) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(word)
    return plain


def _text(value: dict[str, Any] | None) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()
