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
    "policy": {
        "state": "TEXT NOT NULL DEFAULT 'candidate'",
        "why": "TEXT NOT NULL DEFAULT ''",
        "changed_at": "timestamptz",
        "verdict_id": "TEXT CONSTRAINT fk_policy_verdict_id REFERENCES backend.verdict (id)",
        "against": "TEXT",
        "sealed_at": "timestamptz",
    },
    "policy_line": {
        "shadow_sessions": (
            "INTEGER CONSTRAINT ck_policy_line_shadow_sessions CHECK (shadow_sessions >= 0)"
        ),
        "promotion": (
            "TEXT CONSTRAINT ck_policy_line_promotion CHECK (promotion IN ('approval','automatic'))"
        ),
        "rollback": "JSONB NOT NULL DEFAULT '{}'",
    },
}

SHADOW_REPORT = """
    CREATE TABLE backend.shadow_report (
        id TEXT NOT NULL,
        policy_line TEXT NOT NULL,
        night TEXT NOT NULL,
        kind TEXT NOT NULL,
        policy TEXT NOT NULL,
        against TEXT NOT NULL,
        since timestamptz NOT NULL,
        sessions JSONB NOT NULL,
        difference FLOAT NOT NULL,
        upper FLOAT,
        confidence FLOAT NOT NULL,
        drawdown FLOAT NOT NULL,
        drawdown_limit FLOAT NOT NULL,
        refuted BOOLEAN NOT NULL,
        sentence TEXT NOT NULL,
        synthetic BOOLEAN NOT NULL,
        at timestamptz NOT NULL,
        organisation_id TEXT NOT NULL,
        CONSTRAINT pk_shadow_report PRIMARY KEY (id),
        CONSTRAINT fk_shadow_report_policy_line
            FOREIGN KEY (policy_line) REFERENCES backend.policy_line (id),
        CONSTRAINT fk_shadow_report_organisation_id
            FOREIGN KEY (organisation_id) REFERENCES backend.organisation (id)
    )
"""

INDEX = """
    CREATE INDEX ix_shadow_report_policy_line_policy
        ON backend.shadow_report (policy_line, policy, at)
"""

KNOWN_BEFORE = """
    UPDATE backend.policy p SET
        state = CASE WHEN l.champion = p.id THEN 'champion' ELSE 'replaced' END,
        changed_at = p.promoted_at
    FROM backend.policy_line l
    WHERE l.id = p.policy_line AND (p.promoted_at IS NOT NULL OR l.champion = p.id)
"""
"""Whoever was promoted once is the champion, or was replaced."""

JUDGED_BEFORE = """
    UPDATE backend.policy p SET state = 'rejected', why = v.sentence, changed_at = v.at,
        verdict_id = v.id, against = v.champion
    FROM backend.verdict v
    WHERE v.policy_line = p.policy_line AND v.challenger = p.id AND p.state = 'candidate'
"""


def upgrade() -> None:
    for table, columns in ADDED.items():
        for name, kind in columns.items():
            op.execute(f"ALTER TABLE backend.{table} ADD COLUMN {name} {kind}")
    for statement in (SHADOW_REPORT, INDEX, KNOWN_BEFORE, JUDGED_BEFORE):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE backend.shadow_report")
    for table, columns in ADDED.items():
        for name in columns:
            op.execute(f"ALTER TABLE backend.{table} DROP COLUMN {name}")
