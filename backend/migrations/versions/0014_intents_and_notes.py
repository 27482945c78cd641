"""What chat prepares for a person to confirm, and an organisation's own notes."""

from alembic import op

revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None

INTENT = """
    CREATE TABLE backend.intent (
        id TEXT NOT NULL,
        user_id TEXT NOT NULL,
        desk_id TEXT,
        run_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        says TEXT NOT NULL,
        wanted JSONB NOT NULL,
        preview JSONB NOT NULL,
        outcome JSONB NOT NULL,
        nonce TEXT NOT NULL,
        state TEXT DEFAULT 'prepared' NOT NULL,
        created_at TIMESTAMPTZ DEFAULT now() NOT NULL,
        expires_at TIMESTAMPTZ NOT NULL,
        ended_at TIMESTAMPTZ,
        organisation_id TEXT NOT NULL,
        CONSTRAINT pk_intent PRIMARY KEY (id),
        CONSTRAINT uq_intent_run_id UNIQUE (run_id),
        CONSTRAINT ck_intent_state
            CHECK (state IN ('prepared','confirmed','denied','dismissed')),
        CONSTRAINT fk_intent_user_id FOREIGN KEY (user_id) REFERENCES backend."user" (id),
        CONSTRAINT fk_intent_desk_id FOREIGN KEY (desk_id) REFERENCES backend.desk (id),
        CONSTRAINT fk_intent_organisation_id
            FOREIGN KEY (organisation_id) REFERENCES backend.organisation (id)
    )
"""

NOTE = """
    CREATE TABLE backend.note (
        id TEXT NOT NULL,
        author_id TEXT NOT NULL,
        title TEXT NOT NULL,
        text TEXT NOT NULL,
        instrument TEXT DEFAULT '' NOT NULL,
        day DATE NOT NULL,
        revision BIGINT NOT NULL,
        created_at TIMESTAMPTZ DEFAULT now() NOT NULL,
        updated_at TIMESTAMPTZ NOT NULL,
        organisation_id TEXT NOT NULL,
        CONSTRAINT pk_note PRIMARY KEY (id),
        CONSTRAINT fk_note_author_id FOREIGN KEY (author_id) REFERENCES backend."user" (id),
        CONSTRAINT fk_note_organisation_id
            FOREIGN KEY (organisation_id) REFERENCES backend.organisation (id)
    )
"""

REST = (
    "CREATE INDEX ix_intent_user_id_id ON backend.intent (user_id, id)",
    "CREATE INDEX ix_note_organisation_id_id ON backend.note (organisation_id, id)",
    "CREATE SEQUENCE backend.note_revision_seq",
)


def upgrade() -> None:
    for statement in (INTENT, NOTE, *REST):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP SEQUENCE backend.note_revision_seq")
    op.execute("DROP TABLE backend.note")
    op.execute("DROP TABLE backend.intent")
