"""Alembic's entry: one transaction over the schema `backend`, with its version table inside."""

from alembic import context
from sqlalchemy import create_engine, text

from backend.models import SCHEMA, Base
from market.postgres import CONNECT_SECONDS

_LOCK = 7_203_114_001


def run() -> None:
    engine = create_engine(
        context.config.attributes["url"], connect_args={"connect_timeout": CONNECT_SECONDS}
    )
    with engine.begin() as connection:
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        if not engine.dialect.has_schema(connection, SCHEMA):
            connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            version_table_schema=SCHEMA,
            include_schemas=True,
            include_name=_ours,
        )
        context.run_migrations()
    engine.dispose()


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    return name == SCHEMA if kind == "schema" else True


run()
