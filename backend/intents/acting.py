"""For whom something that was prepared is done, and what every such thing can do."""

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from backend.auth.dependencies import Caller
from backend.intents.schemas import IntentOutcome
from backend.state import State


@dataclass(frozen=True)
class Acting:
    """For whom, on which desk (None: the caller has none), in which transaction; `key` stands
    for the act: done again after a commit that failed, it is done once.
    """

    session: AsyncSession
    state: State
    caller: Caller
    desk: str | None
    key: str = ""


class Action(Protocol):
    """One thing that can be prepared."""

    @property
    def says(self) -> str: ...

    async def check(self, acting: Acting) -> str:
        """What would come of it now, in words. Changes nothing. Raises DomainError."""
        ...

    async def do(self, acting: Acting) -> IntentOutcome:
        """Do it. Raises DomainError."""
        ...
