"""Calls of the scheduler. Its refusals pass through with their code; its absence is a 503."""

from collections.abc import Awaitable
from typing import TypeVar

from backend.errors import DomainError, Unavailable
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
