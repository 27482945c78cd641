"""The audit's chain: nobody changes the past unnoticed, and changes come in one order."""

import asyncio

import msgspec
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from scheduler import audit, overrides
from scheduler.audit import Author
from scheduler.contracts.audit import AuditRow, first_broken
from scheduler.database import Database, current_revision
from tests.support.build_scheduler import NOW, ORGANISATION, override_request

OLGA = Author(organisation=ORGANISATION, actor="olga", market_now=NOW)


async def _set(database: Database) -> None:
    checked = overrides.check(override_request(), ("XNYS",), NOW)
    async with database.transaction() as connection:
        await overrides.set_override(connection, checked, OLGA)


async def _rows(database: Database) -> list[AuditRow]:
    async with database.transaction() as connection:
        return await audit.listed(connection, ORGANISATION)


async def test_twenty_changes_at_once_make_one_unbroken_chain(database: Database) -> None:
    async with asyncio.TaskGroup() as tasks:
        for _ in range(20):
            tasks.create_task(_set(database))
    rows = await _rows(database)
    assert [row.number for row in rows] == list(range(1, 21))
    assert first_broken(rows) is None
    revisions = [row.after["revision"] for row in rows if row.after]
    assert revisions == sorted(revisions)
    async with database.transaction() as connection:
        assert await current_revision(connection) == revisions[-1]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE scheduler.audit SET actor = 'nobody'",
        "DELETE FROM scheduler.audit",
        "TRUNCATE scheduler.audit",
    ],
)
async def test_the_database_refuses_to_change_the_past(database: Database, statement: str) -> None:
    await _set(database)
    with pytest.raises(DBAPIError, match="audit rows are never changed"):
        async with database.transaction() as connection:
            await connection.execute(text(statement))
    assert len(await _rows(database)) == 1


async def test_whoever_changes_it_all_the_same_is_found(database: Database) -> None:
    for _ in range(4):
        await _set(database)
    rows = await _rows(database)
    for index, row in enumerate(rows):
        for changed in (
            msgspec.structs.replace(row, actor="nobody"),
            msgspec.structs.replace(row, after=None),
            msgspec.structs.replace(row, market_at=row.at),
        ):
            assert first_broken([*rows[:index], changed, *rows[index + 1 :]]) == index + 1
    assert first_broken([rows[0], *rows[2:]]) == 2
    assert first_broken([rows[1], rows[0], *rows[2:]]) == 1
