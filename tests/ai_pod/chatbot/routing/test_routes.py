"""Several models as one: in order, past those that fail, within the budgets, each remembered."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from decimal import Decimal

import msgspec
import pytest
from langchain_core.messages import BaseMessage, HumanMessage
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from ai_pod.agents.chatbot.model import Ended, ModelFailed, ModelRefused
from ai_pod.agents.chatbot.routing.breaker import FAILURES
from ai_pod.agents.chatbot.routing.canary import AT_ONCE
from ai_pod.agents.chatbot.routing.choices import Canary, Choices, Price
from ai_pod.agents.chatbot.routing.routes import (
    OPENED,
    REFUSED,
    REROUTED,
    ROLLED_BACK,
    OutOfBudget,
    RoutedTurn,
    Routes,
)
from ai_pod.contracts import keys
from ai_pod.contracts.budgets import Allowance, Limit, Limits, ModelAsked
from ai_pod.contracts.chat import ReplyRequest
from tests.support.wording import ScriptedWording, saying

ENDED = Ended(input_tokens=100, output_tokens=10)
DOWN = ModelRefused("down: no route")
BROKEN = ModelFailed("broken: broke off")
REQUEST = ReplyRequest(
    run="run", thread="t", desk="desk", organisation="org", user="ann", pool="XNYS", text="Cash?"
)
PROMPT = [HumanMessage("Cash?")]


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client


class Told(list[tuple[str, str]]):
    """What a turn says of models that take over."""

    def __call__(self, model: str, why: str) -> None:
        self.append((model, why))


def routes(redis: Redis, *models: ScriptedWording, **choices: object) -> Routes:
    names = tuple(one.name for one in models if not one.name.startswith("canary"))
    return Routes(redis, models, choices=Choices(models=names, **choices))  # type: ignore[arg-type]  # free words of Choices


async def said(turn: RoutedTurn) -> list[str]:
    return [piece async for piece in turn.stream(PROMPT) if isinstance(piece, str)]


async def turn_of(its: Routes, told: Told | None = None, **changes: object) -> RoutedTurn:
    return await its.turn(
        msgspec.structs.replace(REQUEST, **changes), Told() if told is None else told
    )


async def requests(redis: Redis) -> Sequence[ModelAsked]:
    entries = await redis.xrange(keys.model_requests())
    return [msgspec.json.decode(fields[b"j"], type=ModelAsked) for _, fields in entries]


async def settled(redis: Redis) -> list[tuple[str, int]]:
    return [(one.model, one.cost.tokens) for one in await requests(redis) if one.settled]


async def test_the_first_model_answers_and_is_paid(redis: Redis) -> None:
    first, second = saying("first", "One.", ENDED), saying("second", "Two.", ENDED)
    its = routes(redis, first, second, prices={"first": Price(read=Decimal(1))})
    assert await said(await turn_of(its)) == ["One."]
    assert (first.asked, second.asked) == (1, 0)
    assert await settled(redis) == [("first", 110)]
    (paid,) = [one for one in await requests(redis) if one.settled]
    assert paid.cost.usd == Decimal("0.0001")
    assert paid.spender.user == "ann"


async def test_before_its_first_token_the_next_one_takes_over(redis: Redis) -> None:
    told = Told()
    its = routes(redis, saying("first", DOWN), saying("second", "Two.", ENDED))
    turn = await turn_of(its, told)
    assert await said(turn) == ["Two."]
    assert turn.name == "second"
    assert told == [("second", "down: no route")]
    assert its.totals()[REROUTED] == 1
    assert await settled(redis) == [("first", 0), ("second", 110)]


async def test_after_its_first_token_it_fails_and_the_turn_may_begin_anew(redis: Redis) -> None:
    its = routes(redis, saying("first", "One", BROKEN), saying("second", "Two.", ENDED))
    turn = await turn_of(its)
    with pytest.raises(ModelFailed, match="broke off"):
        await said(turn)
    assert turn.broke_off
    assert turn.left
    assert await said(turn) == ["Two."]
    (first, tokens), *_ = await settled(redis)
    assert (first, tokens) == ("first", (await requests(redis))[0].cost.tokens)


async def test_when_all_fail_the_last_one_says_why(redis: Redis) -> None:
    its = routes(redis, saying("first", DOWN), saying("second", BROKEN))
    with pytest.raises(ModelFailed, match="broke off"):
        await said(await turn_of(its))


async def test_a_model_that_keeps_failing_is_not_asked_for_a_while(redis: Redis) -> None:
    first, second = saying("first", DOWN), saying("second", "Two.", ENDED)
    its = routes(redis, first, second)
    for _ in range(FAILURES + 3):
        assert await said(await turn_of(its)) == ["Two."]
    assert first.asked == FAILURES
    assert its.totals()[OPENED] == 1


async def test_what_no_budget_has_room_for_is_not_asked(redis: Redis) -> None:
    first = saying("first", "One.", ENDED)
    its = routes(redis, first)
    bounds = Allowance(user=Limits(day=Limit(tokens=10)))
    with pytest.raises(OutOfBudget, match="Your budget of 10 tokens a day"):
        await said(await turn_of(its, allowance=bounds))
    assert first.asked == 0
    assert its.totals()[REFUSED] == 1
    assert its.breakers["first"].allows


async def test_a_model_that_costs_nothing_answers_when_the_money_is_spent(redis: Redis) -> None:
    dear, free = saying("dear", "One.", ENDED), saying("free", "Two.", ENDED)
    its = routes(redis, dear, free, prices={"dear": Price(read=Decimal(5), written=Decimal(5))})
    bounds = Allowance(organisation=Limits(month=Limit(usd=Decimal("0.0001"))))
    assert await said(await turn_of(its, allowance=bounds)) == ["Two."]
    assert dear.asked == 0


async def test_without_a_count_of_tokens_the_most_is_paid(redis: Redis) -> None:
    its = routes(redis, saying("first", "One.", Ended()))
    await said(await turn_of(its))
    reserved, paid = await requests(redis)
    assert paid.cost == reserved.cost


async def test_who_goes_away_pays_the_most_and_blames_nobody(redis: Redis) -> None:
    its = routes(redis, saying("first", "One.", "Two.", ENDED))
    turn = await turn_of(its)
    pieces = turn.stream(PROMPT)
    assert await anext(pieces) == "One."
    await pieces.aclose()
    reserved, paid = await requests(redis)
    assert paid.cost == reserved.cost
    assert (await its.standings.of(["first"]))["first"].asked == 0


async def test_a_cancelled_turn_is_settled_too(redis: Redis) -> None:
    begun = asyncio.Event()

    class Endless(ScriptedWording):
        async def stream(
            self, messages: Sequence[BaseMessage]
        ) -> AsyncGenerator[str | Ended, None]:
            yield str(len(messages))
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(said(await turn_of(routes(redis, Endless("first", [])))))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    reserved, paid = await requests(redis)
    assert (paid.settled, paid.cost) == (True, reserved.cost)


async def test_without_redis_no_model_is_asked() -> None:
    first = saying("first", "One.", ENDED)
    async with Redis.from_url("redis://127.0.0.1:9/0", retry=Retry(NoBackoff(), 0)) as away:
        with pytest.raises(ModelFailed, match="budgets cannot be read"):
            await said(await turn_of(routes(away, first)))
    assert first.asked == 0


CANARY = Canary(model="canary", share=1.0)


async def test_a_canary_answers_its_share_with_the_others_behind_it(redis: Redis) -> None:
    canary, first = saying("canary", "New.", ENDED), saying("first", "One.", ENDED)
    its = routes(redis, canary, first, canary=CANARY)
    assert await said(await turn_of(its)) == ["New."]
    its = routes(redis, canary, first, canary=msgspec.structs.replace(CANARY, share=1e-9))
    assert await said(await turn_of(its)) == ["One."]


async def test_a_canary_that_fails_is_taken_back_everywhere(redis: Redis) -> None:
    canary, first = saying("canary", BROKEN), saying("first", "One.", ENDED)
    for _ in range(AT_ONCE):
        assert await said(await turn_of(routes(redis, canary, first, canary=CANARY))) == ["One."]
    its = routes(redis, canary, first, canary=CANARY)
    assert await said(await turn_of(its)) == ["One."]
    assert canary.asked == AT_ONCE
    why = await redis.hget(keys.models_rolled_back(), "canary")
    assert why == b"all of its 5 answers failed or were ungrounded"


async def test_a_canary_that_lies_is_taken_back_and_counted(redis: Redis) -> None:
    its = routes(redis, saying("canary", "New.", ENDED), saying("first", "One."), canary=CANARY)
    for _ in range(AT_ONCE):
        turn = await turn_of(its)
        await said(turn)
        await turn.judged(ungrounded=True)
    assert its.totals()[ROLLED_BACK] == 1
    assert (await turn_of(its)).name == "first"


async def test_who_has_repaired_is_still_asked_when_the_answer_breaks_off(redis: Redis) -> None:
    first = ScriptedWording("first", [["One", BROKEN], [DOWN]])
    its = routes(redis, first, saying("second", "Two.", ENDED))
    turn = await turn_of(its)
    pieces = turn.stream(PROMPT)
    assert await anext(pieces) == "One"
    assert await said(turn) == ["Two."]
    with pytest.raises(ModelFailed, match="broke off"):
        await anext(pieces)
    assert (turn.wrote, turn.name) == ("first", "second")
    await turn.judged(ungrounded=True)
    standings = await its.standings.of(["first", "second"])
    assert (standings["first"].ungrounded, standings["second"].ungrounded) == (1, 0)


async def test_with_exploring_what_people_like_comes_first(redis: Redis) -> None:
    its = routes(redis, saying("first", "One."), saying("second", "Two."), explore=1e-9)
    await its.standings.add("first", asked=50, answered=50, down=40)
    await its.standings.add("second", asked=50, answered=50, up=40)
    assert (await turn_of(its)).name == "second"
