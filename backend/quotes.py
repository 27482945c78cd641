"""What the market says now: instruments served, and last prices."""

from collections.abc import Mapping
from decimal import Decimal

import msgspec
from redis.asyncio import Redis

from market import keys
from market.simulator.money import quantise_price
from market.words import Instrument, Tick


async def instruments(redis: Redis) -> dict[str, Instrument]:
    """What the feed serves, by id, ascending."""
    stored = await redis.hgetall(keys.instruments())
    served = (msgspec.json.decode(value, type=Instrument) for value in stored.values())
    return {one.id: one for one in sorted(served, key=lambda instrument: instrument.id)}


async def last_prices(
    redis: Redis, served: Mapping[str, Instrument] | None = None
) -> dict[str, Decimal]:
    """The last trade's price of each instrument, to its decimals."""
    known = served if served is not None else await instruments(redis)
    stored = await redis.hgetall(keys.last_prices())
    ticks = (msgspec.json.decode(value, type=Tick) for value in stored.values())
    return {
        tick.instrument: quantise_price(tick.price, known[tick.instrument].price_decimals)
        for tick in ticks
        if tick.instrument in known
    }
