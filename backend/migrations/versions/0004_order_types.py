"""Stop, trailing and auction orders, time in force, partial fills."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    ALTER TABLE backend."order"
        ADD COLUMN stop_price NUMERIC(20, 6),
        ADD COLUMN trail_amount NUMERIC(20, 6),
        ADD COLUMN time_in_force TEXT DEFAULT 'gtc' NOT NULL,
        ADD COLUMN expires_at timestamptz,
        ADD COLUMN reduce_only BOOLEAN DEFAULT false NOT NULL,
        ADD COLUMN oco_group TEXT,
        ADD COLUMN traded_value NUMERIC(20, 6) DEFAULT 0 NOT NULL,
        ADD COLUMN fees NUMERIC(20, 6) DEFAULT 0 NOT NULL,
        ADD COLUMN triggered BOOLEAN DEFAULT false NOT NULL,
        ADD COLUMN extreme NUMERIC(20, 6),
        ADD COLUMN matched_until timestamptz,
        ADD CONSTRAINT ck_order_time_in_force CHECK (time_in_force IN ('day','gtc','ioc')),
        DROP CONSTRAINT ck_order_type,
        ADD CONSTRAINT ck_order_type CHECK (type IN (
            'market','limit','stop','stop_limit','trailing_stop',
            'market_on_open','market_on_close'
        ))
    """,
    """
    UPDATE backend."order" SET traded_value = made.value, fees = made.fees
    FROM (
        SELECT order_id, sum(quantity * price) AS value, sum(fee) AS fees
        FROM backend.fill GROUP BY order_id
    ) AS made
    WHERE made.order_id = id
    """,
)

COLUMNS = (
    "stop_price trail_amount time_in_force expires_at reduce_only oco_group traded_value fees "
    "triggered extreme matched_until"
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Orders of the newer types become the nearest of the older ones; no open one may be left."""
    op.execute("""
        UPDATE backend."order"
        SET type = CASE WHEN limit_price IS NULL THEN 'market' ELSE 'limit' END
        WHERE type NOT IN ('market','limit')
    """)
    dropped = ", ".join(f"DROP COLUMN {column}" for column in COLUMNS.split())
    op.execute(f"""
        ALTER TABLE backend."order" {dropped},
            DROP CONSTRAINT ck_order_type,
            ADD CONSTRAINT ck_order_type CHECK (type IN ('market','limit'))
    """)
