"""The fills of a desk's day are read with each of its snapshots."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX ix_fill_desk_id_at ON backend.fill (desk_id, at)")


def downgrade() -> None:
    op.execute("DROP INDEX backend.ix_fill_desk_id_at")
