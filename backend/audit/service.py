"""Audit rows. Each holds the hash of the one before it, so a row cannot be changed or taken out
unnoticed.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import repository
from backend.models import AuditRow

Fields = dict[str, Any]

ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Actor:
    """Who acts (a login, or `service:NAME`), and in which organisation."""

    organisation: str
    name: str


async def record(
    session: AsyncSession,
    actor: Actor,
    action: str,
    subject: str,
    *,
    before: Fields | None = None,
    after: Fields | None = None,
) -> None:
    """Append to the organisation's chain, in the caller's transaction.

    `action` is in the past tense; `subject` is `KIND:ID`. The chain's head stays locked until the
    commit, so record last.
    """
    head = await repository.lock_head(session, actor.organisation)
    row = AuditRow(
        organisation_id=actor.organisation,
        number=head.audit_number + 1,
        at=datetime.now(UTC),
        actor=actor.name,
        action=action,
        subject=subject,
        before=_plain(before),
        after=_plain(after),
        previous_hash=head.audit_hash,
        hash="",
    )
    row.hash = hash_of(row)
    head.audit_number, head.audit_hash = row.number, row.hash
    session.add(row)
    await session.flush()


async def is_recorded(session: AsyncSession, organisation: str, action: str, subject: str) -> bool:
    """Whether one of the subject's newest rows tells of the action. Holds the chain until the
    commit: nobody records it in between.
    """
    await repository.lock_head(session, organisation)
    rows = await repository.page(
        session, organisation, below=None, subject=subject, limit=ROWS_AT_ONCE
    )
    return any(row.action == action for row in rows)


async def first_broken(session: AsyncSession, organisation: str) -> int | None:
    """The number of the first row that does not fit the chain; None when all do.

    The head is read first: rows that come meanwhile follow on it.
    """
    head = await repository.head(session, organisation)
    previous, number, at_head = "", 0, ""
    while rows := await repository.rows_after(session, organisation, number, ROWS_AT_ONCE):
        for row in rows:
            number += 1
            fits = row.number == number and row.previous_hash == previous
            if not fits or row.hash != hash_of(row):
                return number
            previous = row.hash
            if number == head.audit_number:
                at_head = previous
    return None if at_head == head.audit_hash else min(number, head.audit_number) + 1


def hash_of(row: AuditRow) -> str:
    """sha256 over the previous hash and the row's content as canonical JSON."""
    content = [
        row.previous_hash,
        row.organisation_id,
        row.number,
        row.at.astimezone(UTC),
        row.actor,
        row.action,
        row.subject,
        row.before,
        row.after,
    ]
    return hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()


def _plain(fields: Fields | None) -> Fields | None:
    """As Postgres will give it back: JSON's own types only."""
    if fields is None:
        return None
    plain: Fields = msgspec.json.decode(msgspec.json.encode(fields))
    return plain
