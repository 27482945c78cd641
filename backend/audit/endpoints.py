"""The audit, to be read; nothing here writes it.

Sign-in stands on the audit, so who may read is handed in rather than imported.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Protocol

from fastapi import APIRouter, Depends, Query

from backend.audit import repository, service
from backend.audit.schemas import AuditView, ChainView
from backend.dependencies import Session
from backend.errors import Invalid
from backend.schemas import Page


class Reader(Protocol):
    """Whoever asks, with the organisation that bounds what they see."""

    @property
    def organisation(self) -> str: ...


def audit_router(reader: Callable[..., Awaitable[Reader]]) -> APIRouter:
    """The endpoints, for callers that the dependency `reader` lets through."""
    router = APIRouter(tags=["audit"])
    allowed = Annotated[Reader, Depends(reader)]

    @router.get("/audit")
    async def audit(
        caller: allowed,
        session: Session,
        subject: Annotated[str | None, Query(max_length=200)] = None,
        cursor: Annotated[str | None, Query(max_length=18)] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> Page[AuditView]:
        """The organisation's changes, newest first; `subject` is `KIND:ID`."""
        below = _number(cursor)
        rows = await repository.page(
            session, caller.organisation, below=below, subject=subject, limit=limit + 1
        )
        views = [AuditView.model_validate(row) for row in rows]
        return Page.cut(views, limit, lambda last: str(last.number))

    @router.get("/audit/chain")
    async def audit_chain(
        caller: allowed,
        session: Session,
    ) -> ChainView:
        """Check the whole chain of hashes."""
        broken = await service.first_broken(session, caller.organisation)
        return ChainView(intact=broken is None, first_broken=broken)

    return router


def _number(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if not cursor.isdecimal():
        raise Invalid("the cursor is not one of ours", code="invalid_cursor")
    return int(cursor)
