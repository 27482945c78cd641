"""People, desks, seats, chat, audit."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STATEMENTS = (
    "CREATE SEQUENCE backend.lease_epoch_seq",
    """
    CREATE TABLE backend.organisation (
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        created_at timestamptz DEFAULT now() NOT NULL,
        halted BOOLEAN DEFAULT false NOT NULL,
        halt_reason TEXT DEFAULT '' NOT NULL,
        audit_number BIGINT DEFAULT 0 NOT NULL,
        audit_hash TEXT DEFAULT '' NOT NULL,
        CONSTRAINT pk_organisation PRIMARY KEY (id),
        CONSTRAINT uq_organisation_name UNIQUE (name)
    )
    """,
    """
    CREATE TABLE backend.audit_row (
        id BIGSERIAL NOT NULL,
        number BIGINT NOT NULL,
        at timestamptz NOT NULL,
        actor TEXT NOT NULL,
        action TEXT NOT NULL,
        subject TEXT NOT NULL,
        before JSONB,
        after JSONB,
        previous_hash TEXT NOT NULL,
        hash TEXT NOT NULL,
        organisation_id TEXT NOT NULL
            CONSTRAINT fk_audit_row_organisation_id REFERENCES backend.organisation,
        CONSTRAINT pk_audit_row PRIMARY KEY (id)
    )
    """,
    "CREATE UNIQUE INDEX uq_audit_row_number ON backend.audit_row (organisation_id, number)",
    """
    CREATE TABLE backend.idempotent_answer (
        user_id TEXT NOT NULL,
        key TEXT NOT NULL,
        digest TEXT NOT NULL,
        answer JSONB,
        created_at timestamptz DEFAULT now() NOT NULL,
        organisation_id TEXT NOT NULL
            CONSTRAINT fk_idempotent_answer_organisation_id REFERENCES backend.organisation,
        CONSTRAINT pk_idempotent_answer PRIMARY KEY (user_id, key)
    )
    """,
    """
    CREATE TABLE backend.instruction_label (
        agent TEXT NOT NULL,
        label TEXT NOT NULL,
        version INTEGER NOT NULL,
        moved_at timestamptz DEFAULT now() NOT NULL,
        moved_by TEXT NOT NULL,
        organisation_id TEXT NOT NULL
            CONSTRAINT fk_instruction_label_organisation_id REFERENCES backend.organisation,
        CONSTRAINT pk_instruction_label PRIMARY KEY (agent, label)
    )
    """,
    """
    CREATE TABLE backend.instruction_version (
        agent TEXT NOT NULL,
        version INTEGER NOT NULL,
        text TEXT NOT NULL,
        author TEXT NOT NULL,
        created_at timestamptz DEFAULT now() NOT NULL,
        organisation_id TEXT NOT NULL
            CONSTRAINT fk_instruction_version_organisation_id REFERENCES backend.organisation,
        CONSTRAINT pk_instruction_version PRIMARY KEY (agent, version)
    )
    """,
    """
    CREATE TABLE backend.loop_lease (
        name TEXT NOT NULL,
        holder TEXT NOT NULL,
        until timestamptz NOT NULL,
        organisation_id TEXT NOT NULL
            CONSTRAINT fk_loop_lease_organisation_id REFERENCES backend.organisation,
        CONSTRAINT pk_loop_lease PRIMARY KEY (name)
    )
    """,
    """
    CREATE TABLE backend.pod (
        name TEXT NOT NULL,
        pool TEXT NOT NULL,
        revision BIGINT DEFAULT 0 NOT NULL,
        drained_start FLOAT,
        first_seen_at timestamptz DEFAULT now() NOT NULL,
        organisation_id TEXT NOT NULL
            CONSTRAINT fk_pod_organisation_id REFERENCES backend.organisation,
        CONSTRAINT pk_pod PRIMARY KEY (name)
    )
    """,
    "CREATE INDEX ix_pod_pool ON backend.pod (pool)",
    """
    CREATE TABLE backend.pool (
        name TEXT NOT NULL,
        prewarm INTEGER DEFAULT 0 NOT NULL,
        wanted INTEGER DEFAULT 0 NOT NULL,
        lower_since timestamptz,
        lower_peak INTEGER DEFAULT 0 NOT NULL,
        organisation_id TEXT NOT NULL
            CONSTRAINT fk_pool_organisation_id REFERENCES backend.organisation,
        CONSTRAINT pk_pool PRIMARY KEY (name)
    )
    """,
    """
    CREATE TABLE backend."user" (
        id TEXT NOT NULL,
        login TEXT NOT NULL,
        name TEXT NOT NULL,
        role TEXT NOT NULL,
        password_hash TEXT NOT NULL,
        created_at timestamptz DEFAULT now() NOT NULL,
        disabled_at timestamptz,
        organisation_id TEXT NOT NULL
            CONSTRAINT fk_user_organisation_id REFERENCES backend.organisation,
        CONSTRAINT pk_user PRIMARY KEY (id),
        CONSTRAINT ck_user_role CHECK (role IN ('trader','operator','risk','viewer')),
        CONSTRAINT ck_user_login_lower CHECK (login = lower(login)),
        CONSTRAINT uq_user_login UNIQUE (login)
    )
    """,
    'CREATE INDEX ix_user_organisation_id ON backend."user" (organisation_id)',
    """
    CREATE TABLE backend.desk (
        id TEXT NOT NULL,
        user_id TEXT NOT NULL,
        name TEXT NOT NULL,
        currency TEXT DEFAULT 'USD' NOT NULL,
        mode TEXT DEFAULT 'paper' NOT NULL,
        automatic BOOLEAN DEFAULT false NOT NULL,
        pool TEXT NOT NULL,
        instruments JSONB NOT NULL,
        interval TEXT NOT NULL,
        risk_profile TEXT NOT NULL,
        policy_line TEXT NOT NULL,
        starting_cash NUMERIC(20, 6) NOT NULL,
        cash NUMERIC(20, 6) NOT NULL,
        fees NUMERIC(20, 6) DEFAULT 0 NOT NULL,
        last_bar_end timestamptz,
        waiting_since timestamptz,
        max_order_value NUMERIC(20, 6) NOT NULL,
        max_position_weight DOUBLE PRECISION NOT NULL,
        max_gross_exposure DOUBLE PRECISION NOT NULL,
        max_daily_loss DOUBLE PRECISION NOT NULL,
        max_orders_per_minute INTEGER NOT NULL,
        halted BOOLEAN DEFAULT false NOT NULL,
        halt_reason TEXT DEFAULT '' NOT NULL,
        created_at timestamptz DEFAULT now() NOT NULL,
        organisation_id TEXT NOT NULL
            CONSTRAINT fk_desk_organisation_id REFERENCES backend.organisation,
        CONSTRAINT pk_desk PRIMARY KEY (id),
        CONSTRAINT ck_desk_mode CHECK (mode IN ('paper','live')),
        CONSTRAINT ck_desk_risk_profile CHECK (risk_profile IN ('cautious','balanced','bold')),
        CONSTRAINT uq_desk_user_id UNIQUE (user_id),
        CONSTRAINT fk_desk_user_id FOREIGN KEY (user_id) REFERENCES backend."user" (id)
    )
    """,
    "CREATE INDEX ix_desk_organisation_id_id ON backend.desk (organisation_id, id)",
    """
    CREATE INDEX ix_desk_waiting
        ON backend.desk (pool, waiting_since) WHERE waiting_since IS NOT NULL
    """,
    """
    CREATE TABLE backend.refresh_token (
        id TEXT NOT NULL,
        user_id TEXT NOT NULL,
        family TEXT NOT NULL,
        digest TEXT NOT NULL,
        created_at timestamptz DEFAULT now() NOT NULL,
        expires_at timestamptz NOT NULL,
        used_at timestamptz,
        revoked_at timestamptz,
        organisation_id TEXT NOT NULL
            CONSTRAINT fk_refresh_token_organisation_id REFERENCES backend.organisation,
        CONSTRAINT pk_refresh_token PRIMARY KEY (id),
        CONSTRAINT fk_refresh_token_user_id FOREIGN KEY (user_id) REFERENCES backend."user" (id),
        CONSTRAINT uq_refresh_token_digest UNIQUE (digest)
    )
    """,
    "CREATE INDEX ix_refresh_token_family ON backend.refresh_token (family)",
    "CREATE INDEX ix_refresh_token_user_id ON backend.refresh_token (user_id)",
    """
    CREATE TABLE backend.seat (
        pod TEXT NOT NULL,
        seat INTEGER NOT NULL,
        pool TEXT NOT NULL,
        desk_id TEXT NOT NULL,
        lease_epoch BIGINT NOT NULL,
        resume_after timestamptz,
        taken_at timestamptz DEFAULT now() NOT NULL,
        connected_at timestamptz,
        organisation_id TEXT NOT NULL
            CONSTRAINT fk_seat_organisation_id REFERENCES backend.organisation,
        CONSTRAINT pk_seat PRIMARY KEY (pod, seat),
        CONSTRAINT ck_seat_seat_number CHECK (seat BETWEEN 0 AND 9),
        CONSTRAINT uq_seat_desk_id UNIQUE (desk_id),
        CONSTRAINT fk_seat_desk_id FOREIGN KEY (desk_id) REFERENCES backend.desk (id),
        CONSTRAINT uq_seat_lease_epoch UNIQUE (lease_epoch)
    )
    """,
    "CREATE INDEX ix_seat_pool ON backend.seat (pool)",
    """
    CREATE TABLE backend.seat_history (
        lease_epoch BIGINT NOT NULL,
        desk_id TEXT NOT NULL,
        pool TEXT NOT NULL,
        pod TEXT NOT NULL,
        seat INTEGER NOT NULL,
        resume_after timestamptz,
        taken_at timestamptz NOT NULL,
        left_at timestamptz,
        why TEXT DEFAULT '' NOT NULL,
        organisation_id TEXT NOT NULL
            CONSTRAINT fk_seat_history_organisation_id REFERENCES backend.organisation,
        CONSTRAINT pk_seat_history PRIMARY KEY (lease_epoch),
        CONSTRAINT fk_seat_history_desk_id FOREIGN KEY (desk_id) REFERENCES backend.desk (id)
    )
    """,
    "CREATE INDEX ix_seat_history_desk_id ON backend.seat_history (desk_id)",
    "CREATE INDEX ix_seat_history_pod ON backend.seat_history (pod)",
    """
    CREATE TABLE backend.thread (
        id TEXT NOT NULL,
        user_id TEXT NOT NULL,
        desk_id TEXT,
        title TEXT NOT NULL,
        created_at timestamptz DEFAULT now() NOT NULL,
        updated_at timestamptz NOT NULL,
        organisation_id TEXT NOT NULL
            CONSTRAINT fk_thread_organisation_id REFERENCES backend.organisation,
        CONSTRAINT pk_thread PRIMARY KEY (id),
        CONSTRAINT fk_thread_user_id FOREIGN KEY (user_id) REFERENCES backend."user" (id),
        CONSTRAINT fk_thread_desk_id FOREIGN KEY (desk_id) REFERENCES backend.desk (id)
    )
    """,
    "CREATE INDEX ix_thread_user_id_id ON backend.thread (user_id, id)",
    """
    CREATE TABLE backend.message (
        id TEXT NOT NULL,
        thread_id TEXT NOT NULL,
        run_id TEXT NOT NULL,
        role TEXT NOT NULL,
        text TEXT NOT NULL,
        data JSONB NOT NULL,
        created_at timestamptz DEFAULT now() NOT NULL,
        organisation_id TEXT NOT NULL
            CONSTRAINT fk_message_organisation_id REFERENCES backend.organisation,
        CONSTRAINT pk_message PRIMARY KEY (id),
        CONSTRAINT fk_message_thread_id FOREIGN KEY (thread_id) REFERENCES backend.thread (id)
    )
    """,
    "CREATE INDEX ix_message_thread_id_id ON backend.message (thread_id, id)",
    """
    CREATE TABLE backend.run (
        id TEXT NOT NULL,
        thread_id TEXT NOT NULL,
        state TEXT DEFAULT 'running' NOT NULL,
        pod TEXT,
        attempts INTEGER DEFAULT 0 NOT NULL,
        error_code TEXT,
        created_at timestamptz DEFAULT now() NOT NULL,
        ended_at timestamptz,
        organisation_id TEXT NOT NULL
            CONSTRAINT fk_run_organisation_id REFERENCES backend.organisation,
        CONSTRAINT pk_run PRIMARY KEY (id),
        CONSTRAINT ck_run_state CHECK (state IN ('running','done','failed','cancelled')),
        CONSTRAINT fk_run_thread_id FOREIGN KEY (thread_id) REFERENCES backend.thread (id)
    )
    """,
    "CREATE INDEX ix_run_thread_id ON backend.run (thread_id)",
    "CREATE UNIQUE INDEX uq_run_running ON backend.run (thread_id) WHERE state = 'running'",
    "INSERT INTO backend.organisation (id, name) VALUES ('platform', 'Platform')",
)

TABLES = (
    "message run thread instruction_label instruction_version idempotent_answer audit_row "
    "seat_history seat desk refresh_token pod pool loop_lease"
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for table in (*TABLES.split(), '"user"', "organisation"):
        op.execute(f"DROP TABLE backend.{table}")
    op.execute("DROP SEQUENCE backend.lease_epoch_seq")
