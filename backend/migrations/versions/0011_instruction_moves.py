"""What answers whom, every move of a label, and saved questions."""

from alembic import op

revision = "0011"
down_revision = "0014"
branch_labels = None
depends_on = None

SERVING = """
    CREATE TABLE backend.instruction_serving (
        agent TEXT NOT NULL,
        revision BIGINT DEFAULT 0 NOT NULL,
        canary_percent INTEGER DEFAULT 0 NOT NULL,
        organisation_id TEXT NOT NULL,
        CONSTRAINT pk_instruction_serving PRIMARY KEY (agent),
        CONSTRAINT ck_instruction_serving_canary_percent CHECK (canary_percent BETWEEN 0 AND 100),
        CONSTRAINT fk_instruction_serving_organisation_id
            FOREIGN KEY (organisation_id) REFERENCES backend.organisation (id)
    )
"""
MOVE = """
    CREATE TABLE backend.instruction_move (
        agent TEXT NOT NULL,
        revision BIGINT NOT NULL,
        label TEXT NOT NULL,
        kind TEXT NOT NULL,
        version INTEGER,
        previous INTEGER,
        before BIGINT,
        reason TEXT NOT NULL,
        moved_by TEXT NOT NULL,
        moved_at timestamptz DEFAULT now() NOT NULL,
        organisation_id TEXT NOT NULL,
        CONSTRAINT pk_instruction_move PRIMARY KEY (agent, revision),
        CONSTRAINT ck_instruction_move_kind CHECK (kind IN ('moved','rolled_back','removed')),
        CONSTRAINT fk_instruction_move_organisation_id
            FOREIGN KEY (organisation_id) REFERENCES backend.organisation (id)
    )
"""
MOVE_INDEX = """
    CREATE INDEX ix_instruction_move_agent_label_revision
    ON backend.instruction_move (agent, label, revision)
"""
QUESTION = """
    CREATE TABLE backend.saved_question (
        id TEXT NOT NULL,
        text TEXT NOT NULL,
        created_by TEXT NOT NULL,
        created_at timestamptz DEFAULT now() NOT NULL,
        updated_at timestamptz NOT NULL,
        organisation_id TEXT NOT NULL,
        CONSTRAINT pk_saved_question PRIMARY KEY (id),
        CONSTRAINT fk_saved_question_organisation_id
            FOREIGN KEY (organisation_id) REFERENCES backend.organisation (id)
    )
"""
QUESTION_INDEX = """
    CREATE INDEX ix_saved_question_organisation_id_id
    ON backend.saved_question (organisation_id, id)
"""
# Where labels stand is where their history begins.
FIRST_MOVES = """
    INSERT INTO backend.instruction_move
        (agent, revision, label, kind, version, reason, moved_by, moved_at, organisation_id)
    SELECT agent, row_number() OVER (PARTITION BY agent ORDER BY moved_at, label),
        label, 'moved', version, '', moved_by, moved_at, organisation_id
    FROM backend.instruction_label
"""
FIRST_SERVING = """
    INSERT INTO backend.instruction_serving (agent, revision, organisation_id)
    SELECT agent, max(revision), 'platform' FROM backend.instruction_move GROUP BY agent
"""


def upgrade() -> None:
    for statement in (
        SERVING,
        MOVE,
        MOVE_INDEX,
        QUESTION,
        QUESTION_INDEX,
        FIRST_MOVES,
        FIRST_SERVING,
    ):
        op.execute(statement)


def downgrade() -> None:
    for table in ("saved_question", "instruction_move", "instruction_serving"):
        op.execute(f"DROP TABLE backend.{table}")
