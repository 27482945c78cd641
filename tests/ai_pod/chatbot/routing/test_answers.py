"""An answer is given again for exactly the same question of the same data, to the same user."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from ai_pod.agents.chatbot.routing.answers import (
    LIFE_SECONDS,
    MOST_ANSWERS,
    Answers,
    Asking,
    Kept,
)
from ai_pod.contracts import keys
from ai_pod.contracts.chat import Role, Turn

ASKING = Asking(
    user="ann",
    organisation="org",
    desk="desk",
    instructions=3,
    policy=1,
    model="small",
    data="abc",
    history=(),
    question="How much cash do I have?",
    zone="UTC",
)
LINES = ("You have {f1}.", "That is all.")


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client


turns = st.lists(st.builds(Turn, role=st.sampled_from(Role), text=st.text(max_size=8)), max_size=3)
askings = st.builds(
    Asking,
    user=st.text(max_size=4),
    organisation=st.text(max_size=4),
    desk=st.text(max_size=4),
    instructions=st.integers(1, 3),
    policy=st.integers(1, 3),
    model=st.text(max_size=4),
    data=st.text(max_size=4),
    history=turns.map(tuple),
    question=st.text(max_size=8),
)


@given(askings, askings)
def test_two_askings_share_an_answer_only_if_they_are_the_same(one: Asking, other: Asking) -> None:
    assert (one.digest == other.digest) == (one == other)


@given(askings, st.text(max_size=4))
def test_no_user_has_anothers_place(asking: Asking, user: str) -> None:
    moved = msgspec.structs.replace(asking, user=user)
    assert (keys.answers(moved.user) == keys.answers(asking.user)) == (user == asking.user)
    assert (moved.digest == asking.digest) == (user == asking.user)


async def test_it_is_found_again(redis: Redis) -> None:
    answers = Answers(redis)
    assert await answers.find(ASKING) is None
    await answers.keep(ASKING, LINES, "small")
    assert await answers.find(ASKING) == Kept(user="ann", lines=LINES, written_by="small")
    assert answers.hits == 1
    assert 0 < await redis.ttl(keys.answers("ann")) <= LIFE_SECONDS


@pytest.mark.parametrize(
    "change",
    [
        {"user": "bob"},
        {"organisation": "other"},
        {"desk": "other"},
        {"instructions": 4},
        {"policy": 2},
        {"model": "big"},
        {"data": "abd"},
        {"question": "How much cash do I have"},
        {"history": (Turn(role=Role.USER, text="Hi"),)},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_whatever_differs_is_another_question(redis: Redis, change: dict[str, Any]) -> None:
    answers = Answers(redis)
    await answers.keep(ASKING, LINES, "small")
    assert await answers.find(msgspec.structs.replace(ASKING, **change)) is None


async def test_what_lies_in_the_wrong_place_is_not_given(redis: Redis) -> None:
    kept = Kept(user="bob", lines=LINES, written_by="small")
    await redis.hset(keys.answers("ann"), ASKING.digest, msgspec.json.encode(kept))
    assert await Answers(redis).find(ASKING) is None


async def test_an_answer_is_kept_an_hour_whoever_asks_meanwhile(redis: Redis) -> None:
    answers = Answers(redis)
    await answers.keep(ASKING, LINES, "small")
    await redis.expire(keys.answers("ann"), 5)
    await answers.keep(msgspec.structs.replace(ASKING, question="Why?"), LINES, "small")
    assert await redis.ttl(keys.answers("ann")) <= 5


async def test_a_user_has_so_many_at_most(redis: Redis) -> None:
    answers = Answers(redis)
    for number in range(MOST_ANSWERS + 1):
        await answers.keep(msgspec.structs.replace(ASKING, data=str(number)), LINES, "small")
    assert await redis.exists(keys.answers("ann")) == 0


async def test_without_redis_nothing_is_found_and_nothing_fails() -> None:
    async with Redis.from_url("redis://127.0.0.1:9/0", retry=Retry(NoBackoff(), 0)) as away:
        answers = Answers(away)
        await answers.keep(ASKING, LINES, "small")
        assert await answers.find(ASKING) is None
