"""A desk's keys: shown once, kept as a hash, for its owner alone; what each of them opens."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from backend.database import transaction
from backend.doors import service
from backend.doors.pace import A_MINUTE
from backend.models import ApiKey, AuditRow, IdempotentAnswer, KeyScope, Role, User
from tests.support.build_doors import KEYS, Owner, bearer

MODELS = "/v1/models"


async def test_a_key_is_shown_once_and_kept_as_a_hash(ann: Owner) -> None:
    made = await ann.make("read", name="notebook", expires_in_days=7)
    assert made["key"].startswith(made["prefix"])
    assert made["prefix"].startswith("sdk_")
    assert made["scopes"] == ["read"]
    (listed,) = (await ann.backend.client.get(KEYS, headers=await ann.headers())).json()["items"]
    assert listed == {name: value for name, value in made.items() if name != "key"}
    async with transaction(ann.backend.state.sessions) as session:
        row = await session.get_one(ApiKey, made["id"])
        audited = await session.scalars(select(AuditRow).where(AuditRow.action == "api_key_made"))
        said = repr([vars(row), *(vars(one) for one in audited)])
    assert made["key"] not in said
    assert timedelta(days=6) < row.expires_at - datetime.now(UTC) <= timedelta(days=7)


async def test_making_it_again_by_the_same_request_shows_no_key(ann: Owner) -> None:
    headers = await ann.headers() | {"Idempotency-Key": "once"}
    body = {"name": "notebook"}
    first = (await ann.backend.client.post(KEYS, json=body, headers=headers)).json()
    again = (await ann.backend.client.post(KEYS, json=body, headers=headers)).json()
    assert again == first | {"key": None}
    async with transaction(ann.backend.state.sessions) as session:
        its = IdempotentAnswer.key == "once"
        stored = await session.scalar(select(IdempotentAnswer.answer).where(its))
    assert stored is not None
    assert first["key"] not in str(stored)


async def test_a_key_enters_until_it_is_revoked(ann: Owner) -> None:
    client = ann.backend.client
    made = await ann.make()
    entered = await client.get(MODELS, headers=bearer(made["key"]))
    assert entered.status_code == 200, entered.text
    (used,) = (await client.get(KEYS, headers=await ann.headers())).json()["items"]
    assert used["last_used_at"] is not None
    for _ in range(2):
        gone = await client.delete(f"{KEYS}/{made['id']}", headers=await ann.headers())
        assert gone.json()["state"] == "revoked"
    refused = await client.get(MODELS, headers=bearer(made["key"]))
    assert refused.status_code == 401
    assert refused.json()["error"]["code"] == "invalid_api_key"
    assert "was revoked" in refused.json()["error"]["message"]
    async with transaction(ann.backend.state.sessions) as session:
        of_key = select(AuditRow.action).where(AuditRow.subject == f"api_key:{made['id']}")
        actions = list(await session.scalars(of_key.order_by(AuditRow.number)))
    assert actions == ["api_key_made", "api_key_revoked"]


async def test_what_opens_nothing_is_told_why(ann: Owner) -> None:
    client, key = ann.backend.client, await ann.key()
    for headers in ({}, bearer("sdk_nobody-made-this"), await ann.headers()):
        refused = await client.get(MODELS, headers=headers)
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "invalid_api_key")
        assert "shiftdesk keys make" in refused.json()["error"]["message"]
    async with transaction(ann.backend.state.sessions) as session:
        its = update(ApiKey).where(ApiKey.desk_id == ann.desk)
        await session.execute(its.values(expires_at=datetime.now(UTC)))
    expired = await client.get(MODELS, headers=bearer(key))
    assert expired.json()["error"]["code"] == "api_key_expired"


async def test_a_key_of_a_disabled_account_opens_nothing(ann: Owner) -> None:
    key = await ann.key()
    async with transaction(ann.backend.state.sessions) as session:
        its = update(User).where(User.login == ann.login)
        await session.execute(its.values(disabled_at=datetime.now(UTC)))
    refused = await ann.backend.client.get(MODELS, headers=bearer(key))
    assert refused.json()["error"]["code"] == "account_disabled"


async def test_a_key_opens_the_doors_and_nothing_else(ann: Owner) -> None:
    key = await ann.key()
    for path in ("/api/v1/desk", "/api/v1/desk/keys", "/api/v1/orders", "/api/v1/me"):
        assert (await ann.backend.client.get(path, headers=bearer(key))).status_code == 401


async def test_a_scope_that_is_missing_is_named(ann: Owner) -> None:
    key = await ann.key("read")
    body = {"model": "shiftdesk", "messages": [{"role": "user", "content": "Cash?"}]}
    answer = await ann.backend.client.post("/v1/chat/completions", json=body, headers=bearer(key))
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "scope_missing"
    assert "'chat'" in answer.json()["error"]["message"]


async def test_keys_are_the_owner_s_to_make_and_those_who_run_the_desk_s_to_revoke(
    ann: Owner,
) -> None:
    client, made = ann.backend.client, await ann.make()
    bob = await Owner.enter(ann.backend)
    eve = await Owner.enter(ann.backend, organisation="Elsewhere")
    for stranger in (bob, eve):
        headers = await stranger.headers()
        assert (await client.get(f"{KEYS}?desk={ann.desk}", headers=headers)).status_code == 404
        answer = await client.delete(f"{KEYS}/{made['id']}", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "key_not_found")
    await ann.backend.user("olga", Role.OPERATOR)
    await ann.backend.user("vic", Role.VIEWER)
    olga, vic = await ann.backend.sign_in("olga"), await ann.backend.sign_in("vic")
    body, of_ann = {"name": "mine"}, f"{KEYS}?desk={ann.desk}"
    assert (await client.post(of_ann, json=body, headers=olga)).status_code == 403
    one = f"{KEYS}/{made['id']}?desk={ann.desk}"
    for refused in (client.post(of_ann, json=body, headers=vic), client.delete(one, headers=vic)):
        assert (await refused).json()["code"] == "desk_not_found"
    assert (await client.delete(one, headers=olga)).json()["state"] == "revoked"


async def test_a_desk_has_so_many_keys_and_no_more(ann: Owner) -> None:
    headers = await ann.headers()
    wanted = [
        ann.backend.client.post(KEYS, json={"name": "n"}, headers=headers)
        for _ in range(service.MOST_KEYS + 3)
    ]
    statuses = sorted(answer.status_code for answer in await asyncio.gather(*wanted))
    assert statuses == [201] * service.MOST_KEYS + [409] * 3


async def test_a_key_keeps_to_its_pace(ann: Owner) -> None:
    key = await ann.key()
    state = ann.backend.state
    for left in reversed(range(A_MINUTE[KeyScope.CHAT])):
        entered = await service.enter(state, key, KeyScope.CHAT)
        assert entered.pace.left == left
    body = {"model": "shiftdesk", "messages": [{"role": "user", "content": "Cash?"}]}
    answer = await ann.backend.client.post("/v1/chat/completions", json=body, headers=bearer(key))
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 60
    assert answer.json()["error"]["type"] == "rate_limit_error"
    await service.enter(state, key, KeyScope.READ)
    await service.enter(state, await ann.key(), KeyScope.CHAT)


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"scopes": []}, {"scopes": ["write"]}, {"expires_in_days": 400}]
)
async def test_a_key_that_cannot_be_made_is_refused(ann: Owner, wrong: dict[str, object]) -> None:
    answer = await ann.backend.client.post(
        KEYS, json={"name": "n"} | wrong, headers=await ann.headers()
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
