"""Commits that fail after all statements have passed, as where the line to Postgres breaks then."""

import contextlib
from collections.abc import AsyncIterator

from sqlalchemy import text

from backend.database import Sessions, transaction

_ARMED = """
    CREATE FUNCTION backend.refuse_commit() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RAISE 'this commit fails'; END $$;
    CREATE CONSTRAINT TRIGGER refuse_commit AFTER INSERT OR UPDATE ON backend.{table}
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION backend.refuse_commit();
"""


@contextlib.asynccontextmanager
async def failing_commits(sessions: Sessions, table: str) -> AsyncIterator[None]:
    """Within it every transaction that writes to `table` of the back end fails at its commit."""
    async with transaction(sessions) as session:
        await session.execute(text(_ARMED.format(table=table)))
    try:
        yield
    finally:
        async with transaction(sessions) as session:
            await session.execute(text("DROP FUNCTION backend.refuse_commit CASCADE"))
