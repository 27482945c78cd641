"""Brings schema `scheduler` up to date. Safe to run from several processes at once, and again."""

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from market.postgres import CONNECT_SECONDS
from scheduler.database import psycopg_url
from scheduler.tables import SCHEMA

_LOCK = 7_430_001


def migrate(database_url: str) -> None:
    """Create the schema if it is absent, and apply what is missing, in one transaction."""
    engine = create_engine(
        psycopg_url(database_url), connect_args={"connect_timeout": CONNECT_SECONDS}
    )
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            there = connection.execute(text("SELECT to_regnamespace(:name)"), {"name": SCHEMA})
            if there.scalar_one() is None:
                connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
            config = Config()
            config.set_main_option("script_location", "scheduler:migrations")
            config.set_main_option("path_separator", "os")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


if __name__ == "__main__":
    from scheduler.settings import Settings

    migrate(Settings().database.text)
