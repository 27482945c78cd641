"""The engine follows its secret: who has a connection keeps it, who asks next gets a new one."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.database import open_engine
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
