"""How full each pod is, what openings were like, and which pods the fleet ends first."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COLUMNS = (
    "ALTER TABLE backend.pod ADD COLUMN taken INTEGER DEFAULT 0 NOT NULL",
    "ALTER TABLE backend.pod ADD COLUMN ends_first BOOLEAN DEFAULT false NOT NULL",
    "ALTER TABLE backend.pool ADD COLUMN openings JSONB DEFAULT '{}' NOT NULL",
)

# Counted, not added up: whatever changes seats, by whatever hand, the number is right again.
COUNT_SEATS = """
    CREATE FUNCTION backend.count_seats() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN
            UPDATE backend.pod
            SET taken = (SELECT count(*) FROM backend.seat WHERE pod = OLD.pod)
            WHERE name = OLD.pod;
        END IF;
        IF TG_OP <> 'DELETE' THEN
            INSERT INTO backend.pod (name, pool, organisation_id, taken)
            VALUES (
                NEW.pod, NEW.pool, 'platform',
                (SELECT count(*) FROM backend.seat WHERE pod = NEW.pod)
            )
            ON CONFLICT (name) DO UPDATE SET taken = excluded.taken;
        END IF;
        RETURN NULL;
    END
    $$
"""

TRIGGER = """
    CREATE TRIGGER count_seats AFTER INSERT OR DELETE OR UPDATE OF pod ON backend.seat
    FOR EACH ROW EXECUTE FUNCTION backend.count_seats()
"""

SEATED_BEFORE = """
    INSERT INTO backend.pod (name, pool, organisation_id, taken)
    SELECT pod, min(pool), 'platform', count(*) FROM backend.seat GROUP BY pod
    ON CONFLICT (name) DO UPDATE SET taken = excluded.taken
"""

INDEX = """
    CREATE INDEX ix_pod_with_room ON backend.pod (pool, taken DESC, name) WHERE taken < 10
"""


def upgrade() -> None:
    for statement in (*COLUMNS, COUNT_SEATS, TRIGGER, SEATED_BEFORE, INDEX):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TRIGGER count_seats ON backend.seat")
    op.execute("DROP FUNCTION backend.count_seats()")
    op.execute("DROP INDEX backend.ix_pod_with_room")
    op.execute("ALTER TABLE backend.pod DROP COLUMN taken, DROP COLUMN ends_first")
    op.execute("ALTER TABLE backend.pool DROP COLUMN openings")
