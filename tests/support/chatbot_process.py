"""The chatbot's process, seen from the orchestrator's end of its socket pair."""

import asyncio
import os
import socket
import sys
from dataclasses import dataclass
from datetime import UTC, datetime

from ai_pod.agents.agent import SOCKET_VARIABLE
from ai_pod.agents.messages import (
    MAX_MESSAGE_BYTES,
    Activate,
    Active,
    AgentContext,
    Command,
    Counted,
    End,
    Measured,
    Ready,
    Report,
    Request,
    RunEventSent,
    Warm,
    line,
    reports,
)
from ai_pod.contracts.chat import ReplyRequest, RunEvent, RunEventKind
from tests.support.build_chat import DESK, NOW, ORGANISATION, POD, POOL


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
            assert isinstance(report, Measured | Counted)
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


async def end(bot: Bot) -> int:
    """Tell it to end; gives its exit status."""
    bot.tell(End())
    async with asyncio.timeout(20):
        status = await bot.process.wait()
    bot.writer.close()
    return status


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
        clock=f"{NOW.isoformat()}={datetime.now(UTC).isoformat()}@0.000001",
        llm=llm,
    )
