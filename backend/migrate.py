"""Bring the schema `backend` to the newest revision: `python -m backend.migrate`."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import make_url

from backend.settings import Settings

MIGRATIONS = Path(__file__).parent / "migrations"


def config(database_url: str) -> Config:
    """Alembic's configuration, made here: there is no ini file."""
    url = make_url(database_url).set(drivername="postgresql+psycopg")
    its = Config()
    its.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    its.attributes["url"] = url
    return its


def migrate(database_url: str) -> None:
    """Create the schema if it is absent, and apply every migration that is missing.

    Two at once queue at a lock. Use a direct URL, not a pooler's.
    """
    command.upgrade(config(database_url), "head")


if __name__ == "__main__":
    migrate(Settings().database.text)
