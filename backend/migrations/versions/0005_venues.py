"""What a real venue needs: its ids on orders and fills, what its account holds, reconciliation."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

UP = (
    """
    ALTER TABLE backend."order"
        ADD COLUMN venue TEXT NOT NULL DEFAULT 'paper',
        ADD COLUMN venue_order_id TEXT,
        ADD COLUMN sent_at timestamptz,
        ADD COLUMN cancel_requested BOOLEAN NOT NULL DEFAULT false
    """,
    """
    CREATE INDEX ix_order_venue_open ON backend."order" (venue, id)
    WHERE state IN ('submitted','accepted','partially_filled')
    """,
    "ALTER TABLE backend.fill ADD COLUMN venue_fill_id TEXT",
    "DROP INDEX backend.uq_fill_order_id_bar_end",
    """
    CREATE UNIQUE INDEX uq_fill_order_id_bar_end ON backend.fill (order_id, bar_end)
    WHERE venue_fill_id IS NULL
    """,
    """
    CREATE UNIQUE INDEX uq_fill_order_id_venue_fill_id ON backend.fill (order_id, venue_fill_id)
    WHERE venue_fill_id IS NOT NULL
    """,
    """
    CREATE TABLE backend.venue_holding (
        venue TEXT NOT NULL,
        subject TEXT NOT NULL,
        quantity NUMERIC(24, 8) NOT NULL,
        claimed_at timestamptz NOT NULL,
        organisation_id TEXT NOT NULL,
        CONSTRAINT pk_venue_holding PRIMARY KEY (venue, subject),
        CONSTRAINT fk_venue_holding_organisation_id
            FOREIGN KEY (organisation_id) REFERENCES backend.organisation (id)
    )
    """,
    """
    CREATE TABLE backend.venue_difference (
        id TEXT NOT NULL,
        venue TEXT NOT NULL,
        kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        ours TEXT NOT NULL,
        theirs TEXT NOT NULL,
        action TEXT NOT NULL,
        found_at timestamptz NOT NULL,
        resolved_at timestamptz,
        organisation_id TEXT NOT NULL,
        CONSTRAINT pk_venue_difference PRIMARY KEY (id),
        CONSTRAINT ck_venue_difference_kind CHECK (kind IN ('order','position','cash')),
        CONSTRAINT ck_venue_difference_action
            CHECK (action IN ('refused','claimed','resolved')),
        CONSTRAINT fk_venue_difference_organisation_id
            FOREIGN KEY (organisation_id) REFERENCES backend.organisation (id)
    )
    """,
    """
    CREATE UNIQUE INDEX uq_venue_difference_open
    ON backend.venue_difference (venue, kind, subject) WHERE resolved_at IS NULL
    """,
)

DOWN = (
    "DROP TABLE backend.venue_difference",
    "DROP TABLE backend.venue_holding",
    "DROP INDEX backend.uq_fill_order_id_venue_fill_id",
    "DROP INDEX backend.uq_fill_order_id_bar_end",
    "DELETE FROM backend.fill WHERE venue_fill_id IS NOT NULL",
    "CREATE UNIQUE INDEX uq_fill_order_id_bar_end ON backend.fill (order_id, bar_end)",
    "ALTER TABLE backend.fill DROP COLUMN venue_fill_id",
    "DROP INDEX backend.ix_order_venue_open",
    """
    ALTER TABLE backend."order" DROP COLUMN venue, DROP COLUMN venue_order_id,
        DROP COLUMN sent_at, DROP COLUMN cancel_requested
    """,
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
