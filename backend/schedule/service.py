"""Calls of the scheduler. Its refusals pass through with their code; its absence is a 503."""

import hashlib
from collections.abc import Awaitable
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.auth.dependencies import Caller
from backend.errors import DomainError, Unavailable
from backend.schedule.schemas import OverrideBody, OverrideView
from backend.state import State
from scheduler.contracts.client import SchedulerClient, SchedulerRefused, SchedulerUnavailable

T = TypeVar("T")


class SchedulerSaidNo(DomainError):
    """What the scheduler refused, in its words."""

    def __init__(self, refused: SchedulerRefused) -> None:
        code = str(refused.problem.get("code") or "scheduler_refused")
        super().__init__(str(refused), code=code)
        self.title = str(refused.problem.get("title") or "Refused by the scheduler")
        self.status = refused.status


def client(state: State) -> SchedulerClient:
    """Raises Unavailable where no scheduler is configured."""
    settings = state.settings
    if not settings.scheduler_url:
        raise Unavailable("no scheduler is configured", code="scheduler_away")
    return SchedulerClient(state.http, settings.scheduler_url, settings.key, issuer="backend")


async def ask(answer: Awaitable[T]) -> T:
    """The scheduler's answer. Raises SchedulerSaidNo, Unavailable."""
    try:
        return await answer
    except SchedulerUnavailable as error:
        raise Unavailable(
            "the scheduler does not answer; pods go on by their copy of the plan",
            code="scheduler_away",
        ) from error
    except SchedulerRefused as error:
        if error.status in (401, 403, 500):
            raise Unavailable(
                f"the scheduler failed ({error.status})", code="scheduler_failed"
            ) from error
        raise SchedulerSaidNo(error) from error


async def set_override(
    session: AsyncSession, state: State, caller: Caller, body: OverrideBody, key: str | None
) -> OverrideView:
    """Hold pods in a phase. The scheduler commits before we do: where our commit fails, or its
    answer is lost, the caller's next attempt with the same `key` finds the override that is set.

    Raises SchedulerSaidNo, Unavailable.
    """
    made = OverrideView.of(
        await ask(
            client(state).set_override(
                body.request(),
                organisation=caller.organisation,
                actor=caller.login,
                key="" if key is None else _key(caller, key),
            )
        )
    )
    actor = audit.Actor(caller.organisation, caller.login)
    await audit.record(
        session, actor, "override_set", f"override:{made.id}", after=made.model_dump()
    )
    return made


async def end_override(
    session: AsyncSession, state: State, caller: Caller, override_id: str
) -> OverrideView:
    """End it now. The scheduler commits before we do, as in `set_override`: our audit row may be
    written by a later attempt, and is written once.

    Raises SchedulerSaidNo, Unavailable.
    """
    ended = OverrideView.of(
        await ask(
            client(state).end_override(
                override_id, organisation=caller.organisation, actor=caller.login
            )
        )
    )
    actor, subject = audit.Actor(caller.organisation, caller.login), f"override:{ended.id}"
    if not await audit.is_recorded(session, actor.organisation, "override_ended", subject):
        await audit.record(session, actor, "override_ended", subject, after=ended.model_dump())
    return ended


def _key(caller: Caller, key: str) -> str:
    """One person's key, as the scheduler, which knows services only, tells it from another's."""
    return hashlib.sha256(f"{caller.id}\n{key}".encode()).hexdigest()
