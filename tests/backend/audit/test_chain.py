"""The audit's chain: gapless under concurrency, and tampering shows."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import repository
from backend.audit import service as audit
from backend.auth.provision import create_organisation
from backend.database import transaction
from backend.models import AuditRow
from backend.settings import Settings
from backend.state import State
from tests.support.build_desks import opened


async def record_many(state: State, count: int) -> str:
    async with transaction(state.sessions) as session:
        owner = (await create_organisation(session, "Audited")).id

    async def one(number: int) -> None:
        async with transaction(state.sessions) as session:
            after = {"number": number, "text": "ä", "share": 0.1}
            actor = audit.Actor(owner, "ann")
            await audit.record(session, actor, "noted", f"thing:{number}", after=after)

    await asyncio.gather(*(one(number) for number in range(count)))
    return owner


async def broken(state: State, owner: str) -> int | None:
    async with transaction(state.sessions) as session:
        return await audit.first_broken(session, owner)


async def test_changes_at_once_make_one_gapless_chain(settings: Settings) -> None:
    async with opened(settings) as (state,):
        assert await broken(state, await record_many(state, 15)) is None


async def test_a_changed_and_a_removed_row_show(settings: Settings) -> None:
    async with opened(settings) as (state,):
        owner = await record_many(state, 5)
        mine = AuditRow.organisation_id == owner
        async with transaction(state.sessions) as session:
            await session.execute(
                update(AuditRow).where(mine, AuditRow.number == 3).values(actor="x")
            )
        assert await broken(state, owner) == 3
        async with transaction(state.sessions) as session:
            await session.execute(delete(AuditRow).where(mine, AuditRow.number >= 3))
        assert await broken(state, owner) == 3


async def test_what_is_rolled_back_leaves_no_row(settings: Settings) -> None:
    async with opened(settings) as (state,):
        owner = await record_many(state, 1)
        try:
            async with transaction(state.sessions) as session:
                await audit.record(session, audit.Actor(owner, "ann"), "noted", "thing:2")
                raise RuntimeError
        except RuntimeError:
            pass
        assert await broken(state, owner) is None


async def test_a_row_that_comes_during_the_check_breaks_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(settings) as (state,):
        owner = await record_many(state, 2)
        read = repository.rows_after

        async def read_while_others_write(
            session: AsyncSession, organisation: str, number: int, limit: int
        ) -> Sequence[AuditRow]:
            rows = await read(session, organisation, number, limit)
            if not rows:
                async with transaction(state.sessions) as other:
                    await audit.record(other, audit.Actor(owner, "ben"), "noted", "thing:3")
            return rows

        monkeypatch.setattr(repository, "rows_after", read_while_others_write)
        assert await broken(state, owner) is None
