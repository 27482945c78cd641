"""The `mcp` client, unchanged, against `/mcp`: the tools, their facts, and what is refused."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any

import httpx2
import jsonschema
import pytest
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client

from ai_pod.contracts.chat import ReplyRequest
from ai_pod.contracts.tools import TOOLS, Statement, ToldFact, ToolAnswer
from tests.support.build_doors import Owner, bearer
from tests.support.fake_pod import FakePod, running_pod

CASH = ToolAnswer(
    statements=(Statement(text="The desk has 42,815.37 USD in cash.", sources=("f1",)),),
    facts=(
        ToldFact(
            id="f1",
            label="cash",
            value="42815.37",
            unit="USD",
            as_of=datetime(2012, 10, 16, 15, 1, tzinfo=UTC),
            source="desk snapshot",
            shown="42,815.37 USD",
        ),
    ),
)


def tells(request: ReplyRequest) -> ToolAnswer | str:
    assert request.tool is not None
    strange = [name for name in request.tool.instruments if name == "TSLA"]
    return "unknown instruments: TSLA; known are XNYS:IBM" if strange else CASH


@asynccontextmanager
async def pod_of(ann: Owner) -> AsyncIterator[FakePod]:
    state = ann.backend.state
    async with running_pod(state.redis, "pod-1", state.settings.secret) as pod:
        pod.tells = tells
        yield pod


@asynccontextmanager
async def entered(url: str, key: str, mode: str = "auto") -> AsyncIterator[Client]:
    async with httpx2.AsyncClient(headers=bearer(key), timeout=30) as http:
        transport = streamable_http_client(f"{url}/mcp", http_client=http)
        async with Client(transport, mode=mode) as client:
            yield client


@pytest.mark.parametrize("mode", ["legacy", "auto"])
async def test_tools_are_listed_as_reading_only_and_called(ann: Owner, url: str, mode: str) -> None:
    """By clients of the handshake's time, and by those after it."""
    async with pod_of(ann) as pod, entered(url, await ann.key("read"), mode) as client:
        tools = (await client.list_tools()).tools
        assert [tool.name for tool in tools] == [spec.name for spec in TOOLS]
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)
        result = await client.call_tool("cash", {})
    assert not result.is_error
    schema = next(tool.output_schema for tool in tools if tool.name == "cash")
    jsonschema.validate(result.structured_content, schema)
    assert result.structured_content["facts"][0]["value"] == "42815.37"
    (text,) = result.content
    assert text.text.splitlines() == [
        "The desk has 42,815.37 USD in cash.",
        "",
        "Sources:",
        "[f1] cash: 42,815.37 USD (desk snapshot, as of 2012-10-16 15:01 UTC)",
    ]
    (asked,) = pod.asked
    assert (asked.desk, asked.text) == (ann.desk, "")


async def test_arguments_arrive_and_wrong_ones_are_told(ann: Owner, url: str) -> None:
    async with pod_of(ann) as pod, entered(url, await ann.key("read")) as client:
        await client.call_tool(
            "fills", {"instruments": ["XNYS:IBM"], "side": "sell", "day": "2012-10-16"}
        )
        for arguments, says in WRONG:
            told = await client.call_tool("fills", arguments)
            assert told.is_error, arguments
            assert says in told.content[0].text
        with pytest.raises(MCPError, match="no tool 'order'"):
            await client.call_tool("order", {})
    call = pod.asked[0].tool
    assert call is not None
    assert (call.instruments, call.side, call.day) == (("XNYS:IBM",), "sell", date(2012, 10, 16))


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"instruments": ["TSLA"]}, "known are XNYS:IBM"),
    ({"side": "hold"}, "'hold' is not one of"),
    ({"day": "yesterday"}, "cannot be called so"),
    ({"desk": "desk-of-somebody-else"}, "'desk' was unexpected"),
]


async def test_a_key_reads_its_own_desk_and_no_other(ann: Owner, url: str) -> None:
    bob = await Owner.enter(ann.backend)
    async with pod_of(ann) as pod:
        for owner in (ann, bob):
            async with entered(url, await owner.key("read")) as client:
                await client.call_tool("cash", {})
    assert [asked.desk for asked in pod.asked] == [ann.desk, bob.desk]
    assert len({asked.user for asked in pod.asked}) == 2


async def test_without_a_pod_the_call_says_so(ann: Owner, url: str) -> None:
    async with entered(url, await ann.key("read")) as client:
        told = await client.call_tool("cash", {})
    assert told.is_error
    assert "no pod answers" in told.content[0].text


async def test_nobody_enters_without_a_key_that_reads(ann: Owner, url: str) -> None:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    for headers, status, code in (
        ({}, 401, "invalid_api_key"),
        (bearer("sdk_unknown"), 401, "invalid_api_key"),
        (bearer(await ann.key("chat")), 403, "scope_missing"),
    ):
        answer = await ann.backend.client.post("/mcp", json=call, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await ann.backend.client.get("/mcp")).status_code == 405
