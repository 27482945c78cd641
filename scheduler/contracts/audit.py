"""The audit of overrides and patches, as the scheduler shows it."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from market.words import Word

GENESIS = "0" * 64
"""`prev_hash` of an organisation's first row."""


class AuditRow(Word, frozen=True, kw_only=True):
    """One change: who, what, when, before, after. Rows of an organisation are numbered from 1.

    `at` is real time, `market_at` market time. `hash` covers all other fields, `prev_hash` of the
    row before it among them.
    """

    organisation: str
    number: int
    actor: str
    action: str
    subject: str
    at: datetime
    market_at: datetime
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    prev_hash: str
    hash: str = ""


def row_hash(row: AuditRow) -> str:
    """SHA-256 (hex) of the row's canonical JSON without its hash: keys sorted, no blanks."""
    content = msgspec.to_builtins(row)
    del content["hash"]
    return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()


def first_broken(rows: Iterable[AuditRow]) -> int | None:
    """The number of the first row that does not continue the chain; None when all do.

    `rows` are all of one organisation, ascending.
    """
    prev_hash = GENESIS
    for expected, row in enumerate(rows, start=1):
        if row.number != expected or row.prev_hash != prev_hash or row_hash(row) != row.hash:
            return expected
        prev_hash = row.hash
    return None
