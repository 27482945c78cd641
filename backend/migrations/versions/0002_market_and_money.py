"""Policies and verdicts, decisions and signals, orders, fills, positions, equity."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE backend.policy_line (
        id TEXT NOT NULL,
        pool TEXT NOT NULL,
        instruments JSONB NOT NULL,
        interval TEXT NOT NULL,
        risk_profile TEXT NOT NULL,
        champion TEXT NOT NULL,
        trials BIGINT DEFAULT 0 NOT NULL,
        revision BIGINT DEFAULT 0 NOT NULL,
        organisation_id TEXT NOT NULL,
        CONSTRAINT pk_policy_line PRIMARY KEY (id),
        CONSTRAINT ck_policy_line_risk_profile
            CHECK (risk_profile IN ('cautious','balanced','bold')),
        CONSTRAINT fk_policy_line_organisation_id
            FOREIGN KEY (organisation_id) REFERENCES backend.organisation (id)
    )
    """,
    """
    CREATE TABLE backend.policy (
        policy_line TEXT NOT NULL,
        id TEXT NOT NULL,
        trial_id TEXT,
        sharpe DOUBLE PRECISION,
        predecessor TEXT,
        promoted_at timestamptz,
        created_at timestamptz DEFAULT now() NOT NULL,
        organisation_id TEXT NOT NULL,
        CONSTRAINT pk_policy PRIMARY KEY (policy_line, id),
        CONSTRAINT fk_policy_policy_line
            FOREIGN KEY (policy_line) REFERENCES backend.policy_line (id),
        CONSTRAINT fk_policy_organisation_id
            FOREIGN KEY (organisation_id) REFERENCES backend.organisation (id)
    )
    """,
    """
    CREATE TABLE backend.trial (
        id TEXT NOT NULL,
        policy_line TEXT NOT NULL,
        night TEXT NOT NULL,
        seed INTEGER NOT NULL,
        algorithm TEXT NOT NULL,
        steps BIGINT NOT NULL,
        cpu_seconds DOUBLE PRECISION NOT NULL,
        sharpe DOUBLE PRECISION NOT NULL,
        policy TEXT NOT NULL,
        at timestamptz NOT NULL,
        organisation_id TEXT NOT NULL,
        CONSTRAINT pk_trial PRIMARY KEY (id),
        CONSTRAINT fk_trial_policy_line
            FOREIGN KEY (policy_line) REFERENCES backend.policy_line (id),
        CONSTRAINT fk_trial_organisation_id
            FOREIGN KEY (organisation_id) REFERENCES backend.organisation (id)
    )
    """,
    "CREATE INDEX ix_trial_policy_line_id ON backend.trial (policy_line, id)",
    """
    CREATE TABLE backend.verdict (
        id TEXT NOT NULL,
        policy_line TEXT NOT NULL,
        night TEXT NOT NULL,
        verdict TEXT NOT NULL,
        moved BOOLEAN NOT NULL,
        champion TEXT NOT NULL,
        challenger TEXT NOT NULL,
        sentence TEXT NOT NULL,
        window_from timestamptz NOT NULL,
        window_to timestamptz NOT NULL,
        bars INTEGER NOT NULL,
        seeds INTEGER NOT NULL,
        trials INTEGER NOT NULL,
        sharpe_difference DOUBLE PRECISION NOT NULL,
        interval_low DOUBLE PRECISION NOT NULL,
        interval_high DOUBLE PRECISION NOT NULL,
        cost_bps DOUBLE PRECISION NOT NULL,
        competitors JSONB NOT NULL,
        checks JSONB NOT NULL,
        synthetic BOOLEAN NOT NULL,
        at timestamptz NOT NULL,
        organisation_id TEXT NOT NULL,
        CONSTRAINT pk_verdict PRIMARY KEY (id),
        CONSTRAINT fk_verdict_policy_line
            FOREIGN KEY (policy_line) REFERENCES backend.policy_line (id),
        CONSTRAINT fk_verdict_organisation_id
            FOREIGN KEY (organisation_id) REFERENCES backend.organisation (id)
    )
    """,
    "CREATE INDEX ix_verdict_organisation_id_at ON backend.verdict (organisation_id, at, id)",
    "CREATE INDEX ix_verdict_policy_line_at ON backend.verdict (policy_line, at)",
    """
    CREATE TABLE backend.decision (
        id TEXT NOT NULL,
        desk_id TEXT NOT NULL,
        bar_end timestamptz NOT NULL,
        interval TEXT NOT NULL,
        pod TEXT NOT NULL,
        policy_line TEXT NOT NULL,
        policy_version TEXT NOT NULL,
        lease_epoch BIGINT NOT NULL,
        phase_epoch BIGINT NOT NULL,
        weights JSONB NOT NULL,
        prices JSONB NOT NULL,
        outcome TEXT NOT NULL,
        orders INTEGER NOT NULL,
        entry TEXT NOT NULL,
        synthetic BOOLEAN NOT NULL,
        published_wall DOUBLE PRECISION NOT NULL,
        recorded_at timestamptz DEFAULT now() NOT NULL,
        organisation_id TEXT NOT NULL,
        CONSTRAINT pk_decision PRIMARY KEY (id),
        CONSTRAINT fk_decision_desk_id
            FOREIGN KEY (desk_id) REFERENCES backend.desk (id),
        CONSTRAINT fk_decision_organisation_id
            FOREIGN KEY (organisation_id) REFERENCES backend.organisation (id)
    )
    """,
    "CREATE UNIQUE INDEX uq_decision_desk_id_bar_end ON backend.decision (desk_id, bar_end)",
    """
    CREATE TABLE backend.signal (
        id TEXT NOT NULL,
        desk_id TEXT NOT NULL,
        decision_id TEXT NOT NULL,
        bar_end timestamptz NOT NULL,
        instrument TEXT NOT NULL,
        weight_before DOUBLE PRECISION NOT NULL,
        weight_after DOUBLE PRECISION NOT NULL,
        price DOUBLE PRECISION NOT NULL,
        score DOUBLE PRECISION NOT NULL,
        base DOUBLE PRECISION NOT NULL,
        contributions JSONB NOT NULL,
        reason TEXT NOT NULL,
        policy_version TEXT NOT NULL,
        synthetic BOOLEAN NOT NULL,
        organisation_id TEXT NOT NULL,
        CONSTRAINT pk_signal PRIMARY KEY (id),
        CONSTRAINT fk_signal_desk_id
            FOREIGN KEY (desk_id) REFERENCES backend.desk (id),
        CONSTRAINT fk_signal_decision_id
            FOREIGN KEY (decision_id) REFERENCES backend.decision (id),
        CONSTRAINT fk_signal_organisation_id
            FOREIGN KEY (organisation_id) REFERENCES backend.organisation (id)
    )
    """,
    "CREATE INDEX ix_signal_decision_id ON backend.signal (decision_id)",
    "CREATE INDEX ix_signal_desk_id_bar_end ON backend.signal (desk_id, bar_end, id)",
    """
    CREATE TABLE backend."order" (
        id TEXT NOT NULL,
        desk_id TEXT NOT NULL,
        client_order_id TEXT NOT NULL,
        source TEXT NOT NULL,
        instrument TEXT NOT NULL,
        side TEXT NOT NULL,
        type TEXT NOT NULL,
        quantity NUMERIC(24, 8) NOT NULL,
        limit_price NUMERIC(20, 6),
        filled NUMERIC(24, 8) NOT NULL,
        state TEXT NOT NULL,
        reason TEXT DEFAULT '' NOT NULL,
        context JSONB NOT NULL,
        decision_id TEXT,
        bar_end timestamptz,
        lease_epoch BIGINT,
        active_from timestamptz NOT NULL,
        created_at timestamptz NOT NULL,
        ended_at timestamptz,
        organisation_id TEXT NOT NULL,
        CONSTRAINT pk_order PRIMARY KEY (id),
        CONSTRAINT ck_order_side CHECK (side IN ('buy','sell')),
        CONSTRAINT ck_order_type CHECK (type IN ('market','limit')),
        CONSTRAINT ck_order_filled CHECK (filled >= 0 AND filled <= quantity),
        CONSTRAINT fk_order_desk_id
            FOREIGN KEY (desk_id) REFERENCES backend.desk (id),
        CONSTRAINT fk_order_decision_id
            FOREIGN KEY (decision_id) REFERENCES backend.decision (id),
        CONSTRAINT fk_order_organisation_id
            FOREIGN KEY (organisation_id) REFERENCES backend.organisation (id)
    )
    """,
    'CREATE INDEX ix_order_desk_id_created_at ON backend."order" (desk_id, created_at)',
    'CREATE INDEX ix_order_desk_id_id ON backend."order" (desk_id, id)',
    """
    CREATE INDEX ix_order_open
    ON backend."order" (desk_id)
    WHERE state IN ('submitted','accepted','partially_filled')
    """,
    """
    CREATE UNIQUE INDEX uq_order_desk_id_client_order_id
    ON backend."order" (desk_id, client_order_id)
    """,
    """
    CREATE TABLE backend.fill (
        id TEXT NOT NULL,
        desk_id TEXT NOT NULL,
        order_id TEXT NOT NULL,
        bar_end timestamptz NOT NULL,
        instrument TEXT NOT NULL,
        side TEXT NOT NULL,
        quantity NUMERIC(24, 8) NOT NULL,
        price NUMERIC(20, 6) NOT NULL,
        fee NUMERIC(20, 6) NOT NULL,
        realised NUMERIC(20, 6) NOT NULL,
        at timestamptz NOT NULL,
        organisation_id TEXT NOT NULL,
        CONSTRAINT pk_fill PRIMARY KEY (id),
        CONSTRAINT fk_fill_desk_id
            FOREIGN KEY (desk_id) REFERENCES backend.desk (id),
        CONSTRAINT fk_fill_order_id
            FOREIGN KEY (order_id) REFERENCES backend."order" (id),
        CONSTRAINT fk_fill_organisation_id
            FOREIGN KEY (organisation_id) REFERENCES backend.organisation (id)
    )
    """,
    "CREATE INDEX ix_fill_desk_id_id ON backend.fill (desk_id, id)",
    "CREATE UNIQUE INDEX uq_fill_order_id_bar_end ON backend.fill (order_id, bar_end)",
    """
    CREATE TABLE backend.position (
        desk_id TEXT NOT NULL,
        instrument TEXT NOT NULL,
        quantity NUMERIC(24, 8) NOT NULL,
        cost NUMERIC(20, 6) NOT NULL,
        realised NUMERIC(20, 6) NOT NULL,
        last_price NUMERIC(20, 6) NOT NULL,
        updated_at timestamptz NOT NULL,
        organisation_id TEXT NOT NULL,
        CONSTRAINT pk_position PRIMARY KEY (desk_id, instrument),
        CONSTRAINT fk_position_desk_id
            FOREIGN KEY (desk_id) REFERENCES backend.desk (id),
        CONSTRAINT fk_position_organisation_id
            FOREIGN KEY (organisation_id) REFERENCES backend.organisation (id)
    )
    """,
    """
    CREATE TABLE backend.equity_point (
        desk_id TEXT NOT NULL,
        bar_end timestamptz NOT NULL,
        equity NUMERIC(20, 6) NOT NULL,
        cash NUMERIC(20, 6) NOT NULL,
        exposure NUMERIC(20, 6) NOT NULL,
        organisation_id TEXT NOT NULL,
        CONSTRAINT pk_equity_point PRIMARY KEY (desk_id, bar_end),
        CONSTRAINT fk_equity_point_desk_id
            FOREIGN KEY (desk_id) REFERENCES backend.desk (id),
        CONSTRAINT fk_equity_point_organisation_id
            FOREIGN KEY (organisation_id) REFERENCES backend.organisation (id)
    )
    """,
    """
    CREATE TABLE backend.broker_cursor (
        name TEXT NOT NULL,
        entry TEXT NOT NULL,
        bar_end timestamptz NOT NULL,
        organisation_id TEXT NOT NULL,
        CONSTRAINT pk_broker_cursor PRIMARY KEY (name),
        CONSTRAINT fk_broker_cursor_organisation_id
            FOREIGN KEY (organisation_id) REFERENCES backend.organisation (id)
    )
    """,
)

TABLES = (
    'broker_cursor equity_point position fill "order" signal decision verdict trial policy '
    "policy_line"
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for table in TABLES.split():
        op.execute(f"DROP TABLE backend.{table}")
