"""What programs have asked, in the order in which it is forgotten."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX ix_thread_of_programs ON backend.thread (id) WHERE api_key_id IS NOT NULL"
    )


def downgrade() -> None:
    op.execute("DROP INDEX backend.ix_thread_of_programs")
