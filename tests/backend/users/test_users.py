"""Accounts are listed and disabled by operators of their own organisation, by nobody else."""

from typing import Any

import pytest

from backend.models import Role, User
from tests.support.build_backend import PASSWORD, Backend

USERS = "/api/v1/users"


@pytest.fixture
async def people(backend: Backend) -> dict[str, User]:
    """ann and bob trade, otto and olga operate; zoe trades and zack operates elsewhere."""
    roles = {"ann": Role.TRADER, "bob": Role.TRADER, "otto": Role.OPERATOR, "olga": Role.OPERATOR}
    found = {login: await backend.user(login, role) for login, role in roles.items()}
    found["zoe"] = await backend.user("zoe", Role.TRADER, "Other")
    found["zack"] = await backend.user("zack", Role.OPERATOR, "Other")
    return found


async def change(backend: Backend, login: str, user: User, *, disabled: bool) -> Any:
    return await backend.client.patch(
        f"{USERS}/{user.id}", json={"disabled": disabled}, headers=await backend.sign_in(login)
    )


async def test_an_operator_sees_the_own_organisation_page_by_page(
    backend: Backend, people: dict[str, User]
) -> None:
    headers = await backend.sign_in("otto")
    first = (await backend.client.get(f"{USERS}?limit=3", headers=headers)).json()
    assert [each["login"] for each in first["items"]] == ["ann", "bob", "olga"]
    rest = await backend.client.get(f"{USERS}?cursor={first['next_cursor']}", headers=headers)
    assert [each["login"] for each in rest.json()["items"]] == ["otto"]
    assert rest.json()["next_cursor"] is None
    assert first["items"][0]["disabled_at"] is None
    assert "password_hash" not in first["items"][0]


async def test_a_disabled_account_is_out_until_it_is_enabled(
    backend: Backend, people: dict[str, User]
) -> None:
    body = {"login": "ann", "password": PASSWORD}
    tokens = (await backend.client.post("/api/v1/auth/login", json=body)).json()
    ann = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert (await backend.client.get("/api/v1/me", headers=ann)).status_code == 200
    answer = await change(backend, "otto", people["ann"], disabled=True)
    assert answer.status_code == 200, answer.text
    assert answer.json()["disabled_at"] is not None
    refused = await backend.client.get("/api/v1/me", headers=ann)
    assert (refused.status_code, refused.json()["code"]) == (401, "account_disabled")
    refresh = {"refresh_token": tokens["refresh_token"]}
    again = await backend.client.post("/api/v1/auth/refresh", json=refresh)
    assert again.status_code == 401
    assert (await backend.client.post("/api/v1/auth/login", json=body)).status_code == 401
    assert (await change(backend, "otto", people["ann"], disabled=False)).status_code == 200
    assert (await backend.client.post("/api/v1/auth/login", json=body)).status_code == 200
    stale = await backend.client.post("/api/v1/auth/refresh", json=refresh)
    assert stale.status_code == 401


async def test_each_change_is_on_the_audit_once(backend: Backend, people: dict[str, User]) -> None:
    for disabled in (True, True, False, False):
        await change(backend, "otto", people["bob"], disabled=disabled)
    answer = await backend.client.get(
        f"/api/v1/audit?subject=user:{people['bob'].id}", headers=await backend.sign_in("otto")
    )
    changes = [(row["action"], row["actor"]) for row in answer.json()["items"]]
    assert changes[:-1] == [("user_enabled", "otto"), ("user_disabled", "otto")]
    assert changes[-1][0] == "user_created"
    assert answer.json()["items"][1]["after"]["disabled_at"] is not None


async def test_nobody_else_may(backend: Backend, people: dict[str, User]) -> None:
    assert (await change(backend, "ann", people["bob"], disabled=True)).status_code == 403
    foreign = await change(backend, "zack", people["bob"], disabled=True)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "user_not_found")
    own = await change(backend, "otto", people["otto"], disabled=True)
    assert (own.status_code, own.json()["code"]) == (409, "own_account")
    listed = await backend.client.get(USERS, headers=await backend.sign_in("zack"))
    assert [each["login"] for each in listed.json()["items"]] == ["zack", "zoe"]
