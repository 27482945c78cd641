"""What language models may cost: everybody sees what is left, operators set the limits."""

from operator import attrgetter
from typing import Annotated

from fastapi import APIRouter, Path, Query

from backend.auth.dependencies import CurrentUser, Operator, Overseer
from backend.budgets import repository, service
from backend.budgets.schemas import BudgetChange, BudgetState, BudgetView, PersonBudget
from backend.dependencies import CurrentState, Session
from backend.idempotency import Once
from backend.schemas import Page

Subject = Annotated[
    str, Path(max_length=60, description="`organisation`, `everyone`, or a user's id")
]

router = APIRouter(tags=["chat"])


@router.get("/budget")
async def get_budget(caller: CurrentUser, session: Session, state: CurrentState) -> BudgetState:
    """What language models may cost the caller and the organisation, and what is spent of it."""
    return await service.state_of(session, state.redis, caller)


@router.get("/budgets")
async def get_budgets(
    caller: Overseer,
    session: Session,
    cursor: Annotated[str | None, Query(max_length=60)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> Page[BudgetView]:
    """The organisation's budgets."""
    found = await repository.budgets(session, caller.organisation, after=cursor, limit=limit + 1)
    return Page.cut([BudgetView.model_validate(one) for one in found], limit, attrgetter("subject"))


@router.get("/budgets/people")
async def get_people(
    caller: Overseer,
    session: Session,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> Page[PersonBudget]:
    """Every user by login: what binds them, and what they have spent as far as it is on record."""
    views = await service.people(session, caller.organisation, after=cursor, limit=limit + 1)
    return Page.cut(views, limit, attrgetter("login"))


@router.put("/budgets/{subject}")
async def put_budget(
    subject: Subject, body: BudgetChange, caller: Operator, session: Session, once: Once
) -> BudgetView:
    """Set what models may cost the organisation, everyone in it, or one user. From the next
    question on; a limit that is spent leaves answers without a model.
    """

    async def act() -> BudgetView:
        return await service.change(session, caller, subject, body, whole=True)

    return await once(BudgetView, act)


@router.patch("/budgets/{subject}")
async def patch_budget(
    subject: Subject, body: BudgetChange, caller: Operator, session: Session, once: Once
) -> BudgetView:
    """Set the limits that are named, and leave the others as they are, whoever changes those."""

    async def act() -> BudgetView:
        return await service.change(session, caller, subject, body, whole=False)

    return await once(BudgetView, act)


@router.delete("/budgets/{subject}", status_code=204)
async def delete_budget(subject: Subject, caller: Operator, session: Session) -> None:
    """Take the limit away. Again does no harm."""
    await service.drop(session, caller, subject)
