"""Which desk a request is about, and whether the caller may. Somebody else's is 404."""

from typing import Annotated

import structlog
from fastapi import Depends, Query
from sqlalchemy.ext.asyncio import AsyncSession

from backend.auth.dependencies import Caller, CurrentUser
from backend.dependencies import Session
from backend.desks import repository
from backend.errors import Forbidden, NotFound
from backend.models import Desk, Role

SEE_ALL = frozenset({Role.OPERATOR, Role.RISK, Role.VIEWER})
RUN_ALL = frozenset({Role.OPERATOR, Role.RISK})

DeskId = Annotated[
    str | None, Query(alias="desk", description="Another desk than the caller's own", max_length=80)
]


async def find_desk(
    session: AsyncSession, caller: Caller, desk_id: str | None, others: frozenset[Role]
) -> Desk:
    """`_find_desk`, whose id the request's logs carry from then on."""
    desk = await _find_desk(session, caller, desk_id, others)
    structlog.contextvars.bind_contextvars(desk=desk.id)
    return desk


async def _find_desk(
    session: AsyncSession, caller: Caller, desk_id: str | None, others: frozenset[Role]
) -> Desk:
    """The caller's own desk, or `desk_id`, which callers in the roles `others` may name too.

    Raises NotFound for a desk that is missing, foreign, or not the caller's to name.
    """
    if desk_id is None:
        desk = await repository.desk_of_user(session, caller.id)
        if desk is None:
            raise NotFound("you have no desk of your own; name one with ?desk=", code="no_desk")
        return desk
    desk = await repository.desk(session, desk_id, caller.organisation)
    if desk is None or (desk.user_id != caller.id and caller.role not in others):
        raise NotFound(f"there is no desk {desk_id!r}", code="desk_not_found")
    return desk


async def seen_desk(caller: CurrentUser, session: Session, desk_id: DeskId = None) -> Desk:
    return await find_desk(session, caller, desk_id, SEE_ALL)


async def run_desk(caller: CurrentUser, session: Session, desk_id: DeskId = None) -> Desk:
    return await runnable_desk(session, caller, desk_id)


async def runnable_desk(session: AsyncSession, caller: Caller, desk_id: str | None) -> Desk:
    """A desk that the caller may trade with and change. Raises Forbidden for who only looks on."""
    desk = await find_desk(session, caller, desk_id, RUN_ALL)
    if caller.role is Role.VIEWER:
        raise Forbidden("the role viewer looks on; it changes no desk")
    return desk


CurrentDesk = Annotated[Desk, Depends(seen_desk)]
"""To look at: the caller's own, or with `?desk=` any of the organisation for those who oversee."""

RunDesk = Annotated[Desk, Depends(run_desk)]
"""To change: the caller's own, or with `?desk=` any of the organisation for operator and risk."""
