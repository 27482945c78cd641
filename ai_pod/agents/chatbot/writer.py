"""Lets a language model write an answer, and shows each sentence only once it is known to be
grounded.
"""

from collections.abc import Callable, Sequence
from contextlib import aclosing

from langchain_core.messages import BaseMessage

from ai_pod.agents.chatbot.facts import FactBook
from ai_pod.agents.chatbot.guard import Sentences, ungrounded
from ai_pod.agents.chatbot.model import Ended, Model, ModelFailed
from ai_pod.agents.chatbot.prompt import repair_prompt

Show = Callable[[str], None]


class Writer:
    """One answer by one model. `lines` are the sentences shown, with references; `ungrounded`
    counts the numbers that were caught.
    """

    def __init__(self, model: Model, book: FactBook, show: Show) -> None:
        self._model = model
        self._book = book
        self._show = show
        self._repaired = False
        self.lines: list[str] = []
        self.ungrounded = 0
        self.usage = Ended()

    async def write(self, messages: Sequence[BaseMessage]) -> None:
        """Stream the answer. Raises ModelFailed, also when nothing came, or when a sentence stays
        ungrounded.
        """
        held = Sentences()
        async with aclosing(self._model.stream(messages)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Ended):
                    self.usage = piece
                    continue
                for sentence in held.feed(piece):
                    await self._checked(sentence, messages)
        if held.rest() and self.usage.reason != "length":
            await self._checked(held.rest(), messages)
        if not self.lines:
            raise ModelFailed(f"{self._model.name} gave an empty answer")

    async def _checked(self, sentence: str, messages: Sequence[BaseMessage]) -> None:
        wrong = ungrounded(sentence, self._book)
        if wrong:
            self.ungrounded += len(wrong)
            sentence = await self._repair(sentence, wrong, messages)
        if sentence in self.lines:
            return
        self.lines.append(sentence)
        self._show(self._book.fill(sentence))

    async def _repair(
        self, sentence: str, wrong: Sequence[str], messages: Sequence[BaseMessage]
    ) -> str:
        """The sentence written again, once an answer. Raises ModelFailed when that is no better."""
        if self._repaired:
            raise ModelFailed(f"{self._model.name} goes on to state what nothing entails")
        self._repaired = True
        again = await self._whole(repair_prompt(messages, sentence, wrong))
        still = ungrounded(again, self._book)
        self.ungrounded += len(still)
        if still or not again:
            raise ModelFailed(f"{self._model.name} could not repair what nothing entails")
        return again

    async def _whole(self, messages: Sequence[BaseMessage]) -> str:
        pieces = [piece async for piece in self._model.stream(messages) if isinstance(piece, str)]
        return " ".join("".join(pieces).split())
