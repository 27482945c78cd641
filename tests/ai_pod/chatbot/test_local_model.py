"""The small local model, for real: what it shows is grounded, whatever it writes."""

import importlib.metadata
from collections.abc import Awaitable, Callable

import pytest

from ai_pod.agents.chatbot.local_model import LocalModel, LocalModelMissing
from ai_pod.agents.chatbot.model import Model, configured_model
from ai_pod.contracts.chat import RunEventKind
from tests.support.chat import Chat


async def test_a_few_questions(
    chat_with: Callable[[Model | None], Awaitable[Chat]],
) -> None:
    chat = await chat_with(configured_model("local"))
    for text in ("How much cash do I have?", "Is the kill switch on?"):
        answer = await chat.ask(text)
        steps = [data["name"] for data in answer.data(RunEventKind.STEP)]
        assert "write" in steps
        assert answer.strange_numbers() == []
        assert answer.streamed.split() == answer.text.split()
        assert answer.done["grounded"] is True
        if "fallback" not in steps:
            assert answer.data(RunEventKind.USAGE)[0]["output_tokens"] > 0


def test_without_the_weights_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_: str) -> None:
        raise importlib.metadata.PackageNotFoundError

    monkeypatch.setattr("ai_pod.memory.embeddings.files", none)
    with pytest.raises(LocalModelMissing, match="local-model"):
        LocalModel()
