"""`ai:learning:lines`: what the nights have to learn and to replay, kept equal to Postgres; and who
is told at once when a champion moves.
"""

from collections import defaultdict
from collections.abc import Iterable

import msgspec
import structlog

from ai_pod.contracts import keys
from ai_pod.contracts.learning import PolicyLine as LineWord
from ai_pod.contracts.learning import Watch
from ai_pod.contracts.seats import RiskProfile
from backend.database import transaction
from backend.errors import STORE_AWAY
from backend.leader import run_once
from backend.learning import repository
from backend.learning.rules import review_of, rules_of, shadow_of
from backend.learning.states import PolicyState
from backend.models import Policy, PolicyLine
from backend.pods import records
from backend.settings import Settings
from backend.state import State
from market.words import Interval

LOOP = "learning-lines"
PERIOD_SECONDS = 10.0

logger = structlog.get_logger()


async def run(state: State) -> None:
    """Keep the hash right for ever, in one back end."""
    await run_once(state, LOOP, write, period_seconds=PERIOD_SECONDS)


async def write(state: State) -> None:
    """Write lines that differ, and take out those that no desk subscribes to any more."""
    async with transaction(state.sessions) as session:
        rows = await repository.used_lines(session)
        policies = await repository.watched(session, [row.id for row in rows])
    known = defaultdict(list)
    for policy in policies:
        known[policy.policy_line].append(policy)
    words = {row.id: _word(row, known[row.id], state.settings) for row in rows}
    wanted = {name.encode(): msgspec.json.encode(word) for name, word in words.items()}
    stored = await state.redis.hgetall(keys.learning_lines())
    changed = [(name, line) for name, line in wanted.items() if stored.get(name) != line]
    gone = [name for name in stored if name not in wanted]
    for name, line in changed:
        await state.redis.hset(keys.learning_lines(), name, line)
    if gone:
        await state.redis.hdel(keys.learning_lines(), *gone)


async def tell(state: State, line: str) -> None:
    """Rewrite the lines and the seat records after a champion has moved; both also heal."""
    try:
        await write(state)
        async with transaction(state.sessions) as session:
            pods = defaultdict(list)
            for pool, pod in await repository.pods_of(session, line):
                pods[pool].append(pod)
        for pool, names in pods.items():
            await records.publish(state.sessions, state.redis, names, pool)
    except STORE_AWAY as error:
        logger.warning("champion_not_told", line=line, error=repr(error))


def _word(row: PolicyLine, policies: Iterable[Policy], settings: Settings) -> LineWord:
    return LineWord(
        id=row.id,
        organisation=row.organisation_id,
        pool=row.pool,
        instruments=tuple(row.instruments),
        interval=Interval(row.interval),
        risk_profile=RiskProfile(row.risk_profile),
        champion=row.champion,
        trials=row.trials,
        watched=tuple(_watched(row, policies, settings)),
    )


def _watched(row: PolicyLine, policies: Iterable[Policy], settings: Settings) -> Iterable[Watch]:
    rules = rules_of(row, settings)
    for policy in policies:
        seen = shadow_of if policy.state == PolicyState.SHADOW else review_of
        watch = seen(policy, rules)
        if watch is not None:
            yield watch
