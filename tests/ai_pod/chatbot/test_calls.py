"""Tools called by name: the facts that a question would get, on the caller's desk alone."""

from datetime import date
from typing import Any

import jsonschema
import msgspec
import pytest
from redis.asyncio import Redis

from ai_pod.agents.chatbot.calls import ToolCalls
from ai_pod.agents.chatbot.examples import Intent
from ai_pod.agents.chatbot.retrieval import Retrieval
from ai_pod.agents.chatbot.sources import Stores
from ai_pod.agents.chatbot.tools import TOOLS
from ai_pod.agents.chatbot.vocabulary import Vocabulary
from ai_pod.contracts.chat import ReplyRequest, RunEventKind
from ai_pod.contracts.notes import Note
from ai_pod.contracts.tools import TOOLS as CATALOGUE
from ai_pod.contracts.tools import ToolAnswer, ToolCall
from ai_pod.memory.embeddings import Embedder
from ai_pod.memory.notes import OwnNotes
from ai_pod.memory.vectors import PassageIndex
from tests.support.build_chat import (
    DESK,
    NOW,
    ORGANISATION,
    POD,
    POOL,
    still_clock,
    write_demo,
    write_note,
)

SPECS = {spec.name: spec for spec in CATALOGUE}
GIVEN: dict[str, object] = {
    "instruments": ("XNYS:IBM",),
    "side": "sell",
    "day": NOW.date(),
    "query": "What is the Sharpe ratio?",
}


class Desk:
    """Calls tools as the demo desk's key does."""

    def __init__(self, calls: ToolCalls) -> None:
        self.calls = calls

    async def last(self, call: ToolCall, **changes: str) -> tuple[RunEventKind, dict[str, Any]]:
        fields = {"desk": DESK, "organisation": ORGANISATION, "pool": POOL} | changes
        request = ReplyRequest(run="call-1", thread="", user="user-1", text="", tool=call, **fields)
        (event,) = [one async for one in self.calls.reply(request, POD)]
        return event.kind, event.data

    async def ask(self, name: str, **arguments: Any) -> ToolAnswer:
        kind, data = await self.last(ToolCall(name=name, **arguments))
        assert kind is RunEventKind.DONE, data
        return msgspec.convert(data, ToolAnswer)


@pytest.fixture
async def index(redis: Redis, embedder: Embedder) -> PassageIndex:
    index = PassageIndex(redis, embedder)
    await index.ensure()
    return index


@pytest.fixture
async def desk(
    redis: Redis, index: PassageIndex, embedder: Embedder, vocabulary: Vocabulary
) -> Desk:
    await write_demo(redis)
    return Desk(
        ToolCalls(
            Stores(redis, still_clock()),
            Retrieval(index, OwnNotes(redis, index), embedder, vocabulary),
        )
    )


def test_the_catalogue_holds_every_tool_and_no_other() -> None:
    assert set(SPECS) == {*map(str, TOOLS), str(Intent.NOTES)}


def test_arguments_are_described_by_valid_schemas() -> None:
    for spec in CATALOGUE:
        for argument in spec.arguments:
            jsonschema.Draft202012Validator.check_schema(argument.schema)
            assert argument.name in ToolCall.__struct_fields__


async def test_every_tool_tells_something_and_each_number_is_a_fact(desk: Desk) -> None:
    for name in SPECS:
        answer = await desk.ask(name, **needed(name))
        assert answer.statements, name
        known = {one.id for one in (*answer.facts, *answer.passages)}
        for statement in answer.statements:
            assert set(statement.sources) <= known
            assert "{" not in statement.text
        shown = " ".join(one.text for one in answer.statements)
        assert not [one for one in answer.facts if one.shown not in shown and one.unit != "word"]


def needed(name: str) -> dict[str, Any]:
    return {one.name: GIVEN[one.name] for one in SPECS[name].arguments if one.required}


async def test_a_result_is_since_the_start_or_of_today(desk: Desk) -> None:
    assert "100,000.00 USD" in (await desk.ask("result")).statements[0].text
    assert "gained 512.31 USD" in (await desk.ask("result", day=NOW.date())).statements[0].text
    assert (await desk.ask("result", day=date(2012, 10, 15))).statements == ()


async def test_arguments_choose(desk: Desk) -> None:
    fills = await desk.ask("fills", instruments=("aapl",), side="sell", day=date(2012, 10, 16))
    told = "The desk's recent fills: 1 fill to sell in XNYS:AAPL"
    assert fills.statements[0].text.startswith(told)
    assert "Sold 14 shares of XNYS:AAPL at 648.71 USD" in fills.statements[1].text
    price = await desk.ask("price", instruments=("XNYS:IBM", "MSFT"))
    assert [one.text.split(" ")[0] for one in price.statements] == ["XNYS:IBM", "XNYS:MSFT"]
    value = next(one for one in price.facts if one.label == "XNYS:IBM last price")
    assert (value.value, value.shown) == ("210.95", "210.95 USD")


async def test_a_query_means_the_period_that_it_names(desk: Desk) -> None:
    async def shown(query: str, **arguments: Any) -> list[str]:
        answer = await desk.ask("statistics", instruments=("IBM",), query=query, **arguments)
        return [one.text for one in answer.statements]

    today, yesterday = await shown("high today"), await shown("high yesterday")
    assert today == await shown("high")
    assert len(today) == len(yesterday) == 1
    assert yesterday != today
    for query in ("return last friday", "volume in 2011", "return this month", "high on monday"):
        assert await shown(query) == [], query


async def test_what_is_unknown_is_refused_with_what_is_known(desk: Desk) -> None:
    kind, data = await desk.last(ToolCall(name="positions", instruments=("TSLA",)))
    assert (kind, data["code"]) == (RunEventKind.ERROR, "call_refused")
    assert "TSLA" in data["detail"]
    assert "XNYS:AAPL" in data["detail"]
    kind, data = await desk.last(ToolCall(name="order"))
    assert data["detail"] == "there is no tool 'order'"


PUBLIC = {"time", "notes", "phase", "opens", "closes", "overrides", "price", "statistics"}
"""The market's, the pool's, and what everybody may read."""


async def test_another_organisation_s_desk_is_not_read(desk: Desk) -> None:
    for name in SPECS.keys() - PUBLIC:
        call = ToolCall(name=name, **needed(name))
        _, data = await desk.last(call, organisation="org-other")
        assert msgspec.convert(data, ToolAnswer) == ToolAnswer(), name


async def test_notes_of_another_organisation_are_not_found(desk: Desk, redis: Redis) -> None:
    for organisation in (ORGANISATION, "org-other"):
        text = f"What {organisation} says of the Sharpe ratio."
        note = Note(id="n", title="The Sharpe ratio, as we see it", text=text, author="ann")
        await write_note(redis, organisation, note)
    answer = await desk.ask("notes", query=GIVEN["query"])
    excerpts = [one.excerpt for one in answer.passages]
    assert f"What {ORGANISATION} says of the Sharpe ratio." in excerpts
    assert not [one for one in excerpts if "org-other" in one]
