"""What models have cost: recorded once, by user, day and model, for those who may see it."""

import contextlib
import csv
import io
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from prometheus_client import REGISTRY

from ai_pod.contracts import keys
from ai_pod.contracts.budgets import Cost, ModelAsked, Spender
from backend.database import transaction
from backend.models import User
from backend.usage import recorder
from tests.support.build_backend import Backend
from tests.support.one_backend import People
from tests.support.people import until

NOW = datetime.now(UTC)
USAGE = "/api/v1/usage/models"


def request(user: User, number: int, *, tokens: int = 10, **changes: Any) -> ModelAsked:
    spender = Spender(organisation=user.organisation_id, user=user.id, desk="d", run="r")
    made = ModelAsked(
        id=f"ask_{user.login}_{number}",
        spender=spender,
        model="small",
        cost=Cost(input_tokens=tokens, output_tokens=1, usd=Decimal("0.000000001")),
        at=NOW,
        settled=True,
    )
    return msgspec.structs.replace(made, **changes)


async def send(backend: Backend, *messages: ModelAsked | bytes) -> None:
    """Put them on the stream, and wait until all are recorded."""
    for message in messages:
        data = message if isinstance(message, bytes) else msgspec.json.encode(message)
        await backend.state.redis.xadd(keys.model_requests(), {keys.FIELD: data})

    async def recorded() -> bool:
        groups: Any = await backend.state.redis.xinfo_groups(keys.model_requests())
        return bool(groups) and groups[0]["lag"] == 0 and groups[0]["pending"] == 0

    await until(recorded, seconds=15)


async def usage(backend: Backend, who: User, query: str = "") -> Any:
    answer = await backend.client.get(f"{USAGE}{query}", headers=await backend.sign_in(who.login))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_requests_add_up_by_user_day_and_model(backend: Backend, people: People) -> None:
    ann, bob = people["ann"], people["bob"]
    before = NOW - timedelta(days=1)
    await send(
        backend,
        request(ann, 1),
        request(ann, 2, tokens=5),
        request(ann, 3, model="big"),
        request(ann, 4, at=before),
        request(bob, 1),
        request(people["zoe"], 1),
    )
    rows = (await usage(backend, people["otto"]))["items"]
    found = {(one["day"], one["login"], one["model"]): one for one in rows}
    today, yesterday = str(NOW.date()), str(before.date())
    assert set(found) == {
        (yesterday, ann.login, "small"),
        (today, ann.login, "small"),
        (today, ann.login, "big"),
        (today, bob.login, "small"),
    }
    assert found[today, ann.login, "small"] | {"user": ""} == {
        "day": today,
        "user": "",
        "login": ann.login,
        "model": "small",
        "requests": 2,
        "input_tokens": 15,
        "output_tokens": 2,
        "usd": "0.000000002",
    }


async def test_what_is_settled_takes_the_place_of_the_most_once(
    backend: Backend, people: People
) -> None:
    ann = people["ann"]
    most, real = request(ann, 1, tokens=900, settled=False), request(ann, 1, tokens=40)
    lies = request(ann, 1, tokens=7)
    await send(backend, real, most, most, lies, b"{", request(ann, 2, tokens=3, settled=False))
    (row,) = (await usage(backend, people["otto"]))["items"]
    assert (row["requests"], row["input_tokens"]) == (2, 43)


async def test_what_is_not_committed_is_not_counted(backend: Backend, people: People) -> None:
    """It is delivered again, and counted then."""
    asked = msgspec.json.encode(request(people["ann"], 1, model="rolled-back"))
    labels = {"model": "rolled-back"}
    with contextlib.suppress(ConnectionError):
        async with transaction(backend.state.sessions) as session:
            await recorder.MODELS.record(session, asked)
            raise ConnectionError
    assert REGISTRY.get_sample_value("backend_model_usd_total", labels) is None
    async with transaction(backend.state.sessions) as session:
        await recorder.MODELS.record(session, asked)
    assert REGISTRY.get_sample_value("backend_model_usd_total", labels) == 1e-9


async def test_a_request_in_another_organisations_name_is_nobodys(
    backend: Backend, people: People
) -> None:
    foreign = people["zoe"].organisation_id
    spender = Spender(organisation=foreign, user=people["ann"].id, desk="d", run="r")
    await send(backend, request(people["ann"], 1, spender=spender))
    assert (await usage(backend, people["otto"]))["items"] == []


async def test_a_trader_sees_the_traders_own(backend: Backend, people: People) -> None:
    await send(backend, request(people["ann"], 1), request(people["bob"], 1))
    assert {one["login"] for one in (await usage(backend, people["ann"]))["items"]} == {
        people["ann"].login
    }
    only = f"?user={people['bob'].id}"
    assert {one["login"] for one in (await usage(backend, people["otto"], only))["items"]} == {
        people["bob"].login
    }
    headers = await backend.sign_in(people["ann"].login)
    for path in (f"{USAGE}{only}", f"{USAGE}/export{only}"):
        assert (await backend.client.get(path, headers=headers)).status_code == 403
    assert (await usage(backend, people["zoe"]))["items"] == []


async def test_it_comes_in_pages_and_as_files(backend: Backend, people: People) -> None:
    ann = people["ann"]
    await send(backend, *(request(ann, n, model=f"=model~{n}") for n in range(5)))
    paged, cursor = [], ""
    while True:
        page = await usage(backend, people["otto"], f"?limit=2{cursor}")
        paged += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor'].replace('=', '%3D')}"
    assert [one["model"] for one in paged] == [f"=model~{n}" for n in range(5)]
    headers = await backend.sign_in(people["otto"].login)
    lines = await backend.client.get(f"{USAGE}/export?format=json", headers=headers)
    assert [json.loads(line) for line in lines.text.splitlines()] == paged
    table = await backend.client.get(f"{USAGE}/export", headers=headers)
    assert table.headers["content-type"].startswith("text/csv")
    assert "models-" in table.headers["content-disposition"]
    first, *_ = list(csv.DictReader(io.StringIO(table.text)))
    assert first["model"] == "'=model~0"
    assert first["usd"] == "0.000000001"


async def test_a_cursor_that_is_none_of_ours(backend: Backend, people: People) -> None:
    headers = await backend.sign_in(people["otto"].login)
    for cursor in ("x", "2020-13-01~a~b", "2020-01-01~a"):
        answer = await backend.client.get(f"{USAGE}?cursor={cursor}", headers=headers)
        assert answer.status_code == 422, cursor
