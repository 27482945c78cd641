"""Questions with known answers, on a demo desk in real Redis, without a language model."""

import sys
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from ai_pod.agents.chatbot.guard import REFUSAL
from ai_pod.contracts.chat import Role, RunEventKind, Turn
from tests.support.build_chat import at, decision, signal, write_decision
from tests.support.chat import Chat
from tests.support.chat_questions import (
    CALCULATIONS,
    NOTES,
    PARAPHRASES,
    PREPARED,
    QUESTIONS,
    STATISTICS,
    UNKNOWN,
    Asked,
)

LEAST_ANSWERED = 0.95


def _asked_otherwise(asked: Asked) -> tuple[Asked, ...]:
    """The question and two paraphrases of it, made by rule: as it is typed in haste, and with
    courtesy.
    """
    hasty = asked.text.rstrip("?.!").replace("What is", "what's")
    hasty = hasty[0].lower() + hasty[1:]
    told = f"please {hasty}" if asked in PREPARED else f"Hey, could you tell me: {hasty}?"
    return asked, replace(asked, text=hasty), replace(asked, text=told)


async def _wrong(chat: Chat, asked: Asked) -> str | None:
    """What is wrong with the answer. A refusal is no answer, but never a wrong number."""
    answer = await chat.ask(asked.text)
    assert answer.strange_numbers() == [], answer.text
    assert answer.streamed == answer.text
    missing = [said for said in asked.says if said not in answer.text]
    if asked.tool in answer.tools and not missing:
        return None
    assert REFUSAL in answer.text or asked.tool not in answer.tools, (asked, answer.text)
    return f"{asked.text} → {answer.tools} {answer.text!r}; missing {missing}"


@pytest.mark.parametrize(
    "asked",
    [QUESTIONS, PARAPHRASES, STATISTICS, CALCULATIONS, PREPARED],
    ids=["thirty", "paraphrases", "statistics", "calculations", "prepared"],
)
async def test_questions_are_answered_from_facts(chat: Chat, asked: tuple[Asked, ...]) -> None:
    texts = [other for one in asked for other in _asked_otherwise(one)]
    wrong = [found for one in texts if (found := await _wrong(chat, one))]
    sys.stdout.write(f"{len(texts) - len(wrong)} of {len(texts)} answered without a model\n")
    assert len(texts) - len(wrong) >= LEAST_ANSWERED * len(texts), "\n".join(wrong)
    assert chat.graph.ungrounded_total == 0


async def test_what_contributed_nothing_is_not_told(chat: Chat, redis: Redis) -> None:
    made = signal("IBM", 0.25, 0.3, momentum=0.05, trend=0.0)
    await write_decision(redis, decision(at(15, 15), made))
    answer = await chat.ask("Why did the last signal fire?")
    assert "and the contribution 0.05 from momentum." in answer.text


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
    first = (await chat.ask("What is my equity?")).text
    hello = Turn(role=Role.USER, text="Hello")
    refused, answered = (Turn(role=Role.ASSISTANT, text=text) for text in (REFUSAL, first))
    assert "no advice" in first
    assert "no advice" in (await chat.ask("What is my equity?", (hello, refused))).text
    assert "no advice" not in (await chat.ask("What is my equity?", (hello, answered))).text


async def test_an_accelerated_clock_says_so(chat: Chat) -> None:
    answer = await chat.ask("What time is it?")
    assert "600 times as fast as real time" in answer.text
