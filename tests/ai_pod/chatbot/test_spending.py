"""A turn with a model that costs: within its budget, given again, and told when there is none."""

from collections.abc import Awaitable, Callable

import msgspec
from redis.asyncio import Redis

from ai_pod.agents.chatbot.model import Model, configured_model
from ai_pod.contracts import keys
from ai_pod.contracts.budgets import Allowance, Limit, Limits, ModelAsked
from ai_pod.contracts.chat import RunEventKind
from tests.support.build_chat import desk_snapshot, write_desk
from tests.support.chat import Chat
from tests.support.openai_server import Behaviour, OpenAiServer, Reply, openai_server

ChatWith = Callable[[Model | None], Awaitable[Chat]]

CASH = "How much cash do I have?"
COMPOSED = "The desk has 42,815.37 USD in cash."
NOTHING_LEFT = Allowance(user=Limits(day=Limit(tokens=0)))


async def _served(chat_with: ChatWith, server: OpenAiServer) -> Chat:
    return await chat_with(configured_model(f"{server.url}#scripted"))


async def test_a_spent_budget_is_told_and_the_composer_answers(chat_with: ChatWith) -> None:
    with openai_server(Reply("You have {f1} in cash.")) as server:
        chat = await _served(chat_with, server)
        answer = await chat.ask(CASH, allowance=NOTHING_LEFT)
    assert server.requests == []
    assert answer.text.startswith(COMPOSED)
    assert answer.done["notice"].startswith("Your budget of 0 tokens a day leaves no room")
    steps = [data["name"] for data in answer.data(RunEventKind.STEP)]
    assert "budget" in steps
    assert answer.data(RunEventKind.USAGE)[0]["model"] == "composer"


async def test_what_the_provider_counted_is_what_is_spent(
    chat_with: ChatWith, redis: Redis
) -> None:
    with openai_server(Reply("You have {f1} in cash.")) as server:
        chat = await _served(chat_with, server)
        answer = await chat.ask(CASH)
    assert "notice" not in answer.done
    entries = await redis.xrange(keys.model_requests())
    asked = [msgspec.json.decode(fields[b"j"], type=ModelAsked) for _, fields in entries]
    assert [(one.settled, one.cost.tokens) for one in asked][1:] == [(True, 18)]
    assert asked[0].cost.input_tokens > 11
    assert asked[0].cost.output_tokens > 7


async def test_the_same_question_of_the_same_data_asks_no_model_again(
    chat_with: ChatWith, redis: Redis
) -> None:
    with openai_server(Reply("You have {f1} in cash.")) as server:
        chat = await _served(chat_with, server)
        first = await chat.ask(CASH)
        again = await chat.ask(CASH, allowance=NOTHING_LEFT)
        assert len(server.requests) == 1
        assert again.text == first.text
        assert again.streamed.split() == again.text.split()
        assert again.facts == first.facts
        assert "reused" in [data["name"] for data in again.data(RunEventKind.STEP)]
        assert again.data(RunEventKind.USAGE)[0]["input_tokens"] == 0
        await chat.ask(CASH, user="user-2")
        assert len(server.requests) == 2
        await write_desk(redis, msgspec.structs.replace(desk_snapshot(), cash="17.25"))
        assert "17.25 USD" in (await chat.ask(CASH)).text
        assert len(server.requests) == 3


async def test_what_was_repaired_or_gave_way_is_not_given_again(chat_with: ChatWith) -> None:
    lie, truth = Reply("You have 5 USD."), Reply("You have {f1}.")
    with openai_server(lie, truth, truth) as server:
        chat = await _served(chat_with, server)
        await chat.ask(CASH)
        assert (await chat.ask(CASH)).text.startswith("You have 42,815.37 USD.")
    assert len(server.requests) == 3


async def test_a_model_that_was_broken_is_left_alone_and_said_to_be(chat_with: ChatWith) -> None:
    with openai_server(Reply("", Behaviour.REFUSED)) as server:
        chat = await _served(chat_with, server)
        answers = [await chat.ask(CASH) for _ in range(5)]
    assert len(server.requests) == 3
    assert all(one.text.startswith(COMPOSED) for one in answers)
    steps = {data["name"]: data for data in answers[-1].data(RunEventKind.STEP)}
    assert "left alone" in steps["fallback"]["detail"]
