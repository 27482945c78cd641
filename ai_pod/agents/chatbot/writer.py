"""Lets a language model write an answer, and shows each sentence only once it is known to be
grounded and harmless.
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from contextlib import aclosing

from langchain_core.messages import BaseMessage

from ai_pod.agents.chatbot.facts import FactBook
from ai_pod.agents.chatbot.guard import REFUSAL, Sentences, tidied
from ai_pod.agents.chatbot.letters import seen
from ai_pod.agents.chatbot.model import Ended, ModelFailed, Wording
from ai_pod.agents.chatbot.prompt import repair_prompt
from ai_pod.agents.chatbot.safety import caps
from ai_pod.agents.chatbot.safety.inspection import Fault, Found, Inspector

Show = Callable[[str], None]

_TOOLS_ASKED = ("tool_calls", "function_call", "tool_use")
_MARKER = re.compile(r"\(?\w{1,2}[.)]")
"""What numbers the items of a list, and would count for a number."""


class Writer:
    """One answer by one model. `lines` are the sentences shown, with references; `ungrounded`
    counts the numbers that were caught, `guarded` the sentences that were not shown for what else
    they said.
    """

    def __init__(self, model: Wording, book: FactBook, inspector: Inspector, show: Show) -> None:
        self._model = model
        self._book = book
        self._inspector = inspector
        self._show = show
        self._repaired = False
        self.lines: list[str] = []
        self.ungrounded = 0
        self.guarded = 0
        self.usage = Ended()

    async def write(self, messages: Sequence[BaseMessage]) -> None:
        """Stream the answer. Raises ModelFailed, also when nothing came, when it tells what it must
        not, when it takes too long, and when nothing is left of it but what has no source.
        """
        try:
            async with asyncio.timeout(caps.WRITING_SECONDS):
                await self._written(messages)
        except TimeoutError as error:
            raise ModelFailed(f"{self._model.name} took too long") from error

    async def _written(self, messages: Sequence[BaseMessage]) -> None:
        held = Sentences()
        async with aclosing(self._model.stream(messages)) as pieces:
            written = 0
            async for piece in pieces:
                if isinstance(piece, Ended):
                    self.usage = piece
                    continue
                written += len(piece)
                endless = len(held.rest()) > caps.SENTENCE_CHARACTERS
                if endless or written > caps.ANSWER_CHARACTERS:
                    raise ModelFailed(f"{self._model.name} did not come to an end")
                for sentence in held.feed(piece):
                    await self._checked(sentence, messages)
        if self.usage.reason in _TOOLS_ASKED:
            raise ModelFailed(f"{self._model.name} asked for a tool, and has none")
        if held.rest() and self.usage.reason != "length":
            await self._checked(held.rest(), messages)
        if not self.lines:
            raise ModelFailed(f"{self._model.name} gave an empty answer")
        if not any(map(self._inspector.tells, self.lines)):
            raise ModelFailed(f"{self._model.name} told nothing that has a source")

    async def _checked(self, raw: str, messages: Sequence[BaseMessage]) -> None:
        """Show the sentence, or what stands in its place."""
        sentence = tidied(seen(raw), self._book)
        if not sentence or _MARKER.fullmatch(sentence):
            return
        found = self._inspected(sentence)
        if found and found.fault is Fault.UNGROUNDED and not self._repaired:
            sentence = await self._repair(sentence, found.wrong, messages)
            found = self._inspected(sentence)
        if found:
            sentence = self._inspector.instead(found)
        if sentence in self.lines:
            return
        self.lines.append(sentence)
        self._show(self._book.fill(sentence))

    def _inspected(self, sentence: str) -> Found | None:
        found = self._inspector.inspect(sentence, " ".join(self.lines))
        if found is None:
            return None
        self.ungrounded += len(found.wrong)
        self.guarded += found.fault is not Fault.UNGROUNDED
        if found.fault is Fault.LEAK:
            raise ModelFailed(f"{self._model.name} told what is not for its reader")
        return found

    async def _repair(
        self, sentence: str, wrong: Sequence[str], messages: Sequence[BaseMessage]
    ) -> str:
        """The sentence written again, once an answer; without a source when nothing comes."""
        self._repaired = True
        again = await self._whole(repair_prompt(messages, sentence, wrong))
        return tidied(seen(again), self._book) or REFUSAL

    async def _whole(self, messages: Sequence[BaseMessage]) -> str:
        """A short answer; what goes on beyond a sentence's length is cut, and so refused."""
        text = ""
        async with aclosing(self._model.stream(messages)) as pieces:
            async for piece in pieces:
                if isinstance(piece, str):
                    text += piece
                if len(text) > caps.SENTENCE_CHARACTERS:
                    return REFUSAL
        return " ".join(text.split())
