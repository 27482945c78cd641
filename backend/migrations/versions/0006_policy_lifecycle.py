"""Verdicts with their evidence, shadow runs, approvals, rollbacks."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ADDED = {
    "verdict": {
        "protocol": "JSONB NOT NULL DEFAULT '{}'",
        "measures": "JSONB NOT NULL DEFAULT '{}'",
        "spa": "JSONB NOT NULL DEFAULT '{}'",
        "intervals": "JSONB NOT NULL DEFAULT '{}'",
        "paths": "INTEGER NOT NULL DEFAULT 0",
        "trial_records": "INTEGER NOT NULL DEFAULT 0",
    },
}


def upgrade() -> None:
    for table, columns in ADDED.items():
        for name, kind in columns.items():
            op.execute(f"ALTER TABLE backend.{table} ADD COLUMN {name} {kind}")


def downgrade() -> None:
    for table, columns in ADDED.items():
        for name in columns:
            op.execute(f"ALTER TABLE backend.{table} DROP COLUMN {name}")
