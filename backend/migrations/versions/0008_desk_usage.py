"""What desks have cost, day by day."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

DESK_USAGE = """
    CREATE TABLE backend.desk_usage (
        desk_id TEXT NOT NULL,
        day DATE NOT NULL,
        pod TEXT NOT NULL,
        life BIGINT NOT NULL,
        agent TEXT NOT NULL,
        cpu_seconds FLOAT NOT NULL,
        memory_gib_seconds FLOAT NOT NULL,
        organisation_id TEXT NOT NULL,
        CONSTRAINT pk_desk_usage PRIMARY KEY (desk_id, day, pod, life, agent),
        CONSTRAINT fk_desk_usage_desk_id FOREIGN KEY (desk_id) REFERENCES backend.desk (id),
        CONSTRAINT fk_desk_usage_organisation_id
            FOREIGN KEY (organisation_id) REFERENCES backend.organisation (id)
    )
"""

INDEX = (
    "CREATE INDEX ix_desk_usage_organisation_id_day ON backend.desk_usage (organisation_id, day)"
)


def upgrade() -> None:
    for statement in (DESK_USAGE, INDEX):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE backend.desk_usage")
