"""A desk's seat is taken by one statement, which is a transaction by itself.

All desks of a pool wait for whoever holds its lock: it is held while the server works, never while
somebody who has asked is waited for. Each statement of a function sees what is committed when it
begins, so those after the lock see what was done by whoever held it before. `lock_and_see` stays
for back ends of the version before.
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TAKE_SEAT = """
    CREATE FUNCTION backend.take_seat(
        asker text, in_turn boolean, market_now timestamptz,
        ready text[], pools text[], seats integer[],
        OUT pool text, OUT pod text, OUT seat integer, OUT lease_epoch bigint,
        OUT resume_after timestamptz, OUT instruments jsonb, OUT "interval" text
    ) LANGUAGE plpgsql AS $$
    #variable_conflict use_column
    DECLARE
        its record;
        chosen text;
        lowest integer := 0;
        displaced boolean;
    BEGIN
        SELECT p.name INTO pool FROM backend.desk d JOIN backend.pool p ON p.name = d.pool
        WHERE d.id = asker FOR UPDATE OF p;
        IF NOT FOUND THEN
            RETURN;
        END IF;
        SELECT d.pool, d.organisation_id, d.instruments, d."interval", d.last_bar_end,
            d.waiting_since, s.pod, s.seat, s.lease_epoch
        INTO its FROM backend.desk d LEFT JOIN backend.seat s ON s.desk_id = d.id
        WHERE d.id = asker FOR UPDATE OF d;
        IF its.pod IS NOT NULL THEN
            pod := its.pod;
            seat := its.seat;
            lease_epoch := its.lease_epoch;
            RETURN;
        END IF;

        IF in_turn OR NOT EXISTS (
            SELECT FROM backend.desk d WHERE d.pool = its.pool AND d.waiting_since IS NOT NULL
        ) THEN
            SELECT p.name INTO chosen FROM backend.pod p
            WHERE p.pool = its.pool AND p.taken < 10 AND p.closed_since IS NULL
                AND p.taken < seats[array_position(ready, p.name::text)]
            ORDER BY p.taken DESC, p.name LIMIT 1;
            IF chosen IS NULL THEN
                -- Pods that came just now and that nobody has registered.
                SELECT min(r.name) INTO chosen FROM unnest(ready, pools) AS r(name, pool)
                WHERE r.pool = its.pool
                    AND NOT EXISTS (SELECT FROM backend.pod p WHERE p.name = r.name);
            ELSE
                SELECT min(n) INTO lowest FROM generate_series(0, 9) n WHERE NOT EXISTS (
                    SELECT FROM backend.seat s WHERE s.pod = chosen AND s.seat = n
                );
            END IF;
        END IF;
        IF chosen IS NULL THEN
            UPDATE backend.desk SET waiting_since = clock_timestamp()
            WHERE id = asker AND waiting_since IS NULL;
            RETURN;
        END IF;

        -- A desk that lost its seat waits from the very instant at which it left it.
        displaced := its.waiting_since IS NOT NULL AND EXISTS (
            SELECT FROM backend.seat_history h
            WHERE h.desk_id = asker AND h.left_at = its.waiting_since
        );
        pod := chosen;
        seat := lowest;
        resume_after := CASE WHEN displaced THEN its.last_bar_end END;
        resume_after := coalesce(resume_after, market_now);
        instruments := its.instruments;
        "interval" := its."interval";
        WITH taken AS (
            INSERT INTO backend.seat (
                pod, seat, pool, desk_id, organisation_id, lease_epoch, resume_after, taken_at
            ) VALUES (
                chosen, lowest, its.pool, asker, its.organisation_id,
                nextval('backend.lease_epoch_seq'), resume_after, clock_timestamp()
            )
            RETURNING *
        ), noted AS (
            INSERT INTO backend.seat_history (
                lease_epoch, organisation_id, desk_id, pool, pod, seat, resume_after, taken_at
            )
            SELECT lease_epoch, organisation_id, desk_id, pool, pod, seat, resume_after, taken_at
            FROM taken
        )
        SELECT lease_epoch INTO lease_epoch FROM taken;
        UPDATE backend.desk SET waiting_since = NULL WHERE id = asker AND waiting_since IS NOT NULL;
    END
    $$
"""


def upgrade() -> None:
    op.execute(TAKE_SEAT)


def downgrade() -> None:
    op.execute("DROP FUNCTION backend.take_seat")
