"""What language models may cost: limits that a chat turn carries, and the purse that holds them.

A request to a model is reserved at the most that it can cost, or where a limit is near at what is
likely, and settled at what it did cost. What is never settled, because its process died, is counted
at the most.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from typing import Self
from uuid import uuid4

import msgspec
from redis.asyncio import Redis

from ai_pod.contracts import keys
from ai_pod.contracts.purse_scripts import RESERVE, RESTORE, SETTLE
from market.words import Word

NANO = Decimal(10**9)
DAY_LIFE = timedelta(days=2)
MONTH_LIFE = timedelta(days=33)
MOST_ENTRIES = 100_000
"""Of requests that no back end has recorded yet."""

REQUEST_SECONDS = 180
"""No request to a model takes longer."""


class Limit(Word, frozen=True, kw_only=True):
    """The most of one day or month, in UTC and real time; None is no limit."""

    tokens: int | None = None
    usd: Decimal | None = None


class Limits(Word, frozen=True, kw_only=True):
    day: Limit = Limit()
    month: Limit = Limit()


class Allowance(Word, frozen=True, kw_only=True):
    """What bounds a turn: the limits of who asks, and of the whole organisation."""

    user: Limits = Limits()
    organisation: Limits = Limits()


class Spender(Word, frozen=True, kw_only=True):
    """Whose turn spends."""

    organisation: str
    user: str
    desk: str
    run: str


class Cost(Word, frozen=True, kw_only=True):
    """Tokens of a request to a model, and their price."""

    input_tokens: int = 0
    output_tokens: int = 0
    usd: Decimal = Decimal(0)

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens


class CostBounds(Word, frozen=True, kw_only=True):
    """Of a request that is to be made: the most that it can cost, and what is likely."""

    most: Cost
    likely: Cost

    @classmethod
    def exactly(cls, cost: Cost) -> Self:
        return cls(most=cost, likely=cost)


class ModelAsked(Word, frozen=True, kw_only=True):
    """One request to a model, on the stream `ai:model-requests`: first as reserved, then `settled`
    under the same id.
    """

    id: str
    spender: Spender
    model: str
    cost: Cost
    at: datetime
    settled: bool = False
    v: int = 1


class Whose(StrEnum):
    USER = "user"
    ORGANISATION = "organisation"


class Period(StrEnum):
    DAY = "day"
    MONTH = "month"


class Account(Word, frozen=True, kw_only=True):
    """One counter: whose, in which day (`2026-11-22`) or month (`2026-11`)."""

    whose: Whose
    name: str
    period: Period
    when: str

    @property
    def key(self) -> str:
        return keys.spent(self.whose, self.name, self.when)

    @property
    def life(self) -> int:
        """Seconds that the counter is kept after its last change."""
        life = DAY_LIFE if self.period is Period.DAY else MONTH_LIFE
        return int(life.total_seconds())


class BudgetSpent(Exception):
    """A limit leaves no room for the request; the message says which, and until when."""

    def __init__(self, account: Account, what: str, most: str, used: str, needed: str) -> None:
        self.account = account
        whose = "Your" if account.whose is Whose.USER else "Your organisation's"
        super().__init__(
            f"{whose} budget of {most} {what} a {account.period} leaves no room: {used} are used, "
            f"and this answer may take {needed}. It begins anew {_renewed(account.period)}; an "
            "operator can raise it."
        )


class Reservation:
    """A request that is allowed to happen. Settle it once."""

    def __init__(self, accounts: tuple[Account, ...], asked: ModelAsked, likely: Cost) -> None:
        self.accounts = accounts
        self.asked = asked
        self.likely = likely
        self.settled = False


class Purse:
    """Counts what is spent in Redis, for all pods at once. Redis' errors pass through."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def reserve(
        self, spender: Spender, allowance: Allowance, model: str, bounds: CostBounds
    ) -> Reservation:
        """Take the most that a request can cost from all four budgets, or what is likely from those
        that are nearly spent; or nothing from any. Raises BudgetSpent.
        """
        now, most, likely = datetime.now(UTC), bounds.most, bounds.likely
        accounts = accounts_of(spender.user, spender.organisation, now)
        asked = ModelAsked(id=f"ask_{uuid4().hex}", spender=spender, model=model, cost=most, at=now)
        limits: list[str | int] = []
        for account in accounts:
            limit = _limit(account, allowance)
            usd = "" if limit.usd is None else nano(limit.usd)
            limits += ["" if limit.tokens is None else limit.tokens, usd, account.life]
        at, what, used = await self._redis.eval(
            RESERVE,
            5,
            *(account.key for account in accounts),
            keys.model_requests(),
            *_amounts(most, likely),
            asked.id,
            REQUEST_SECONDS,
            msgspec.json.encode(asked),
            MOST_ENTRIES,
            *limits,
        )
        if int(at):
            raise _refused(accounts[int(at) - 1], allowance, _text(what), int(used), likely)
        return Reservation(accounts, asked, likely)

    async def settle(self, reservation: Reservation, cost: Cost) -> None:
        """What it did cost takes the place of the most; a second time changes nothing."""
        if reservation.settled:
            return
        reservation.settled = True
        asked = reservation.asked
        told = msgspec.structs.replace(asked, cost=cost, settled=True)
        await self._redis.eval(
            SETTLE,
            5,
            *(account.key for account in reservation.accounts),
            keys.model_requests(),
            asked.id,
            msgspec.json.encode(told),
            *_amounts(cost, asked.cost, reservation.likely),
        )

    async def spent(self, account: Account) -> Cost | None:
        """What the counter holds, in tokens of both kinds together; None where there is none."""
        held = await self._redis.hmget(account.key, ["tokens", "nano"])
        if held[0] is None:
            return None
        return Cost(input_tokens=int(held[0]), usd=Decimal(int(held[1] or 0)) / NANO)

    async def baseless(self, accounts: Sequence[Account]) -> list[Account]:
        """Those whose counter does not know what is on record: it is new, or Redis has lost it."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for account in accounts:
                pipe.hexists(account.key, "base")
            known = await pipe.execute()
        return [account for account, its in zip(accounts, known, strict=True) if not its]

    async def restore(self, account: Account, recorded: Cost) -> None:
        """Add what is on record to a counter, once. What is under way and on record already counts
        twice then: rather too much than too little.
        """
        amounts = (*_amounts(recorded), account.life)
        await self._redis.eval(RESTORE, 1, account.key, *amounts)


def accounts_of(user: str, organisation: str, now: datetime) -> tuple[Account, ...]:
    """The four counters that a request at `now` (UTC) falls into."""
    return tuple(
        Account(whose=whose, name=name, period=period, when=f"{now:{form}}")
        for whose, name in ((Whose.USER, user), (Whose.ORGANISATION, organisation))
        for period, form in ((Period.DAY, "%Y-%m-%d"), (Period.MONTH, "%Y-%m"))
    )


def nano(usd: Decimal) -> int:
    """In whole nano-dollars, rounded up."""
    return int((usd * NANO).to_integral_value(ROUND_CEILING))


def _amounts(*costs: Cost) -> list[int]:
    return [amount for cost in costs for amount in (cost.tokens, nano(cost.usd))]


def _limit(account: Account, allowance: Allowance) -> Limit:
    its = allowance.user if account.whose is Whose.USER else allowance.organisation
    return its.day if account.period is Period.DAY else its.month


def _refused(
    account: Account, allowance: Allowance, what: str, used: int, needed: Cost
) -> BudgetSpent:
    limit = _limit(account, allowance)
    if what == "tokens":
        return BudgetSpent(account, what, f"{limit.tokens:,}", f"{used:,}", f"{needed.tokens:,}")
    spent = f"{Decimal(used) / NANO:.4f}"
    return BudgetSpent(account, "USD", f"{limit.usd:f}", spent, f"{needed.usd:.4f}")


def _renewed(period: Period) -> str:
    return "at midnight UTC" if period is Period.DAY else "on the first of the month (UTC)"


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
