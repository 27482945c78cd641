"""Answers to keyed mutations are forgotten after a day, and not before."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from backend.auth.provision import create_organisation
from backend.database import transaction
from backend.forgetting import forget
from backend.models import IdempotentAnswer
from backend.settings import Settings
from tests.support.build_desks import opened


async def test_answers_of_yesterday_go_and_those_of_today_stay(settings: Settings) -> None:
    async with opened(settings, 1) as (state,):
        now = datetime.now(UTC)
        async with transaction(state.sessions) as session:
            owner = await create_organisation(session, "Test")
            for key, hours in (("old", 25), ("young", 23)):
                session.add(
                    IdempotentAnswer(
                        user_id="user-1",
                        key=key,
                        organisation_id=owner.id,
                        digest="",
                        answer=None,
                        created_at=now - timedelta(hours=hours),
                    )
                )
        await forget(state)
        async with transaction(state.sessions) as session:
            kept = list(await session.scalars(select(IdempotentAnswer.key)))
        assert kept == ["young"]
