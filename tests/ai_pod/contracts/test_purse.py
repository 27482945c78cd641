"""Budgets are held in one Redis, by however many spend at once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from random import Random

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from ai_pod.contracts import keys
from ai_pod.contracts.budgets import (
    Account,
    Allowance,
    BudgetSpent,
    Cost,
    CostBounds,
    Limit,
    Limits,
    ModelAsked,
    Purse,
    Reservation,
    Spender,
    Whose,
    accounts_of,
)

SPENDER = Spender(organisation="org", user="ann", desk="desk", run="run")
MOST = Cost(input_tokens=900, output_tokens=100, usd=Decimal("0.002"))
REAL = Cost(input_tokens=200, output_tokens=60, usd=Decimal("0.0005"))


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client


def day(tokens: int | None = None, usd: str | None = None) -> Limits:
    return Limits(day=Limit(tokens=tokens, usd=None if usd is None else Decimal(usd)))


def accounts(user: str = "ann") -> tuple[Account, ...]:
    return accounts_of(user, "org", datetime.now(UTC))


async def asked(redis: Redis) -> list[ModelAsked]:
    entries = await redis.xrange(keys.model_requests())
    return [msgspec.json.decode(fields[b"j"], type=ModelAsked) for _, fields in entries]


async def test_what_is_reserved_is_settled_at_what_it_cost(redis: Redis) -> None:
    purse = Purse(redis)
    reservation = await purse.reserve(SPENDER, Allowance(), "small", CostBounds.exactly(MOST))
    assert [await purse.spent(one) for one in accounts()] == [
        Cost(input_tokens=1000, usd=MOST.usd)
    ] * 4
    await purse.settle(reservation, REAL)
    await purse.settle(reservation, REAL)
    assert [await purse.spent(one) for one in accounts()] == [
        Cost(input_tokens=260, usd=REAL.usd)
    ] * 4
    first, second = await asked(redis)
    assert (first.id, first.settled, first.cost) == (second.id, False, MOST)
    assert (second.settled, second.cost, second.spender) == (True, REAL, SPENDER)


@pytest.mark.parametrize(
    ("allowance", "says"),
    [
        (
            Allowance(user=day(tokens=999)),
            r"Your budget of 999 tokens a day.* 0 are used.* 1,000\.",
        ),
        (Allowance(organisation=day(usd="0.0019")), r"Your organisation's budget of 0.0019 USD"),
        (
            Allowance(organisation=Limits(month=Limit(tokens=0))),
            r"budget of 0 tokens a month.*first of the month",
        ),
    ],
)
async def test_a_refusal_says_which_budget_and_until_when(
    redis: Redis, allowance: Allowance, says: str
) -> None:
    with pytest.raises(BudgetSpent, match=says):
        await Purse(redis).reserve(SPENDER, allowance, "small", CostBounds.exactly(MOST))
    assert await redis.keys("ai:spent:*") == []
    assert await asked(redis) == []


async def test_users_share_their_organisations_budget_and_no_other(redis: Redis) -> None:
    purse, bounds = Purse(redis), Allowance(user=day(tokens=2000), organisation=day(tokens=3000))
    bob = msgspec.structs.replace(SPENDER, user="bob")
    for spender in (SPENDER, SPENDER, bob):
        await purse.reserve(spender, bounds, "small", CostBounds.exactly(MOST))
    with pytest.raises(BudgetSpent, match="organisation's"):
        await purse.reserve(bob, bounds, "small", CostBounds.exactly(MOST))
    stranger = msgspec.structs.replace(bob, organisation="other", user="zoe")
    await purse.reserve(stranger, bounds, "small", CostBounds.exactly(MOST))


async def test_a_hundred_at_once_never_spend_more_than_the_budget(redis_url: str) -> None:
    bounds = Allowance(organisation=day(tokens=12_345, usd="0.0999"))

    async def spend(number: int) -> Cost:
        spender = msgspec.structs.replace(SPENDER, user=f"user-{number}")
        async with Redis.from_url(redis_url) as own:
            try:
                reservation = await Purse(own).reserve(
                    spender, bounds, "small", CostBounds.exactly(MOST)
                )
            except BudgetSpent:
                return Cost()
            await asyncio.sleep(0)
            await Purse(own).settle(reservation, MOST)
            return MOST

    spent = await asyncio.gather(*(spend(number) for number in range(100)))
    assert sum(one.tokens for one in spent) == 12_000


async def test_what_redis_lost_is_put_back_once(redis: Redis) -> None:
    purse, (first, *others) = Purse(redis), accounts()
    for _ in range(2):
        await purse.restore(first, REAL)
        assert await purse.spent(first) == Cost(input_tokens=260, usd=REAL.usd)
    assert 0 < await redis.ttl(first.key) <= first.life
    assert await purse.baseless(accounts()) == others


async def test_what_redis_lost_is_added_to_what_was_reserved_since(redis: Redis) -> None:
    purse, mine = Purse(redis), accounts()
    await purse.reserve(SPENDER, Allowance(), "small", CostBounds.exactly(MOST))
    assert await purse.baseless(mine) == list(mine)
    await purse.restore(mine[0], REAL)
    assert await purse.spent(mine[0]) == Cost(input_tokens=1260, usd=MOST.usd + REAL.usd)


async def test_what_was_lost_meanwhile_is_not_settled_into_nothing(redis: Redis) -> None:
    purse = Purse(redis)
    reservation = await purse.reserve(SPENDER, Allowance(), "small", CostBounds.exactly(MOST))
    await redis.delete(*(one.key for one in accounts()))
    await purse.settle(reservation, REAL)
    assert [await purse.spent(one) for one in accounts()] == [None] * 4


NEAR = CostBounds(most=Cost(input_tokens=900), likely=Cost(input_tokens=300))
TENTH = Allowance(organisation=Limits(day=Limit(tokens=1_000)))


async def test_near_the_limit_requests_go_one_at_a_time_at_what_is_likely(redis: Redis) -> None:
    purse, organisation = Purse(redis), accounts()[2]
    first = await purse.reserve(SPENDER, TENTH, "small", NEAR)
    with pytest.raises(BudgetSpent):
        await purse.reserve(SPENDER, TENTH, "small", NEAR)
    await purse.settle(first, Cost(input_tokens=250))
    second = await purse.reserve(SPENDER, TENTH, "small", NEAR)
    assert await purse.spent(organisation) == Cost(input_tokens=550)
    with pytest.raises(BudgetSpent, match="550 are used, and this answer may take 300"):
        await purse.reserve(SPENDER, TENTH, "small", NEAR)
    await purse.settle(second, Cost(input_tokens=290))
    third = await purse.reserve(SPENDER, TENTH, "small", NEAR)
    await purse.settle(third, NEAR.most)
    assert await purse.spent(organisation) == Cost(input_tokens=1_440)
    with pytest.raises(BudgetSpent) as refused:
        await purse.reserve(SPENDER, TENTH, "small", NEAR)
    assert refused.value.account.whose is Whose.ORGANISATION


async def test_of_one_that_died_near_the_limit_the_most_is_counted(redis: Redis) -> None:
    purse, organisation = Purse(redis), accounts()[2]
    await purse.settle(await purse.reserve(SPENDER, TENTH, "small", NEAR), NEAR.likely)
    dead = await purse.reserve(SPENDER, TENTH, "small", NEAR)
    await redis.hset(organisation.key, "until", "0")
    with pytest.raises(BudgetSpent):
        await purse.reserve(SPENDER, TENTH, "small", NEAR)
    small = CostBounds.exactly(Cost())
    with pytest.raises(BudgetSpent, match="1,200 are used"):
        await purse.reserve(SPENDER, TENTH, "small", small)
    assert await purse.spent(organisation) == Cost(input_tokens=1_200)
    await purse.settle(dead, NEAR.likely)
    assert await purse.spent(organisation) == Cost(input_tokens=600)


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 900)), max_size=14),
    st.integers(0, 2_000),
    st.randoms(use_true_random=False),
)
def test_however_they_overlap_no_counter_passes_its_limit_by_more_than_one_request(
    redis_url: str, asked: list[tuple[int, int]], limit: int, order: Random
) -> None:
    asyncio.run(_overlap(redis_url, asked, limit, order))


async def _overlap(url: str, asked: list[tuple[int, int]], limit: int, order: Random) -> None:
    """Requests begin in any order and end in any other, each at anything up to its most."""
    bounds = Allowance(organisation=Limits(month=Limit(tokens=limit)))
    async with Redis.from_url(url) as redis:
        await redis.flushdb()
        purse, under_way, real, largest = Purse(redis), list[Reservation](), 0, 0

        async def end_one() -> None:
            nonlocal real
            reservation = under_way.pop(order.randrange(len(under_way)))
            cost = order.randint(0, reservation.asked.cost.tokens)
            real += cost
            await purse.settle(reservation, Cost(input_tokens=cost))

        for likely, more in asked:
            its = CostBounds(
                most=Cost(input_tokens=likely + more), likely=Cost(input_tokens=likely)
            )
            with contextlib.suppress(BudgetSpent):
                under_way.append(await purse.reserve(SPENDER, bounds, "small", its))
                largest = max(largest, its.most.tokens)
            if under_way and order.random() < 0.5:
                await end_one()
        while under_way:
            await end_one()
        assert real <= limit + largest
        spent = await purse.spent(accounts()[3])
        assert spent is None or spent.tokens == real


costs = st.builds(
    Cost,
    input_tokens=st.integers(0, 500),
    output_tokens=st.integers(0, 100),
    usd=st.integers(0, 10**7).map(lambda nano: Decimal(nano).scaleb(-9)),
)
steps = st.lists(st.tuples(costs, st.floats(0, 1), st.booleans()), max_size=12)


@settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(steps=steps, tokens=st.integers(0, 2500), usd=st.integers(0, 10**7))
def test_whatever_is_spent_the_counter_is_the_sum_and_within_its_limit(
    redis_url: str, steps: list[tuple[Cost, float, bool]], tokens: int, usd: int
) -> None:
    limit = Limit(tokens=tokens, usd=Decimal(usd).scaleb(-9))
    asyncio.run(_play(redis_url, steps, Allowance(user=Limits(day=limit))))


async def _play(url: str, steps: list[tuple[Cost, float, bool]], bounds: Allowance) -> None:
    """Each step reserves its cost, and settles it at a part of it, or leaves it."""
    limit, expected = bounds.user.day, Cost()
    async with Redis.from_url(url) as redis:
        await redis.flushdb()
        purse = Purse(redis)
        for most, part, settles in steps:
            reservation: Reservation | None = None
            try:
                reservation = await purse.reserve(
                    SPENDER, bounds, "small", CostBounds.exactly(most)
                )
            except BudgetSpent:
                assert limit.tokens is not None
                assert limit.usd is not None
                over = expected.tokens + most.tokens > limit.tokens
                assert over or expected.usd + most.usd > limit.usd
                continue
            real = _part(most, part) if settles else most
            if settles:
                await purse.settle(reservation, real)
            expected = Cost(input_tokens=expected.tokens + real.tokens, usd=expected.usd + real.usd)
            held = await purse.spent(accounts()[0])
            assert held == expected
            assert held.tokens <= (limit.tokens or 0)
            assert held.usd <= (limit.usd or 0)


def _part(cost: Cost, part: float) -> Cost:
    return Cost(
        input_tokens=int(cost.input_tokens * part),
        output_tokens=int(cost.output_tokens * part),
        usd=(cost.usd * Decimal(part)).quantize(Decimal("1e-9"), rounding="ROUND_FLOOR"),
    )
