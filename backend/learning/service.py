"""What the nights announce and what people ask for, each within a locked line."""

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.learning import ShadowReported, TrialFinished, VerdictReached
from backend.audit import service as audit
from backend.auth.dependencies import Caller
from backend.database import after_commit
from backend.errors import NotFound
from backend.learning import lines, repository, telemetry
from backend.learning.lifecycle import Lifecycle
from backend.learning.schemas import SettingsChange
from backend.models import PolicyLine, Verdict
from backend.state import State

logger = structlog.get_logger()


async def record_trial(session: AsyncSession, event: TrialFinished) -> None:
    """Once, however often it is announced; the line's count of trials feeds the gate."""
    line = await _line(session, event.policy_line)
    if line is not None and await repository.add_trial(session, event, line.organisation_id):
        line.trials += 1
        await repository.add_policy(session, event, line.organisation_id)


async def record_verdict(session: AsyncSession, state: State, event: VerdictReached) -> None:
    """Once; what passed the gate goes on its way to being champion."""
    line = await _line(session, event.policy_line)
    if line is None or await session.get(Verdict, event.id) is not None:
        return
    await repository.add_verdict(session, event, line.organisation_id)
    await Lifecycle(session, state, line).judged(event)
    telemetry.verdicts.labels(verdict=event.verdict).inc()


async def record_report(session: AsyncSession, state: State, event: ShadowReported) -> None:
    """Once; it may reject, promote or roll back."""
    line = await _line(session, event.policy_line)
    if line is not None:
        await Lifecycle(session, state, line).reported(event)


async def lifecycle(session: AsyncSession, state: State, caller: Caller, line_id: str) -> Lifecycle:
    """The line's policies, to be moved in the caller's name. Raises NotFound."""
    return Lifecycle(session, state, await _own_line(session, caller, line_id), caller.login)


async def change_settings(
    session: AsyncSession, state: State, caller: Caller, line_id: str, wanted: SettingsChange
) -> None:
    """What is given replaces the line's own setting; null gives it back to the service's. Raises
    NotFound.
    """
    line = await _own_line(session, caller, line_id)
    values = wanted.model_dump(exclude_unset=True)
    if "rollback" in values:
        values["rollback"] = (
            wanted.rollback.model_dump(exclude_none=True) if wanted.rollback else {}
        )
    before = {name: getattr(line, name) for name in values}
    changed = {name: value for name, value in values.items() if value != before[name]}
    if not changed:
        return
    for name, value in changed.items():
        setattr(line, name, value)
    await session.flush()
    who = audit.Actor(line.organisation_id, caller.login)
    former = {name: before[name] for name in changed}
    subject = f"line:{line.id}"
    await audit.record(session, who, "line_settings_changed", subject, before=former, after=changed)
    after_commit(session, lambda: lines.tell(state, line_id))


async def _own_line(session: AsyncSession, caller: Caller, line_id: str) -> PolicyLine:
    line = await repository.lock_line(session, line_id)
    if line is None or line.organisation_id != caller.organisation:
        raise NotFound(f"there is no policy line {line_id!r}", code="line_not_found")
    return line


async def _line(session: AsyncSession, line_id: str) -> PolicyLine | None:
    line = await repository.lock_line(session, line_id)
    if line is None:
        logger.warning("line_unknown", line=line_id)
    return line
