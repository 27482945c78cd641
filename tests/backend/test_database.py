"""The engine follows its secret: who has a connection keeps it, who asks next gets a new one."""

from pathlib import Path

import pytest
from redis.exceptions import ConnectionError as RedisAway
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, async_sessionmaker

from backend.database import after_commit, open_engine, transaction
from market import secret as secrets
from market.secret import Secret
from shiftdesk.local.stores import create_role


async def _who(connection: AsyncConnection) -> str:
    return str((await connection.execute(text("SELECT current_user"))).scalar_one())


async def test_a_changed_url_is_followed_and_no_transaction_is_cut(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "LOOK_SECONDS", 0.0)
    path = tmp_path / "database-url"

    def become(role: str) -> None:
        path.write_text(database_url.replace("//postgres@", f"//{role}:a-password@"))

    for role in ("desk_before", "desk_after"):
        create_role(database_url, role, "a-password")
    become("desk_before")
    engine = open_engine(Secret("", path))
    async with engine.connect() as idle:
        assert await _who(idle) == "desk_before"
    async with engine.connect() as working:
        assert await _who(working) == "desk_before"
        become("desk_after")
        assert await _who(working) == "desk_before"
        async with engine.connect() as fresh:
            assert await _who(fresh) == "desk_after"
    for _ in range(3):
        async with engine.connect() as again:
            assert await _who(again) == "desk_after"
    await engine.dispose()


async def test_what_is_committed_stands_though_a_store_is_away_when_it_is_told(
    database_url: str,
) -> None:
    engine, told = open_engine(database_url), []

    async def away() -> None:
        raise RedisAway("no Redis here")

    async def tell() -> None:
        told.append("told")

    async with transaction(async_sessionmaker(engine)) as session:
        await session.execute(text("CREATE TABLE kept (id integer)"))
        after_commit(session, away)
        after_commit(session, tell)
    async with engine.connect() as other:
        assert (await other.execute(text("SELECT count(*) FROM kept"))).scalar_one() == 0
    assert told == ["told"]
    await engine.dispose()
