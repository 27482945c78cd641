"""`Idempotency-Key`: a mutation that is sent twice with the same key happens once.

The answer is stored in the mutation's own transaction, so that either both are there or neither,
and forgotten after a day.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.auth.dependencies import CurrentUser
from backend.dependencies import Session
from backend.errors import Invalid
from backend.models import IdempotentAnswer

A = TypeVar("A", bound=BaseModel)

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="Sent again with the same key within a day, the first answer comes again",
    ),
]


@dataclass(frozen=True)
class OnceOnly:
    """Runs a mutation, or gives the answer that it gave before."""

    session: AsyncSession
    user: str
    organisation: str
    key: str | None
    digest: str

    async def __call__(self, answer: type[A], act: Callable[[], Awaitable[A]]) -> A:
        """What `act` answers, or answered to the same key.

        Another request under a used key raises Invalid. A second one at the same time waits for
        the first. What `act` raises is not remembered.
        """
        if self.key is None:
            return await act()
        if not await self._claim():
            return await self._stored(answer)
        given = await act()
        row = await self.session.get_one(IdempotentAnswer, (self.user, self.key))
        row.answer = given.model_dump(mode="json")
        return given

    async def _claim(self) -> bool:
        statement = (
            insert(IdempotentAnswer)
            .values(
                user_id=self.user,
                key=self.key,
                organisation_id=self.organisation,
                digest=self.digest,
            )
            .on_conflict_do_nothing()
            .returning(IdempotentAnswer.key)
        )
        return (await self.session.execute(statement)).first() is not None

    async def _stored(self, answer: type[A]) -> A:
        row = await self.session.get_one(IdempotentAnswer, (self.user, self.key))
        if row.digest != self.digest:
            raise Invalid("this Idempotency-Key came with another request", code="key_reused")
        return answer.model_validate(row.answer)


async def once_only(
    request: Request, session: Session, caller: CurrentUser, key: Key = None
) -> OnceOnly:
    content = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    digest = hashlib.sha256(content + await request.body()).hexdigest()
    return OnceOnly(session, caller.id, caller.organisation, key, digest)


Once = Annotated[OnceOnly, Depends(once_only)]
"""A mutation runs within it: `return await once(Answer, act)`."""
