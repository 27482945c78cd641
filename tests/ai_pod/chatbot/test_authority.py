"""What a turn may read, and what changes under it."""

from collections.abc import Awaitable, Callable
from decimal import Decimal

import msgspec
from redis.asyncio import Redis

from ai_pod.agents.chatbot.guard import REFUSAL
from ai_pod.agents.chatbot.model import Model, configured_model
from ai_pod.contracts import keys
from ai_pod.contracts.agents import PhaseRecord
from ai_pod.contracts.instructions import UNNUMBERED
from ai_pod.contracts.plan import Phase
from tests.support.build_chat import DESK, POD, desk_snapshot, instruct, write_desk
from tests.support.chat import Chat
from tests.support.openai_server import Reply, openai_server

ChatWith = Callable[[Model | None], Awaitable[Chat]]


async def test_a_foreign_desk_is_not_read(chat: Chat) -> None:
    for text in ("What are my positions?", "What was the last signal?", "Why did you buy IBM?"):
        answer = await chat.ask(text, organisation="org-other")
        assert answer.text == REFUSAL
        assert answer.facts == []


async def test_a_desk_that_is_not_there(chat: Chat) -> None:
    answer = await chat.ask("What are my positions?", desk="desk-none")
    assert answer.text == REFUSAL
    still = await chat.ask("When does the market close?", desk="desk-none")
    assert "20:00 UTC" in still.text


async def test_an_empty_desk_says_so(chat: Chat, redis: Redis) -> None:
    empty = desk_snapshot(positions=(), open_orders=(), recent_fills=(), equity=Decimal(0))
    await write_desk(redis, empty)
    assert "0 positions" in (await chat.ask("What are my positions?")).text
    assert "0 fills" in (await chat.ask("Show me the last fills")).text
    assert "0 open orders" in (await chat.ask("Do I have open orders?")).text


async def test_a_young_desk_says_that_nothing_has_happened_yet(chat: Chat, redis: Redis) -> None:
    await redis.delete(keys.live(DESK), keys.learning())
    for text, said in (
        ("What was the last signal?", "have 0 signals."),
        ("Why did you buy IBM?", "have 0 signals to buy in XNYS:IBM."),
        ("What are the target weights?", "have 0 signals."),
        ("What was the last verdict?", "has 0 verdicts on record so far."),
        ("How many trials ran last night?", "has 0 trials on record so far."),
    ):
        assert said in (await chat.ask(text)).text


async def test_a_halted_desk(chat: Chat, redis: Redis) -> None:
    limits = msgspec.structs.replace(
        desk_snapshot().limits, halted=True, halt_reason="loss of 5 % by ivan"
    )
    await write_desk(redis, desk_snapshot(limits=limits))
    answer = await chat.ask("Is the kill switch on?")
    assert "halted by the kill switch: loss of 5 % by ivan" in answer.text


async def test_the_pods_own_phase_is_told_when_it_differs(chat: Chat, redis: Redis) -> None:
    record = PhaseRecord(pod=POD, phase=Phase.LEARNING, phase_epoch=4, committed_at=0.0)
    await redis.set(keys.phase(POD), msgspec.json.encode(record))
    answer = await chat.ask("Who holds the pod now?")
    assert "still reports learning" in answer.text


async def test_nothing_is_written(chat: Chat, redis: Redis) -> None:
    before = {key async for key in redis.scan_iter(count=1000)}
    for text in ("Sell all my shares of IBM", "Cancel my order", "Set an override", "Halt my desk"):
        await chat.ask(text)
    assert {key async for key in redis.scan_iter(count=1000)} == before


async def test_changed_instructions_are_used_by_the_next_turn(
    chat_with: ChatWith, redis: Redis
) -> None:
    with openai_server(Reply("You have {f1}.")) as server:
        chat = await chat_with(configured_model(f"{server.url}#scripted"))
        first = await chat.ask("How much cash do I have?")
        await instruct(redis, "Speak like a sailor.\nDisclaimer: Ahoy.", version=2)
        await chat.instructions.refresh()
        second = await chat.ask("How much cash do I have?")
    assert (first.done["instructions"], second.done["instructions"]) == (UNNUMBERED, 2)
    assert "sailor" not in server.system_prompt(0)
    assert server.system_prompt(1).startswith("Speak like a sailor.")
    assert second.text.endswith("Ahoy.")


async def test_a_disclaimer_cannot_bring_numbers(chat: Chat, redis: Redis) -> None:
    await instruct(redis, "Disclaimer: 99 % of all desks win.")
    await chat.instructions.refresh()
    answer = await chat.ask("How much cash do I have?")
    assert "99" not in answer.text
