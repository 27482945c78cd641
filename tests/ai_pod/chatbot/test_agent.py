"""The chatbot as the process that the orchestrator starts, over its socket pair."""

import time
from collections.abc import AsyncIterator, Iterator

import pytest
from redis.asyncio import Redis

from ai_pod.agents.messages import Cancel, Quiesce, Quiesced, RunEventSent, reports
from ai_pod.contracts.chat import RunEventKind
from ai_pod.contracts.tools import ToolCall
from ai_pod.memory.instructions import POLL_SECONDS
from shiftdesk.local.stores import RedisStore
from tests.support.build_chat import DESK, instruct, write_demo
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


async def test_a_tool_is_called_by_its_name(bot: Bot, server: OpenAiServer) -> None:
    """No model is asked, and a call that makes no sense is refused."""
    asked = len(server.requests)
    bot.ask("told", "", ToolCall(name="cash"))
    bot.ask("refused", "", ToolCall(name="cash", instruments=("TSLA",)))
    last = await bot.ended("told", "refused")
    (statement,) = last["told"].data["statements"]
    assert statement["text"].startswith("The desk has 42,815.37 USD in cash.")
    assert last["refused"].data["code"] == "call_refused"
    assert len(server.requests) == asked


async def test_new_instructions_serve_the_next_turn(bot: Bot, redis: Redis) -> None:
    """At the latest the poll brings them; how soon the announcement does is the bench's to say."""
    moved_at = time.monotonic()
    await instruct(redis, "Be brief.", version=2)
    version, stale_at = 0, moved_at
    while version != 2:
        asked_at = time.monotonic()
        bot.ask("again", CASH)
        version = (await bot.ended("again"))["again"].data["instructions"]
        stale_at = stale_at if version == 2 else asked_at
        assert stale_at - moved_at < 4 * POLL_SECONDS


async def test_a_turn_keeps_the_version_that_it_began_with(
    bot: Bot, redis: Redis, server: OpenAiServer
) -> None:
    """Another is promoted in the middle of it, and before it is asked again."""
    server.released.clear()
    server.replies = [Reply("Wait. You have {f1}. End.", Behaviour.STALLED), *server.replies]
    bot.ask("held", CASH, user="patient")
    first = (await bot.event()).event
    began_with = first.data["instructions"]
    while (await bot.event()).event.kind is not RunEventKind.TOKEN:
        pass
    await instruct(redis, "Be kind.", revision=3, version=3)
    bot.ask("next", CASH)
    while (await bot.ended("next"))["next"].data["instructions"] != 3:
        bot.ask("next", CASH)
    server.released.set()
    held = (await bot.ended("held"))["held"]
    assert held.kind is RunEventKind.DONE
    assert (held.data["instructions"], held.data["label"]) == (began_with, "production")
    bot.ask("again elsewhere", CASH, instructions=began_with, label="canary")
    again = (await bot.ended("again elsewhere"))["again elsewhere"]
    assert (again.data["instructions"], again.data["label"]) == (began_with, "canary")


async def test_a_turn_that_is_bound_to_what_nobody_knows_says_so(bot: Bot) -> None:
    bot.ask("unknown", CASH, instructions=99)
    last = (await bot.ended("unknown"))["unknown"]
    assert last.data["code"] == "unknown_instructions"
    assert "version 99" in last.data["detail"]


async def test_a_turn_is_cancelled_by_message(bot: Bot, server: OpenAiServer) -> None:
    server.released.clear()
    server.replies = [Reply("Wait. You have {f1}. End.", Behaviour.STALLED), *server.replies]
    bot.ask("slow", "What is my equity?")
    while (await bot.event()).event.kind is not RunEventKind.TOKEN:
        pass
    bot.tell(Cancel(run="slow"))
    last = await bot.ended("slow")
    assert last["slow"].data["code"] == "cancelled"
    server.released.set()


async def test_a_turn_that_its_agents_end_cuts_off_has_no_last_event(
    redis: Redis, stores: tuple[Running, Running], server: OpenAiServer
) -> None:
    """Nobody has cancelled it: another chatbot may answer."""
    server.released.clear()
    server.replies = [Reply("Wait. You have {f1}. End.", Behaviour.STALLED), *server.replies]
    ending = await start(context_of(_url(stores), f"{server.url}#scripted"))
    ending.ask("cut off", "How much have I paid in fees?")
    while (await ending.event()).event.kind is not RunEventKind.TOKEN:
        pass
    assert await end(ending) == 0
    rest = [reports.decode(line) async for line in ending.reader]
    assert not [one for one in rest if isinstance(one, RunEventSent)]
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
    while not isinstance(quiesced := await bot.report(), Quiesced):
        pass  # What the turns before have counted may still come.
    assert quiesced.intact
