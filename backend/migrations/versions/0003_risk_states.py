"""Desk states and their conditions, later limits, and decisions with what they saw."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE backend.condition (
        id TEXT NOT NULL,
        scope TEXT NOT NULL,
        cause TEXT NOT NULL,
        source TEXT DEFAULT '' NOT NULL,
        context JSONB NOT NULL,
        since timestamptz NOT NULL,
        cleared_at timestamptz,
        cleared_by TEXT DEFAULT '' NOT NULL,
        organisation_id TEXT NOT NULL,
        CONSTRAINT pk_condition PRIMARY KEY (id),
        CONSTRAINT fk_condition_organisation_id
            FOREIGN KEY (organisation_id) REFERENCES backend.organisation (id)
    )
    """,
    """
    CREATE UNIQUE INDEX uq_condition_open ON backend.condition (scope, cause, source)
        WHERE cleared_at IS NULL
    """,
    "CREATE INDEX ix_condition_organisation_id_id ON backend.condition (organisation_id, id)",
    """
    ALTER TABLE backend.desk
        ADD COLUMN max_concentration DOUBLE PRECISION DEFAULT 1.0 NOT NULL,
        ADD COLUMN max_drawdown DOUBLE PRECISION DEFAULT 0.3 NOT NULL,
        ADD COLUMN price_collar DOUBLE PRECISION DEFAULT 0.1 NOT NULL,
        ADD COLUMN peak_equity NUMERIC(20, 6) DEFAULT 0 NOT NULL,
        ADD COLUMN state TEXT DEFAULT 'active' NOT NULL,
        ADD COLUMN halted_by TEXT DEFAULT '' NOT NULL,
        ADD CONSTRAINT ck_desk_state CHECK (state IN ('active','reducing','halted'))
    """,
    """
    UPDATE backend.desk SET peak_equity = GREATEST(
        starting_cash,
        (SELECT max(equity) FROM backend.equity_point WHERE desk_id = backend.desk.id)
    )
    """,
    """
    ALTER TABLE backend.decision
        ADD COLUMN observation BYTEA DEFAULT ''::bytea NOT NULL,
        ADD COLUMN limits JSONB DEFAULT '{}'::jsonb NOT NULL,
        ADD COLUMN fault TEXT DEFAULT '' NOT NULL
    """,
)

BACK = (
    "ALTER TABLE backend.decision DROP COLUMN observation, DROP COLUMN limits, DROP COLUMN fault",
    """
    ALTER TABLE backend.desk
        DROP COLUMN max_concentration, DROP COLUMN max_drawdown, DROP COLUMN price_collar,
        DROP COLUMN peak_equity, DROP COLUMN state, DROP COLUMN halted_by
    """,
    "DROP TABLE backend.condition",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for statement in BACK:
        op.execute(statement)
