"""Which limits bound a turn, and what is left of them. The pods hold them, in Redis; Postgres gives
back what Redis has lost.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.budgets import (
    Account,
    Allowance,
    Cost,
    Limit,
    Limits,
    Period,
    Purse,
    Whose,
    accounts_of,
)
from backend.audit import service as audit
from backend.auth.dependencies import Caller
from backend.budgets import repository
from backend.budgets.repository import EVERYONE, ORGANISATION
from backend.budgets.schemas import (
    AccountView,
    BudgetChange,
    BudgetState,
    BudgetView,
    PersonBudget,
    Spending,
)
from backend.errors import NotFound
from backend.models import ChatBudget

NONE = Limits()


async def allowance(
    session: AsyncSession, redis: Redis, *, user: str, organisation: str
) -> Allowance:
    """What bounds the user's turns. Counters that are new or lost begin with what is on record,
    bounded or not: a limit may come later.
    """
    found = await repository.named(session, organisation, [ORGANISATION, EVERYONE, user])
    bounds = Allowance(
        user=_limits(found.get(user) or found.get(EVERYONE)),
        organisation=_limits(found.get(ORGANISATION)),
    )
    await _put_back(session, Purse(redis), accounts_of(user, organisation, datetime.now(UTC)))
    return bounds


async def state_of(session: AsyncSession, redis: Redis, caller: Caller) -> BudgetState:
    """The caller's limits, and what is spent of each."""
    bounds = await allowance(session, redis, user=caller.id, organisation=caller.organisation)
    purse = Purse(redis)
    views = []
    for account in accounts_of(caller.id, caller.organisation, datetime.now(UTC)):
        its = bounds.user if account.whose is Whose.USER else bounds.organisation
        limit = its.day if account.period is Period.DAY else its.month
        spent = await purse.spent(account) or await _recorded(session, account, caller.organisation)
        views.append(
            AccountView(
                whose=account.whose,
                period=account.period,
                since=account.when,
                **_spending(limit, spent.tokens, spent.usd).model_dump(),
            )
        )
    return BudgetState(accounts=views)


async def people(
    session: AsyncSession, organisation: str, *, after: str | None, limit: int
) -> list[PersonBudget]:
    """The organisation's users by login, with what binds each and what each has spent."""
    now = datetime.now(UTC)
    rows = await repository.spenders(session, organisation, now, after=after, limit=limit)
    subjects = [EVERYONE, *(user.id for user, *_ in rows)]
    found = await repository.named(session, organisation, subjects)
    views = []
    for user, day_tokens, day_usd, month_tokens, month_usd in rows:
        limits = _limits(found.get(user.id) or found.get(EVERYONE))
        views.append(
            PersonBudget(
                user=user.id,
                login=user.login,
                name=user.name,
                own=user.id in found,
                day=_spending(limits.day, int(day_tokens), day_usd),
                month=_spending(limits.month, int(month_tokens), month_usd),
            )
        )
    return views


async def change(
    session: AsyncSession, caller: Caller, subject: str, body: BudgetChange, *, whole: bool
) -> BudgetView:
    """Set a budget, as a whole or the limits that the body names. Raises NotFound for a user who is
    not there, or another organisation's.
    """
    await _known(session, caller, subject)
    before = (await repository.named(session, caller.organisation, [subject])).get(subject)
    was = None if before is None else _amounts(before)
    limits = body.model_dump(exclude_unset=not whole)
    values = limits | {"set_by": caller.login, "set_at": datetime.now(UTC)}
    made = await repository.keep(session, caller.organisation, subject, values)
    actor, after = audit.Actor(caller.organisation, caller.login), _amounts(made)
    await audit.record(session, actor, "budget_set", f"budget:{subject}", before=was, after=after)
    return BudgetView.model_validate(made)


async def drop(session: AsyncSession, caller: Caller, subject: str) -> None:
    """Take a budget away; without one there is nothing to do."""
    await _known(session, caller, subject)
    before = (await repository.named(session, caller.organisation, [subject])).get(subject)
    if before is None:
        return
    await repository.drop(session, caller.organisation, subject)
    actor = audit.Actor(caller.organisation, caller.login)
    await audit.record(
        session, actor, "budget_removed", f"budget:{subject}", before=_amounts(before)
    )


async def _known(session: AsyncSession, caller: Caller, subject: str) -> None:
    if subject in (ORGANISATION, EVERYONE):
        return
    if not await repository.is_user(session, caller.organisation, subject):
        raise NotFound(f"there is no user {subject!r}", code="user_not_found")


async def _put_back(session: AsyncSession, purse: Purse, accounts: Sequence[Account]) -> None:
    organisation = next(one.name for one in accounts if one.whose is Whose.ORGANISATION)
    for account in await purse.baseless(accounts):
        await purse.restore(account, await _recorded(session, account, organisation))


async def _recorded(session: AsyncSession, account: Account, organisation: str) -> Cost:
    first = account.when if account.period is Period.DAY else f"{account.when}-01"
    since = datetime.fromisoformat(first).replace(tzinfo=UTC)
    user = account.name if account.whose is Whose.USER else None
    return await repository.spent_since(session, organisation, since, user)


def _spending(limit: Limit, tokens: int, usd: Decimal) -> Spending:
    return Spending(
        most_tokens=limit.tokens,
        most_usd=limit.usd,
        tokens=tokens,
        usd=usd,
        left_tokens=None if limit.tokens is None else max(0, limit.tokens - tokens),
        left_usd=None if limit.usd is None else max(Decimal(0), limit.usd - usd),
    )


def _limits(budget: ChatBudget | None) -> Limits:
    if budget is None:
        return NONE
    return Limits(
        day=Limit(tokens=budget.day_tokens, usd=budget.day_usd),
        month=Limit(tokens=budget.month_tokens, usd=budget.month_usd),
    )


def _amounts(budget: ChatBudget) -> dict[str, object]:
    kept = BudgetView.model_validate(budget).model_dump(mode="json")
    return {name: kept[name] for name in BudgetChange.model_fields}
