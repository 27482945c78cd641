"""Calculations in words: their units, their currencies, and how many digits are told."""

import msgspec
import pytest
from redis.asyncio import Redis

from ai_pod.agents.chatbot.calculation import calculate
from ai_pod.agents.chatbot.calculator import CalculationError
from ai_pod.agents.chatbot.facts import FactBook
from ai_pod.agents.chatbot.sources import Caller, Sources, Stores
from market import keys
from market.words import Instrument, Tick
from tests.support.build_chat import DESK, ORGANISATION, POD, POOL, at, still_clock, write_demo


@pytest.fixture
async def sources(redis: Redis) -> Sources:
    """The demo desk, in US dollars, beside coins in euros and in dollars."""
    await write_demo(redis)
    for symbol, currency, price in (("BTC/EUR", "EUR", 9000.0), ("BTC/USD", "USD", 11_000.0)):
        coin = Instrument(venue="KRAKEN", symbol=symbol, currency=currency, quantity_decimals=6)
        tick = Tick(instrument=coin.id, at=at(15), price=price, size=1.0)
        await redis.hset(keys.instruments(), coin.id, msgspec.json.encode(coin))
        await redis.hset(keys.last_prices(), coin.id, msgspec.json.encode(tick))
    caller = Caller(desk=DESK, organisation=ORGANISATION, pool=POOL, pod=POD)
    return Sources(Stores(redis, still_clock()), caller)


async def said(text: str, sources: Sources) -> str:
    book = FactBook()
    return " ".join(map(book.fill, await calculate(text, sources, book)))


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("what is 1 / 10000000", "0.0000001"),
        ("1 / 3", "0.333333"),
        ("what percentage of my equity is 1 usd", "0.001 %"),
        ("cash divided by IBM shares", "356.79475 USD"),
        ("cash / 7 / IBM shares", "50.970679 USD"),
        ("how many BTC/USD can I buy with $5000", "0.454545 units"),
        ("how many IBM can I buy with $5000", "23 shares"),
        ("how many IBM can I buy with 5000 dollars", "23 shares"),
        ("BTC/EUR price times 2", "18,000.00 EUR"),
    ],
)
async def test_results(sources: Sources, text: str, result: str) -> None:
    assert f"That is {result}:" in await said(text, sources)


@pytest.mark.parametrize(
    "text",
    [
        "how many IBM can I buy with 5000 euros",
        "how many IBM can I buy with €5000",
        "what is 100 eur plus my cash",
        "what is 100 € plus my cash",
        "my cash minus 100 pounds",
        "how many BTC/EUR can I buy",
        "cash plus BTC/EUR price",
        "cash times IBM shares",
    ],
)
async def test_currencies_and_units_are_not_mixed(sources: Sources, text: str) -> None:
    with pytest.raises(
        CalculationError, match=r"convert nothing|do not add up|nothing that I know"
    ):
        await said(text, sources)


@pytest.mark.parametrize("text", ["price of i7i * 2", "how many i7i can I buy", "i7i shares + 1"])
async def test_what_looks_like_a_mask_names_nothing(sources: Sources, text: str) -> None:
    assert await said(text, sources) == ""
