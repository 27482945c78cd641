"""`ai:learning:lines`: what the nights have to learn, kept equal to Postgres."""

import msgspec
from redis.asyncio import Redis

from ai_pod.contracts import keys
from ai_pod.contracts.learning import PolicyLine as LineWord
from ai_pod.contracts.seats import RiskProfile
from backend.database import Sessions, transaction
from backend.leader import run_once
from backend.learning import repository
from backend.models import PolicyLine
from backend.state import State
from market.words import Interval

LOOP = "learning-lines"
PERIOD_SECONDS = 10.0


async def run(state: State) -> None:
    """Keep the hash right for ever, in one back end."""
    await run_once(
        state, LOOP, lambda its: write(its.sessions, its.redis), period_seconds=PERIOD_SECONDS
    )


async def write(sessions: Sessions, redis: Redis) -> None:
    """Write lines that differ, and take out those that no desk subscribes to any more."""
    async with transaction(sessions) as session:
        rows = await repository.used_lines(session)
    wanted = {row.id.encode(): msgspec.json.encode(_word(row)) for row in rows}
    stored = await redis.hgetall(keys.learning_lines())
    changed = [(name, line) for name, line in wanted.items() if stored.get(name) != line]
    gone = [name for name in stored if name not in wanted]
    for name, line in changed:
        await redis.hset(keys.learning_lines(), name, line)
    if gone:
        await redis.hdel(keys.learning_lines(), *gone)


def _word(row: PolicyLine) -> LineWord:
    return LineWord(
        id=row.id,
        organisation=row.organisation_id,
        pool=row.pool,
        instruments=tuple(row.instruments),
        interval=Interval(row.interval),
        risk_profile=RiskProfile(row.risk_profile),
        champion=row.champion,
        trials=row.trials,
    )
