"""A language model without a server: says what it is told to, as a model's port has it."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

from langchain_core.messages import BaseMessage

from ai_pod.agents.chatbot.model import Ended, ModelFailed


@dataclass
class ScriptedWording:
    """`answers` are used up in order, the last one for ever; a failure among their pieces is
    raised when its turn comes.
    """

    name: str
    answers: list[Sequence[str | Ended | ModelFailed]]
    asked: int = 0
    heard: list[Sequence[BaseMessage]] = field(default_factory=list)

    async def stream(self, messages: Sequence[BaseMessage]) -> AsyncGenerator[str | Ended, None]:
        self.asked += 1
        self.heard.append(messages)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        for piece in answer:
            if isinstance(piece, ModelFailed):
                raise piece
            yield piece


def saying(name: str, *pieces: str | Ended | ModelFailed) -> ScriptedWording:
    """The same answer every time."""
    return ScriptedWording(name, [pieces])
