"""Programs enter a desk with keys of its own; what they ask is no conversation of a person's."""

from alembic import op

revision = "0012"
down_revision = "0013"
branch_labels = None
depends_on = None

API_KEY = """
    CREATE TABLE backend.api_key (
        id TEXT NOT NULL,
        desk_id TEXT NOT NULL,
        user_id TEXT NOT NULL,
        name TEXT NOT NULL,
        prefix TEXT NOT NULL,
        digest TEXT NOT NULL,
        scopes JSONB NOT NULL,
        created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
        expires_at TIMESTAMPTZ NOT NULL,
        last_used_at TIMESTAMPTZ,
        revoked_at TIMESTAMPTZ,
        organisation_id TEXT NOT NULL,
        CONSTRAINT pk_api_key PRIMARY KEY (id),
        CONSTRAINT uq_api_key_digest UNIQUE (digest),
        CONSTRAINT fk_api_key_desk_id FOREIGN KEY (desk_id) REFERENCES backend.desk (id),
        CONSTRAINT fk_api_key_user_id FOREIGN KEY (user_id) REFERENCES backend."user" (id),
        CONSTRAINT fk_api_key_organisation_id
            FOREIGN KEY (organisation_id) REFERENCES backend.organisation (id)
    )
"""
OF_DESK = "CREATE INDEX ix_api_key_desk_id_id ON backend.api_key (desk_id, id)"
ASKED_WITH = """
    ALTER TABLE backend.thread ADD COLUMN api_key_id TEXT
        CONSTRAINT fk_thread_api_key_id REFERENCES backend.api_key (id)
"""
OF_PEOPLE = """
    CREATE INDEX ix_thread_of_people ON backend.thread (user_id, id) WHERE api_key_id IS NULL
"""


def upgrade() -> None:
    for statement in (API_KEY, OF_DESK, ASKED_WITH, OF_PEOPLE):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP INDEX backend.ix_thread_of_people")
    op.execute("ALTER TABLE backend.thread DROP COLUMN api_key_id")
    op.execute("DROP TABLE backend.api_key")
