"""What models may cost is set by operators, carried by each turn, and shown to whom it concerns."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx

from ai_pod.contracts.budgets import (
    Allowance,
    Cost,
    CostBounds,
    Limit,
    Limits,
    Purse,
    Spender,
    accounts_of,
)
from backend.audit import repository as audit
from backend.budgets import repository, service
from backend.database import transaction
from backend.models import User
from tests.support.build_backend import Backend
from tests.support.fake_pod import running_pod
from tests.support.one_backend import People
from tests.support.people import until

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
BUDGETS = "/api/v1/budgets"


async def put(backend: Backend, who: User, subject: str, **body: Any) -> httpx.Response:
    headers = await backend.sign_in(who.login)
    return await backend.client.put(f"{BUDGETS}/{subject}", json=body, headers=headers)


async def allowance(backend: Backend, user: User) -> Allowance:
    async with transaction(backend.state.sessions) as session:
        return await service.allowance(
            session, backend.state.redis, user=user.id, organisation=user.organisation_id
        )


def spender(user: User) -> Spender:
    return Spender(organisation=user.organisation_id, user=user.id, desk="desk", run="run")


async def spend(backend: Backend, user: User, cost: Cost) -> None:
    """One settled request of a turn, recorded."""
    await allowance(backend, user)
    purse = Purse(backend.state.redis)
    await purse.settle(
        await purse.reserve(spender(user), Allowance(), "small", CostBounds.exactly(cost)), cost
    )

    async def recorded() -> bool:
        async with transaction(backend.state.sessions) as session:
            told = await repository.spent_since(session, user.organisation_id, LONG_AGO, user.id)
        return told.tokens >= cost.tokens

    await until(recorded, seconds=15)


async def test_a_users_own_budget_goes_before_everyones(backend: Backend, people: People) -> None:
    ann, bob = people["ann"], people["bob"]
    assert await allowance(backend, ann) == Allowance()
    await put(backend, people["otto"], "everyone", day_tokens=1000)
    await put(backend, people["otto"], "organisation", month_usd="20.5")
    await put(backend, people["otto"], ann.id, day_tokens=5000, day_usd="1")
    organisation = Limits(month=Limit(usd=Decimal("20.5")))
    assert await allowance(backend, bob) == Allowance(
        user=Limits(day=Limit(tokens=1000)), organisation=organisation
    )
    assert await allowance(backend, ann) == Allowance(
        user=Limits(day=Limit(tokens=5000, usd=Decimal(1))), organisation=organisation
    )
    assert await allowance(backend, people["zoe"]) == Allowance()


async def test_two_who_change_different_limits_undo_nothing_of_each_other(
    backend: Backend, people: People
) -> None:
    headers = await backend.sign_in(people["otto"].login)
    url = f"{BUDGETS}/{people['bob'].id}"
    changes = [{"day_tokens": 5}, {"month_tokens": 70}, {"day_usd": "1.5"}, {"month_usd": "9"}]
    answers = await asyncio.gather(
        *(backend.client.patch(url, json=one, headers=headers) for one in changes)
    )
    assert [answer.status_code for answer in answers] == [200] * 4
    last = (await backend.client.patch(url, json={"day_usd": None}, headers=headers)).json()
    limits = [last[name] for name in ("day_tokens", "month_tokens", "day_usd", "month_usd")]
    assert limits == [5, 70, None, "9.000000"]
    assert (await put(backend, people["otto"], people["bob"].id)).json()["day_tokens"] is None


async def test_a_change_is_shown_audited_and_taken_back(backend: Backend, people: People) -> None:
    headers = await backend.sign_in(people["otto"].login)
    first = await put(backend, people["otto"], "everyone", day_tokens=1000)
    assert first.status_code == 200, first.text
    await put(backend, people["otto"], "everyone", day_tokens=2000, month_usd="7.25")
    page = (await backend.client.get(BUDGETS, headers=headers)).json()
    (shown,) = page["items"]
    assert (shown["subject"], shown["day_tokens"], shown["month_usd"]) == (
        "everyone",
        2000,
        "7.250000",
    )
    for _ in range(2):
        gone = await backend.client.delete(f"{BUDGETS}/everyone", headers=headers)
        assert gone.status_code == 204
    async with transaction(backend.state.sessions) as session:
        rows = [
            row
            for row in await audit.rows_after(session, people["otto"].organisation_id, 0, 20)
            if row.subject == "budget:everyone"
        ]
    assert [(row.action, row.subject, row.actor) for row in rows] == [
        ("budget_set", "budget:everyone", people["otto"].login),
        ("budget_set", "budget:everyone", people["otto"].login),
        ("budget_removed", "budget:everyone", people["otto"].login),
    ]
    assert rows[1].before is not None
    assert rows[1].before["day_tokens"] == 1000
    assert rows[1].after is not None
    assert rows[1].after["month_usd"] == "7.250000"


async def test_who_may_not_and_what_makes_no_sense(backend: Backend, people: People) -> None:
    assert (await put(backend, people["ann"], "everyone", day_tokens=1)).status_code == 403
    assert (await put(backend, people["otto"], people["zoe"].id, day_tokens=1)).status_code == 404
    assert (await put(backend, people["otto"], "nobody", day_tokens=1)).status_code == 404
    for body in ({"day_tokens": -1}, {"day_usd": "-0.01"}, {"week_tokens": 1}, {"day_usd": "x"}):
        assert (await put(backend, people["otto"], "everyone", **body)).status_code == 422, body
    denied = await backend.client.get(BUDGETS, headers=await backend.sign_in(people["ann"].login))
    assert denied.status_code == 403


async def test_everybody_sees_what_is_left(backend: Backend, people: People) -> None:
    await put(backend, people["otto"], "everyone", day_tokens=1000)
    await spend(backend, people["ann"], Cost(input_tokens=100, usd=Decimal("0.5")))
    await spend(backend, people["bob"], Cost(input_tokens=30))
    answer = await backend.client.get(
        "/api/v1/budget", headers=await backend.sign_in(people["ann"].login)
    )
    told = {(one["whose"], one["period"]): one for one in answer.json()["accounts"]}
    assert told["user", "day"]["most_tokens"] == 1000
    assert told["user", "day"]["tokens"] == 100
    assert told["user", "day"]["left_tokens"] == 900
    assert Decimal(told["user", "day"]["usd"]) == Decimal("0.5")
    assert told["organisation", "month"]["tokens"] == 130
    assert told["organisation", "month"]["most_tokens"] is None


async def test_who_oversees_sees_what_each_may_spend_and_has_spent(
    backend: Backend, people: People
) -> None:
    ann, bob = people["ann"], people["bob"]
    await put(backend, people["otto"], "everyone", day_tokens=1000)
    await put(backend, people["otto"], ann.id, month_usd="3")
    await spend(backend, ann, Cost(input_tokens=100, output_tokens=20, usd=Decimal("0.5")))
    headers = await backend.sign_in(people["otto"].login)
    first = (await backend.client.get(f"{BUDGETS}/people?limit=1", headers=headers)).json()
    (its,) = first["items"]
    assert (its["login"], its["own"]) == (ann.login, True)
    assert (its["day"]["most_tokens"], its["day"]["left_usd"]) == (None, None)
    assert its["day"]["tokens"] == its["month"]["tokens"] == 120
    assert (its["month"]["most_usd"], Decimal(its["month"]["left_usd"])) == (
        "3.000000",
        Decimal("2.5"),
    )
    path = f"{BUDGETS}/people?cursor={first['next_cursor']}"
    rest = (await backend.client.get(path, headers=headers)).json()
    assert [each["login"] for each in rest["items"]] == [bob.login, people["otto"].login]
    assert rest["items"][0]["own"] is False
    assert rest["items"][0]["day"] == {
        "most_tokens": 1000,
        "most_usd": None,
        "tokens": 0,
        "usd": "0",
        "left_tokens": 1000,
        "left_usd": None,
    }
    denied = await backend.client.get(f"{BUDGETS}/people", headers=await backend.sign_in(ann.login))
    assert denied.status_code == 403


async def test_counters_that_redis_lost_come_back_from_postgres(
    backend: Backend, people: People
) -> None:
    ann, redis = people["ann"], backend.state.redis
    await put(backend, people["otto"], "everyone", day_tokens=1000)
    await spend(backend, ann, Cost(input_tokens=60, output_tokens=10, usd=Decimal("0.25")))
    accounts = accounts_of(ann.id, ann.organisation_id, datetime.now(UTC))
    await redis.delete(*(one.key for one in accounts))
    await allowance(backend, ann)
    for account in accounts:
        assert await Purse(redis).spent(account) == Cost(input_tokens=70, usd=Decimal("0.25"))


async def test_what_redis_lost_comes_back_under_what_is_spent_since(
    backend: Backend, people: People
) -> None:
    """A turn that was under way begins the counters anew, before any limit is there."""
    ann, redis = people["ann"], backend.state.redis
    await spend(backend, ann, Cost(input_tokens=70, usd=Decimal("0.25")))
    accounts = accounts_of(ann.id, ann.organisation_id, datetime.now(UTC))
    await redis.delete(*(one.key for one in accounts))
    purse, more = Purse(redis), CostBounds.exactly(Cost(input_tokens=5))
    await purse.reserve(spender(ann), Allowance(), "small", more)
    for _ in range(2):
        await allowance(backend, ann)
    for account in accounts:
        held = await purse.spent(account)
        assert held is not None
        assert held.tokens >= 75


async def test_a_turn_carries_its_bounds(backend: Backend, people: People) -> None:
    await put(backend, people["otto"], "everyone", day_tokens=1234)
    headers = await backend.sign_in(people["ann"].login)
    async with running_pod(backend.state.redis, "pod-1", backend.state.settings.secret) as pod:
        thread = (await backend.client.post("/api/v1/threads", headers=headers)).json()["id"]
        path = f"/api/v1/threads/{thread}/messages"
        await backend.client.post(path, json={"text": "Cash?"}, headers=headers)
        assert pod.asked[0].allowance.user.day.tokens == 1234
