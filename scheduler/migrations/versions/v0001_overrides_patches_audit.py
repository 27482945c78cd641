"""Overrides, patches, their audit, and the revision of the plan's inputs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = "scheduler"


def upgrade() -> None:
    _revision()
    _override()
    _patch()
    _audit()


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable, primary_key=primary_key)


def _revision() -> None:
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.CheckConstraint("id = 1", name="one_row"),
        schema=SCHEMA,
        comment="The revision of the plan's inputs: one row, of the whole platform, so without "
        "organisation_id. Every change locks it, which puts changes in one order.",
    )
    op.execute("INSERT INTO scheduler.revision (id, value) VALUES (1, 1)")


def _override() -> None:
    op.create_table(
        "override_",
        _text("id", primary_key=True),
        _text("organisation_id"),
        _text("scope"),
        _text("phase"),
        _instant("starts"),
        _instant("ends"),
        _text("reason"),
        _text("owner"),
        _instant("created_at"),
        _instant("ended_at", nullable=True),
        _text("ended_by", nullable=True),
        sa.Column("revision", sa.BigInteger, nullable=False, unique=True),
        sa.CheckConstraint("ends > starts", name="ends_after_start"),
        sa.CheckConstraint("phase in ('trading', 'learning', 'paused')", name="phase_known"),
        schema=SCHEMA,
    )
    op.create_index("override_ends", "override_", ["ends"], schema=SCHEMA)
    op.create_index(
        "override_of_organisation", "override_", ["organisation_id", "revision"], schema=SCHEMA
    )


def _patch() -> None:
    op.create_table(
        "patch",
        _text("id", primary_key=True),
        _text("organisation_id"),
        _text("calendar"),
        sa.Column("day", sa.Date, nullable=False),
        _instant("opens", nullable=True),
        _instant("closes", nullable=True),
        _text("reason"),
        _text("owner"),
        _instant("created_at"),
        _instant("withdrawn_at", nullable=True),
        _text("withdrawn_by", nullable=True),
        sa.Column("revision", sa.BigInteger, nullable=False, unique=True),
        sa.CheckConstraint("closes > opens", name="closes_after_open"),
        schema=SCHEMA,
    )
    op.create_index("patch_day", "patch", ["day"], schema=SCHEMA)


def _audit() -> None:
    op.create_table(
        "audit",
        _text("organisation_id", primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        _text("actor"),
        _text("action"),
        _text("subject"),
        _instant("at"),
        _instant("market_at"),
        _text("before", nullable=True),
        _text("after", nullable=True),
        _text("prev_hash"),
        _text("hash"),
        sa.UniqueConstraint("organisation_id", "hash", name="audit_hash"),
        schema=SCHEMA,
        comment="Append-only: a trigger refuses UPDATE, DELETE and TRUNCATE.",
    )
    op.execute(
        "CREATE FUNCTION scheduler.refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit rows are never changed'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
        "ON scheduler.audit FOR EACH STATEMENT EXECUTE FUNCTION scheduler.refuse_change()"
    )
