"""Chat runs have a lease and their request; messages can be searched, and rated."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

COLUMNS = """
    ALTER TABLE backend.run
        ADD COLUMN request JSONB,
        ADD COLUMN owner TEXT,
        ADD COLUMN epoch INTEGER NOT NULL DEFAULT 1,
        ADD COLUMN lease_until TIMESTAMPTZ NOT NULL DEFAULT now() + interval '3 minutes'
"""
DROP_COLUMNS = """
    ALTER TABLE backend.run
        DROP COLUMN request, DROP COLUMN owner, DROP COLUMN epoch, DROP COLUMN lease_until
"""
LEASED = "CREATE INDEX ix_run_leased ON backend.run (lease_until) WHERE state = 'running'"
OF_RUN = "CREATE INDEX ix_message_run_id ON backend.message (run_id)"
WORDS = """
    CREATE INDEX ix_message_words ON backend.message
    USING gin (to_tsvector('simple'::regconfig, text))
"""
FEEDBACK = """
    CREATE TABLE backend.message_feedback (
        message_id TEXT NOT NULL,
        user_id TEXT NOT NULL,
        rating TEXT NOT NULL,
        note TEXT,
        trace_id TEXT,
        instructions INTEGER,
        model TEXT,
        created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
        changed_at TIMESTAMPTZ NOT NULL,
        organisation_id TEXT NOT NULL,
        CONSTRAINT pk_message_feedback PRIMARY KEY (message_id, user_id),
        CONSTRAINT ck_message_feedback_rating CHECK (rating IN ('up','down')),
        CONSTRAINT fk_message_feedback_message_id
            FOREIGN KEY (message_id) REFERENCES backend.message (id) ON DELETE CASCADE,
        CONSTRAINT fk_message_feedback_user_id
            FOREIGN KEY (user_id) REFERENCES backend."user" (id),
        CONSTRAINT fk_message_feedback_organisation_id
            FOREIGN KEY (organisation_id) REFERENCES backend.organisation (id)
    )
"""
OF_ORGANISATION = """
    CREATE INDEX ix_message_feedback_organisation_id_changed_at_message_id
    ON backend.message_feedback (organisation_id, changed_at, message_id)
"""


def upgrade() -> None:
    op.execute(COLUMNS)
    op.execute(LEASED)
    op.execute(OF_RUN)
    op.execute(WORDS)
    op.execute(FEEDBACK)
    op.execute(OF_ORGANISATION)


def downgrade() -> None:
    op.execute("DROP TABLE backend.message_feedback")
    op.execute("DROP INDEX backend.ix_message_words")
    op.execute("DROP INDEX backend.ix_message_run_id")
    op.execute("DROP INDEX backend.ix_run_leased")
    op.execute(DROP_COLUMNS)
