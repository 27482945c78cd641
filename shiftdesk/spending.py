"""A hundred spenders on one budget, each over a connection of its own, as pods are."""

import asyncio
from decimal import Decimal

from ai_pod.contracts.budgets import (
    Allowance,
    BudgetSpent,
    Cost,
    CostBounds,
    Limit,
    Limits,
    Purse,
    Spender,
)
from market.stores import open_redis

MOST = Cost(input_tokens=4_000, output_tokens=320, usd=Decimal("0.0011"))
ROOM = 17
"""So many requests at their most fit into the budget, and half of another."""


async def overspend_requests(url: str, spenders: int = 100) -> float:
    """By how many requests a budget is overspent when all ask at once, and each costs the most that
    it can. Raises RuntimeError when the budget lets fewer through than it has room for.
    """
    limit = Limit(tokens=ROOM * MOST.tokens + MOST.tokens // 2)
    bounds = Allowance(organisation=Limits(day=limit))
    gate = asyncio.Barrier(spenders)
    costs = await asyncio.gather(*(_spend(url, one, bounds, gate) for one in range(spenders)))
    tokens = sum(one.tokens for one in costs)
    if tokens < ROOM * MOST.tokens:
        raise RuntimeError(f"only {tokens:,} tokens of {limit.tokens:,} could be spent")
    return max(0.0, (tokens - (limit.tokens or 0)) / MOST.tokens)


async def _spend(url: str, number: int, bounds: Allowance, gate: asyncio.Barrier) -> Cost:
    spender = Spender(organisation="bench", user=f"user-{number}", desk="desk", run=f"run-{number}")
    async with open_redis(url, seconds=10.0) as redis:
        purse = Purse(redis)
        await redis.ping()
        await gate.wait()
        try:
            reservation = await purse.reserve(spender, bounds, "bench", CostBounds.exactly(MOST))
        except BudgetSpent:
            return Cost()
        await purse.settle(reservation, MOST)
        return MOST
