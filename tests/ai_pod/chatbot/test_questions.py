"""Questions with known answers, on a demo desk in real Redis, without a language model."""

import pytest

from ai_pod.agents.chatbot.guard import REFUSAL
from ai_pod.contracts.chat import Role, RunEventKind, Turn
from tests.support.chat import Chat
from tests.support.chat_questions import NOTES, PARAPHRASES, QUESTIONS, UNKNOWN, Asked


async def _wrong(chat: Chat, asked: Asked) -> str | None:
    answer = await chat.ask(asked.text)
    missing = [said for said in asked.says if said not in answer.text]
    if asked.tool not in answer.tools or missing:
        return f"{asked.text} → {answer.tools} {answer.text!r}; missing {missing}"
    return None


@pytest.mark.parametrize("asked", [QUESTIONS, PARAPHRASES], ids=["thirty", "paraphrases"])
async def test_questions_are_answered_from_facts(chat: Chat, asked: tuple[Asked, ...]) -> None:
    wrong = [found for one in asked if (found := await _wrong(chat, one))]
    assert len(wrong) <= 0.05 * len(asked), "\n".join(wrong)


async def test_every_number_is_in_the_tools_facts(chat: Chat) -> None:
    for asked in (*QUESTIONS, *PARAPHRASES):
        answer = await chat.ask(asked.text)
        assert answer.strange_numbers() == [], answer.text
        assert answer.streamed == answer.text
    assert chat.graph.ungrounded_total == 0


@pytest.mark.parametrize("text", UNKNOWN)
async def test_what_nobody_here_knows_is_refused(chat: Chat, text: str) -> None:
    answer = await chat.ask(text)
    assert answer.text == REFUSAL
    assert answer.done["grounded"] is False


@pytest.mark.parametrize(("text", "passage"), NOTES)
async def test_words_of_the_product_are_answered_by_notes(
    chat: Chat, text: str, passage: str
) -> None:
    answer = await chat.ask(text)
    assert [data["source"].partition("#")[2] for data in answer.done["citations"]] == [passage]
    assert answer.data(RunEventKind.CITATION)[0]["title"] in answer.text
    assert answer.done["grounded"] is True


async def test_two_questions_in_one(chat: Chat) -> None:
    answer = await chat.ask("What are my cash and my equity? When does the market close?")
    assert answer.tools == ["cash", "equity", "closes"]


async def test_a_part_without_a_source_is_said_to_have_none(chat: Chat) -> None:
    answer = await chat.ask("How much cash do I have? Who won the world cup?")
    assert "42,815.37 USD" in answer.text
    assert answer.text.endswith(REFUSAL)
    assert answer.done["grounded"] is False


@pytest.mark.parametrize(
    ("before", "text", "tool", "says"),
    [
        ("What is my position in IBM?", "and for MSFT?", "positions", "400 shares"),
        ("Is there a signal for IBM?", "why?", "why", "0.31 from momentum"),
        ("What was the last verdict?", "why?", "verdict", "0.17 lower"),
    ],
)
async def test_follow_ups(chat: Chat, before: str, text: str, tool: str, says: str) -> None:
    history = (Turn(role=Role.USER, text=before), Turn(role=Role.ASSISTANT, text="…"))
    answer = await chat.ask(text, history)
    assert answer.tools == [tool]
    assert says in answer.text


async def test_a_thread_is_disclaimed_once(chat: Chat) -> None:
    history = (Turn(role=Role.USER, text="Hello"), Turn(role=Role.ASSISTANT, text="…"))
    assert "no advice" in (await chat.ask("What is my equity?")).text
    assert "no advice" not in (await chat.ask("What is my equity?", history)).text


async def test_an_accelerated_clock_says_so(chat: Chat) -> None:
    answer = await chat.ask("What time is it?")
    assert "600 times as fast as real time" in answer.text
