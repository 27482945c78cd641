"""The champion's moves, and what is told of them."""

from collections import defaultdict

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.learning import TrialFinished, VerdictReached
from backend.audit import service as audit
from backend.database import after_commit, transaction
from backend.errors import STORE_AWAY, Conflict, NotFound
from backend.learning import lines, repository, telemetry
from backend.learning.schemas import Rollback
from backend.models import PolicyLine, Verdict
from backend.pods import records
from backend.state import State

PROMOTED = "promoted"

logger = structlog.get_logger()


async def record_trial(session: AsyncSession, event: TrialFinished) -> None:
    """Once, however often it is announced; the line's count of trials feeds the gate."""
    line = await _line(session, event.policy_line)
    if line is not None and await repository.add_trial(session, event, line.organisation_id):
        line.trials += 1
        await repository.add_policy(session, event, line.organisation_id)


async def record_verdict(session: AsyncSession, state: State, event: VerdictReached) -> None:
    """Once; `promoted` moves the champion if the one that was judged against still stands."""
    line = await _line(session, event.policy_line)
    if line is None or await session.get(Verdict, event.id) is not None:
        return
    moved = event.verdict == PROMOTED and await repository.move_champion(
        session, line.id, event.champion, event.challenger
    )
    await repository.add_verdict(session, event, line.organisation_id, moved=moved)
    if moved:
        await repository.note_promotion(
            session, line, event.challenger, event.champion, state.clock.now()
        )
        change = {"champion": event.champion}, {"champion": event.challenger, "verdict": event.id}
        await _audit(session, line, "service:learning", "champion_promoted", *change)
        after_commit(session, lambda: tell(state, line.id))
    telemetry.verdicts.labels(verdict=event.verdict).inc()


async def roll_back(
    session: AsyncSession, state: State, organisation: str, login: str, line_id: str, body: Rollback
) -> PolicyLine:
    """Back to the champion's predecessor. Raises NotFound, Conflict."""
    line = await _line(session, line_id)
    if line is None or line.organisation_id != organisation:
        raise NotFound(f"there is no policy line {line_id!r}", code="line_not_found")
    known = await repository.places(session, organisation, body.champion)
    before = next((policy for policy, its in known if its.id == line_id), None)
    if before is None or before.predecessor is None:
        raise Conflict(f"{body.champion!r} has no predecessor here", code="no_predecessor")
    predecessor = before.predecessor
    if not await repository.move_champion(session, line_id, body.champion, predecessor):
        raise Conflict(f"the champion is {line.champion!r} by now", code="champion_moved")
    change = {"champion": body.champion}, {"champion": predecessor, "reason": body.reason}
    await _audit(session, line, login, "champion_rolled_back", *change)
    after_commit(session, lambda: tell(state, line_id))
    return line


async def tell(state: State, line: str) -> None:
    """Rewrite the lines and the seat records after a champion has moved; both also heal."""
    try:
        await lines.write(state.sessions, state.redis)
        async with transaction(state.sessions) as session:
            pods = defaultdict(list)
            for pool, pod in await repository.pods_of(session, line):
                pods[pool].append(pod)
        for pool, names in pods.items():
            await records.publish(state.sessions, state.redis, names, pool)
    except STORE_AWAY as error:
        logger.warning("champion_not_told", line=line, error=repr(error))


async def _line(session: AsyncSession, line_id: str) -> PolicyLine | None:
    line = await repository.lock_line(session, line_id)
    if line is None:
        logger.warning("line_unknown", line=line_id)
    return line


async def _audit(
    session: AsyncSession,
    line: PolicyLine,
    actor: str,
    action: str,
    before: dict[str, str],
    after: dict[str, str],
) -> None:
    who = audit.Actor(line.organisation_id, actor)
    await session.flush()
    await audit.record(session, who, action, f"line:{line.id}", before=before, after=after)
