"""What a Postgres that cannot serve looks like: always the same word, never a wait without end."""

import pytest

from scheduler.database import Database, current_revision
from scheduler.errors import StoreAway


async def test_without_a_free_connection_the_store_counts_as_away(migrated_url: str) -> None:
    small = Database(migrated_url, connections=1)
    try:
        async with small.transaction() as connection:
            with pytest.raises(StoreAway) as refused:
                async with small.transaction():
                    pass
            assert refused.value.code == "database_away"
            assert await current_revision(connection) == 1
    finally:
        await small.close()
