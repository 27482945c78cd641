"""The tables of schema `scheduler`, and their rows as words. No foreign key leaves it."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    RowMapping,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

from market.words import Word

SCHEMA = "scheduler"

metadata = MetaData(schema=SCHEMA)


class Instant(TypeDecorator[datetime]):
    """`timestamptz` that comes back in UTC whatever the connection's zone, so that two replicas
    encode the same plan.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        return None if value is None else value.astimezone(UTC)


revision = Table(
    "revision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("value", BigInteger, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
    comment="The revision of the plan's inputs: one row, of the whole platform, so without "
    "organisation_id. Every change locks it, which puts changes in one order.",
)

override = Table(
    "override_",
    metadata,
    Column("id", Text, primary_key=True),
    Column("organisation_id", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("phase", Text, nullable=False),
    Column("starts", Instant, nullable=False),
    Column("ends", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", Text),
    Column("revision", BigInteger, nullable=False, unique=True),
    CheckConstraint("ends > starts", name="ends_after_start"),
    CheckConstraint("phase in ('trading', 'learning', 'paused')", name="phase_known"),
    Index("override_ends", "ends"),
    Index("override_of_organisation", "organisation_id", "revision"),
)

patch = Table(
    "patch",
    metadata,
    Column("id", Text, primary_key=True),
    Column("organisation_id", Text, nullable=False),
    Column("calendar", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("opens", Instant),
    Column("closes", Instant),
    Column("reason", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    Column("withdrawn_by", Text),
    Column("revision", BigInteger, nullable=False, unique=True),
    CheckConstraint("closes > opens", name="closes_after_open"),
    Index("patch_day", "day"),
)

audit = Table(
    "audit",
    metadata,
    Column("organisation_id", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("market_at", Instant, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("prev_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    UniqueConstraint("organisation_id", "hash", name="audit_hash"),
    comment="Append-only: a trigger refuses UPDATE, DELETE and TRUNCATE.",
)


def columns(word: Word) -> dict[str, Any]:
    """A word's fields under its table's names: who owns a row is `organisation_id` everywhere."""
    values = msgspec.structs.asdict(word)
    values["organisation_id"] = values.pop("organisation")
    return values


def fields(row: RowMapping) -> dict[str, Any]:
    """A row's columns under its word's names."""
    values = dict(row)
    values["organisation"] = values.pop("organisation_id")
    return values
