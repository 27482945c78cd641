"""A small real agent for tests: it does what `little:{name}:{step}` in Redis says.

Steps are warm, activate, quiesce; what they may be told: `fail`, `die`, `hang`. As a
chatbot it answers with the words of the question.
"""

import asyncio
import os
import signal
import sys

import redis
from redis.asyncio import Redis

from ai_pod.agents.agent import Link, run_agent
from ai_pod.agents.messages import (
    AgentContext,
    Cancel,
    GiveWay,
    Idle,
    Notice,
    Request,
    RunEventSent,
)
from ai_pod.contracts.agents import AgentName
from ai_pod.contracts.chat import ReplyRequest, RunEvent, RunEventKind


def instruct(url: str, name: str, step: str, what: str) -> None:
    """Tell little agents of that name what to do at the step; empty for nothing special."""
    with redis.Redis.from_url(url) as client:
        client.set(f"little:{name}:{step}", what)


class LittleAgent:
    def __init__(self, name: AgentName) -> None:
        self.name = name
        self._runs: dict[str, asyncio.Task[None]] = {}

    async def warm(self, context: AgentContext, link: Link) -> None:
        self._redis = Redis.from_url(context.redis_url)
        self._link = link
        await self._obey("warm")

    async def activate(self, phase_epoch: int) -> None:
        await self._obey("activate")
        if await self._told("work") == b"none":
            await self._link.send(Idle())

    async def quiesce(self, deadline_seconds: float) -> bytes:
        await self._obey("quiesce")
        return b"{}"

    async def handle(self, notice: Notice) -> None:
        match notice:
            case Request(reply=reply):
                work = self._answer(reply, notice.name)
                self._runs[notice.name] = self._link.start(work, notice.name)
            case Cancel(run=run) if run in self._runs:
                await self._redis.rpush("little:cancelled", run)
                self._runs.pop(run).cancel()
            case GiveWay(seconds=seconds):
                await self._redis.rpush("little:gave_way", str(seconds))
            case _:
                pass

    async def end(self) -> None:
        await self._redis.aclose()

    async def _answer(self, reply: ReplyRequest, name: str) -> None:
        for word in reply.text.split():
            if word == "wait":
                await asyncio.Event().wait()
            if word == "die":
                os.kill(os.getpid(), signal.SIGKILL)
            await self._say(name, RunEventKind.TOKEN, text=word)
        await self._say(name, RunEventKind.DONE, text=reply.text)

    async def _say(self, name: str, kind: RunEventKind, **data: object) -> None:
        await self._link.send(RunEventSent(run=name, event=RunEvent(kind=kind, data=data)))

    async def _obey(self, step: str) -> None:
        told = await self._told(step)
        if told == b"fail":
            raise RuntimeError(f"told to fail at {step}")
        if told == b"die":
            os.kill(os.getpid(), signal.SIGKILL)
        if told == b"hang":
            await asyncio.Event().wait()

    async def _told(self, step: str) -> bytes | None:
        """Nothing while Redis is away."""
        try:
            told: bytes | None = await self._redis.get(f"little:{self.name}:{step}")
        except redis.RedisError:
            return None
        return told


if __name__ == "__main__":
    sys.exit(run_agent(LittleAgent(AgentName(sys.argv[1]))))
