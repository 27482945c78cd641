"""What language models may cost, and what each request to one has cost."""

from alembic import op

revision = "0013"
down_revision = "0010"
branch_labels = None
depends_on = None

BUDGET = """
    CREATE TABLE backend.chat_budget (
        organisation_id TEXT NOT NULL,
        subject TEXT NOT NULL,
        day_tokens BIGINT,
        month_tokens BIGINT,
        day_usd NUMERIC(20, 6),
        month_usd NUMERIC(20, 6),
        set_by TEXT NOT NULL,
        set_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_chat_budget PRIMARY KEY (organisation_id, subject),
        CONSTRAINT ck_chat_budget_tokens CHECK (least(day_tokens, month_tokens) >= 0),
        CONSTRAINT ck_chat_budget_usd CHECK (least(day_usd, month_usd) >= 0),
        CONSTRAINT fk_chat_budget_organisation_id
            FOREIGN KEY (organisation_id) REFERENCES backend.organisation (id)
    )
"""

REQUEST = """
    CREATE TABLE backend.model_request (
        id TEXT NOT NULL,
        user_id TEXT NOT NULL,
        run_id TEXT NOT NULL,
        model TEXT NOT NULL,
        input_tokens INTEGER NOT NULL,
        output_tokens INTEGER NOT NULL,
        usd NUMERIC(20, 9) NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        settled BOOLEAN NOT NULL,
        organisation_id TEXT NOT NULL,
        CONSTRAINT pk_model_request PRIMARY KEY (id),
        CONSTRAINT fk_model_request_user_id FOREIGN KEY (user_id) REFERENCES backend."user" (id),
        CONSTRAINT fk_model_request_organisation_id
            FOREIGN KEY (organisation_id) REFERENCES backend.organisation (id)
    )
"""

INDEXES = (
    "CREATE INDEX ix_model_request_organisation_id_at"
    " ON backend.model_request (organisation_id, at)",
    "CREATE INDEX ix_model_request_user_id_at ON backend.model_request (user_id, at)",
)


def upgrade() -> None:
    for statement in (BUDGET, REQUEST, *INDEXES):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE backend.model_request")
    op.execute("DROP TABLE backend.chat_budget")
