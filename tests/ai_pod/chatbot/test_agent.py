"""The chatbot as the process that the orchestrator starts, over its socket pair."""

import asyncio
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import pytest
from redis.asyncio import Redis

from ai_pod.agents.agent import SOCKET_VARIABLE
from ai_pod.agents.messages import (
    MAX_MESSAGE_BYTES,
    Activate,
    Active,
    AgentContext,
    Cancel,
    Command,
    End,
    Measured,
    Quiesce,
    Quiesced,
    Ready,
    Report,
    Request,
    RunEventSent,
    Warm,
    line,
    reports,
)
from ai_pod.contracts.chat import ReplyRequest, RunEvent, RunEventKind
from ai_pod.contracts.instructions import PRODUCTION, InstructionsClient
from shiftdesk.local.stores import RedisStore
from tests.support.build_chat import DESK, NOW, ORGANISATION, POD, POOL, write_demo
from tests.support.openai_server import Behaviour, OpenAiServer, Reply, openai_server
from tests.support.stores import Running


@dataclass
class Bot:
    """The orchestrator's end."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    process: asyncio.subprocess.Process

    def tell(self, command: Command) -> None:
        self.writer.write(line(command))

    async def report(self) -> Report:
        async with asyncio.timeout(30):
            return reports.decode(await self.reader.readline())

    async def event(self) -> RunEventSent:
        while not isinstance(report := await self.report(), RunEventSent):
            assert isinstance(report, Measured)
        return report

    def ask(self, run: str, text: str) -> None:
        self.tell(
            Request(
                reply=ReplyRequest(
                    run=run,
                    thread="thread",
                    desk=DESK,
                    organisation=ORGANISATION,
                    user="user",
                    pool=POOL,
                    text=text,
                )
            )
        )

    async def ended(self, *runs: str) -> dict[str, RunEvent]:
        """The last event of each run."""
        last: dict[str, RunEvent] = {}
        while set(runs) - set(last):
            sent = await self.event()
            if sent.event.kind in (RunEventKind.DONE, RunEventKind.ERROR):
                last[sent.run] = sent.event
        return last


async def start(context: AgentContext) -> Bot:
    ours, theirs = socket.socketpair()
    os.set_inheritable(theirs.fileno(), True)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "ai_pod.agents.chatbot",
        env={**os.environ, SOCKET_VARIABLE: str(theirs.fileno()), "OMP_NUM_THREADS": "1"},
        pass_fds=(theirs.fileno(),),
    )
    theirs.close()
    reader, writer = await asyncio.open_connection(sock=ours, limit=MAX_MESSAGE_BYTES)
    bot = Bot(reader, writer, process)
    bot.tell(Warm(context=context))
    assert isinstance(await bot.report(), Ready)
    bot.tell(Activate(phase_epoch=1))
    assert isinstance(await bot.report(), Active)
    return bot


def context_of(redis_url: str, llm: str = "") -> AgentContext:
    return AgentContext(
        pod=POD,
        pool=POOL,
        redis_url=redis_url,
        vectors_url=redis_url,
        artifacts="",
        history="",
        clock=f"{NOW.isoformat()}={NOW.isoformat()}@1",
        llm=llm,
    )


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
    started.tell(End())
    async with asyncio.timeout(20):
        assert await started.process.wait() == 0
    started.writer.close()


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


async def test_it_quiesces_in_order(bot: Bot) -> None:
    bot.tell(Quiesce(deadline_seconds=5))
    quiesced = await bot.report()
    assert isinstance(quiesced, Quiesced)
    assert quiesced.intact
