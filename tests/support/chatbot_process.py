"""The chatbot's process, seen from the orchestrator's end of its socket pair."""

import asyncio
import socket
import sys
from dataclasses import dataclass
from datetime import UTC, datetime

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
from ai_pod.contracts.tools import ToolCall
from ai_pod.orchestrator.processes import Executed, Process, Source
from ai_pod.orchestrator.templates import Template
from tests.support.build_chat import DESK, NOW, ORGANISATION, POD, POOL

PROGRAM = (sys.executable, "-m", "ai_pod.agents.chatbot")


@dataclass
class Bot:
    """The orchestrator's end."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    process: Process

    def tell(self, command: Command) -> None:
        self.writer.write(line(command))

    async def report(self) -> Report:
        async with asyncio.timeout(120):
            return reports.decode(await self.reader.readline())

    async def event(self) -> RunEventSent:
        while not isinstance(report := await self.report(), RunEventSent):
            assert isinstance(report, Measured | Counted)
        return report

    def ask(
        self,
        run: str,
        text: str,
        tool: ToolCall | None = None,
        *,
        user: str = "user",
        instructions: int = 0,
        label: str = "",
    ) -> None:
        self.tell(
            Request(
                reply=ReplyRequest(
                    run=run,
                    thread="thread",
                    desk=DESK,
                    organisation=ORGANISATION,
                    user=user,
                    pool=POOL,
                    text=text,
                    tool=tool,
                    instructions=instructions,
                    label=label,
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
    async with asyncio.timeout(60):
        status = await bot.process.wait()
    bot.writer.close()
    return status


def template(context: AgentContext) -> Template:
    """What a pod forks its chatbots from."""
    return Template((*PROGRAM, "template"), context, Executed(PROGRAM))


async def start(context: AgentContext, source: Source | None = None) -> Bot:
    """Ready and active; from `source`, or as a process of its own."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = await (source or Executed(PROGRAM)).launch(theirs)
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
