"""Standings are counted by the chatbots; people's thumbs are brought to them from Postgres."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from redis.asyncio import Redis
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.budgets import NANO
from ai_pod.contracts.standings import Standings
from backend.audit import service as audit
from backend.auth.dependencies import Caller
from backend.database import transaction
from backend.errors import NotFound
from backend.language_models.schemas import LanguageModelView
from backend.leader import run_once
from backend.models import MessageFeedback
from backend.state import State

RATED_DAYS = 90
PERIOD_SECONDS = 30.0


async def shown(redis: Redis, *, after: str | None, limit: int) -> list[LanguageModelView]:
    """By name."""
    standings = Standings(redis)
    names = [name for name in await standings.models() if after is None or name > after][:limit]
    known = await standings.of(names)
    views = []
    for name in names:
        its = known[name]
        usd = Decimal(its.nano_usd) / NANO / max(1, its.answered)
        views.append(
            LanguageModelView(
                model=name,
                asked=its.asked,
                answered=its.answered,
                failed=its.failed,
                ungrounded=its.ungrounded,
                first_token_seconds=round(its.mean_seconds, 3),
                usd=usd.quantize(1 / NANO),
                up=its.up,
                down=its.down,
                rolled_back=await standings.rolled_back(name),
            )
        )
    return views


async def forgive(session: AsyncSession, redis: Redis, caller: Caller, model: str) -> None:
    """Let a canary begin anew. Raises NotFound for one that was not taken back."""
    standings = Standings(redis)
    why = await standings.rolled_back(model)
    if why is None:
        raise NotFound(f"{model!r} was not taken back", code="not_rolled_back")
    await standings.forgive(model)
    actor = audit.Actor(caller.organisation, caller.login)
    await audit.record(
        session, actor, "rollback_ended", f"model:{model}", before={"rolled_back": why}
    )


async def bring_thumbs(state: State) -> None:
    """Once among all back ends, for ever."""
    await run_once(state, "model_thumbs", rate, period_seconds=PERIOD_SECONDS)


async def rate(state: State) -> None:
    """Tell the standings how many thumbs each model has from the last months, up and down."""
    standings = Standings(state.redis)
    async with transaction(state.sessions) as session:
        thumbs = await _thumbs(session, datetime.now(UTC) - timedelta(days=RATED_DAYS))
    for model in await standings.models():
        await standings.rate(model, up=thumbs[model]["up"], down=thumbs[model]["down"])


async def _thumbs(session: AsyncSession, since: datetime) -> dict[str, dict[str, int]]:
    """Of all organisations: which model answers is the platform's matter."""
    statement = (
        select(MessageFeedback.model, MessageFeedback.rating, func.count())
        .where(MessageFeedback.model.is_not(None), MessageFeedback.changed_at >= since)
        .group_by(MessageFeedback.model, MessageFeedback.rating)
    )
    found: dict[str, dict[str, int]] = defaultdict(lambda: {"up": 0, "down": 0})
    for model, rating, number in await session.execute(statement):
        found[str(model)][rating] = number
    return found
