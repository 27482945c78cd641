"""How a verdict's competitors did, as lines to be drawn; verdicts from before have none."""

from alembic import op

revision = "0016"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE backend.verdict ADD COLUMN equity JSONB")


def downgrade() -> None:
    op.execute("ALTER TABLE backend.verdict DROP COLUMN equity")
