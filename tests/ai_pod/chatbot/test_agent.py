"""The chatbot as the process that the orchestrator starts, over its socket pair."""

import time
from collections.abc import AsyncIterator, Iterator

import pytest
from redis.asyncio import Redis

from ai_pod.agents.messages import Cancel, Quiesce, Quiesced
from ai_pod.contracts.chat import RunEventKind
from ai_pod.contracts.instructions import PRODUCTION, InstructionsClient
from shiftdesk.local.stores import RedisStore
from tests.support.build_chat import DESK, write_demo
from tests.support.chatbot_process import Bot, context_of, end, start
from tests.support.openai_server import Behaviour, OpenAiServer, Reply, openai_server
from tests.support.stores import Running


@pytest.fixture(scope="module")
def server() -> Iterator[OpenAiServer]:
    with openai_server(Reply("Wait. You have {f1}.")) as serving:
        yield serving


@pytest.fixture(scope="module")
async def redis(stores: tuple[Running, Running]) -> AsyncIterator[Redis]:
    """The module's Redis, emptied once: the process keeps its index and its instructions."""
    async with Redis.from_url(_url(stores)) as client:
        await client.flushall()
        await write_demo(client)
        yield client


@pytest.fixture(scope="module")
async def bot(
    redis: Redis, stores: tuple[Running, Running], server: OpenAiServer
) -> AsyncIterator[Bot]:
    """One process for all tests of the module; it must end well."""
    started = await start(context_of(_url(stores), f"{server.url}#scripted"))
    yield started
    assert await end(started) == 0


def _url(stores: tuple[Running, Running]) -> str:
    store = stores[1].store
    assert isinstance(store, RedisStore)
    return store.url


CASH = "How much cash do I have?"


async def test_many_turns_at_once(bot: Bot) -> None:
    texts = {"cash": CASH, "weather": "How is the weather?", "fees": "Total fees?"}
    for run, text in texts.items():
        bot.ask(run, text)
    last = await bot.ended(*texts)
    assert last["cash"].data["text"].startswith("Wait. You have 42,815.37 USD.")
    assert last["fees"].data["text"].startswith("Wait. You have 17.42 USD.")
    assert last["weather"].data["grounded"] is False


async def test_new_instructions_serve_the_next_turn(bot: Bot, redis: Redis) -> None:
    client = InstructionsClient(redis)
    added = await client.add("Be brief.", "olga")
    moved_at = time.monotonic()
    await client.move(PRODUCTION, added.version, expected=1)
    version = 1
    while version == 1:
        asked_at = time.monotonic()
        bot.ask("again", CASH)
        version = (await bot.ended("again"))["again"].data["instructions"]
    assert version == 2
    assert asked_at - moved_at < 1.0


async def test_a_turn_is_cancelled_by_message(bot: Bot, server: OpenAiServer) -> None:
    server.replies = [Reply("Wait. You have {f1}. End.", Behaviour.STALLED), *server.replies]
    bot.ask("slow", CASH)
    while (await bot.event()).event.kind is not RunEventKind.TOKEN:
        pass
    bot.tell(Cancel(run="slow"))
    last = await bot.ended("slow")
    assert last["slow"].data["code"] == "cancelled"
    server.released.set()


async def test_a_turn_that_fails_ends_alone(bot: Bot, redis: Redis) -> None:
    await redis.set(f"ai:desk:{DESK}", b"{not a snapshot")
    bot.ask("broken", CASH)
    assert (await bot.ended("broken"))["broken"].data["code"] == "internal"
    await write_demo(redis)
    bot.ask("whole", CASH)
    assert (await bot.ended("whole"))["whole"].kind is RunEventKind.DONE


async def test_a_question_that_is_too_long_is_refused(bot: Bot) -> None:
    bot.ask("long", "why " * 5_000)
    assert (await bot.ended("long"))["long"].data["code"] == "too_long"


async def test_it_quiesces_in_order(bot: Bot) -> None:
    bot.tell(Quiesce(deadline_seconds=5))
    quiesced = await bot.report()
    assert isinstance(quiesced, Quiesced)
    assert quiesced.intact
