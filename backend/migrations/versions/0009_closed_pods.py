"""Since when a pod takes no desks; the search for a seat reads the others alone."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

DROP_INDEX = "DROP INDEX backend.ix_pod_with_room"
INDEX = """
    CREATE INDEX ix_pod_with_room ON backend.pod (pool, taken DESC, name)
    WHERE taken < 10 AND closed_since IS NULL
"""
INDEX_BEFORE = """
    CREATE INDEX ix_pod_with_room ON backend.pod (pool, taken DESC, name) WHERE taken < 10
"""


def upgrade() -> None:
    op.execute("ALTER TABLE backend.pod ADD COLUMN closed_since timestamptz")
    op.execute(DROP_INDEX)
    op.execute(INDEX)


def downgrade() -> None:
    op.execute(DROP_INDEX)
    op.execute("ALTER TABLE backend.pod DROP COLUMN closed_since")
    op.execute(INDEX_BEFORE)
