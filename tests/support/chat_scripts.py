"""Pods' answers by script that a chat turn must survive; see `tests.support.fake_pod.Script`."""

import asyncio
from collections.abc import AsyncIterator

from ai_pod.contracts.chat import ReplyRequest, RunEvent, RunEventKind
from tests.support.fake_pod import Script, answer_in_words

Events = AsyncIterator[RunEvent | None]


def token(text: str) -> RunEvent:
    return RunEvent(kind=RunEventKind.TOKEN, data={"text": text})


def broken_after(count: int) -> Script:
    """The usual answer, cut off after so many events."""

    async def script(request: ReplyRequest) -> Events:
        left = count
        async for event in answer_in_words(request):
            if not left:
                yield None
            left -= 1
            yield event

    return script


def crashing_once() -> Script:
    """The chatbot's process dies in the first answer."""
    crashed = False

    async def script(request: ReplyRequest) -> Events:
        nonlocal crashed
        if crashed:
            async for event in answer_in_words(request):
                yield event
            return
        crashed = True
        yield token("You a")
        data = {"code": "chatbot_ended", "detail": "the chatbot ended during the run"}
        yield RunEvent(kind=RunEventKind.ERROR, data=data)

    return script


class Stuck:
    """Says one word and then nothing, for the first `epochs` holders of a run; `left` is set when
    its caller has gone.
    """

    def __init__(self, epochs: int = 1_000) -> None:
        self.left = asyncio.Event()
        self._epochs = epochs

    async def __call__(self, request: ReplyRequest) -> Events:
        if request.epoch > self._epochs:
            async for event in answer_in_words(request):
                yield event
            return
        try:
            yield token("You ")
            await asyncio.Event().wait()
        finally:
            self.left.set()
