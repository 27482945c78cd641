"""Budgets and what is left of them, as they are shown and asked for."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from backend.schemas import Money, Schema

Tokens = Annotated[int | None, Field(ge=0, le=10**12)]
Dollars = Annotated[Money | None, Field(ge=0, le=Decimal(10**9), max_digits=16, decimal_places=6)]


class BudgetChange(Schema):
    """The most tokens and US dollars in a day and in a month (UTC); null is no limit."""

    day_tokens: Tokens = None
    month_tokens: Tokens = None
    day_usd: Dollars = None
    month_usd: Dollars = None


class BudgetView(Schema):
    """`subject` is `organisation`, `everyone` (each user without a budget of its own) or a user."""

    subject: str
    day_tokens: int | None
    month_tokens: int | None
    day_usd: Money | None
    month_usd: Money | None
    set_by: str
    set_at: datetime


class Spending(Schema):
    """Limits (null: there is none), what is spent of them in tokens of both kinds and in dollars,
    and what is left.
    """

    most_tokens: int | None
    most_usd: Money | None
    tokens: int
    usd: Money
    left_tokens: int | None
    left_usd: Money | None


class AccountView(Spending):
    """What is spent of one day or month; requests on their way count in full."""

    whose: str
    period: str
    since: str


class BudgetState(Schema):
    """The caller's own budgets and the organisation's, a day's and a month's each."""

    accounts: list[AccountView]


class PersonBudget(Schema):
    """What binds one user in this day and this month (UTC), and what is spent of it as far as it is
    on record. `own` says whether the limits are the user's or everyone's.
    """

    user: str
    login: str
    name: str
    own: bool
    day: Spending
    month: Spending
