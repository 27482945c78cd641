"""What is asked of the tables when a desk asks for a seat, in one exchange.

All desks of a pool wait for whoever holds its lock: from here they wait for one exchange less, and
for no statement to be planned. Each statement of a function sees what is committed when it begins,
so the second one sees what was done by whoever held the lock before.
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

LOCK_AND_SEE = """
    CREATE FUNCTION backend.lock_and_see(asker text) RETURNS TABLE (
        pool text, organisation text, instruments jsonb, "interval" text,
        last_bar_end timestamptz, displaced boolean, queue boolean, fullest json,
        pod text, seat integer, lease_epoch bigint, connected_at timestamptz
    ) LANGUAGE plpgsql AS $$
    #variable_conflict use_column
    DECLARE
        its text;
    BEGIN
        SELECT p.name INTO its FROM backend.desk d JOIN backend.pool p ON p.name = d.pool
        WHERE d.id = asker FOR UPDATE OF p;
        IF NOT FOUND THEN
            RETURN;
        END IF;
        RETURN QUERY
        SELECT its, d.organisation_id, d.instruments, d."interval", d.last_bar_end,
            d.waiting_since IS NOT NULL AND EXISTS (
                SELECT FROM backend.seat_history h
                WHERE h.desk_id = d.id AND h.left_at = d.waiting_since
            ),
            EXISTS (SELECT FROM backend.desk o WHERE o.pool = its AND o.waiting_since IS NOT NULL),
            (
                SELECT coalesce(json_agg(room), '[]') FROM (
                    SELECT p.name, p.taken, p.drained_start,
                        ARRAY(SELECT s.seat FROM backend.seat s WHERE s.pod = p.name) AS seats
                    FROM backend.pod p
                    WHERE p.pool = its AND p.taken < 10 AND p.closed_since IS NULL
                    ORDER BY p.taken DESC, p.name LIMIT 8
                ) room
            ),
            s.pod, s.seat, s.lease_epoch, s.connected_at
        FROM backend.desk d LEFT JOIN backend.seat s ON s.desk_id = d.id
        WHERE d.id = asker FOR UPDATE OF d;
    END
    $$
"""


def upgrade() -> None:
    op.execute(LOCK_AND_SEE)


def downgrade() -> None:
    op.execute("DROP FUNCTION backend.lock_and_see(text)")
