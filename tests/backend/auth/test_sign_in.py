"""Signing in, staying signed in, and what an attacker meets."""

import asyncio

import jwt
import pytest
from pydantic import ValidationError

from backend.auth.throttle import Allowance
from backend.models import Role
from backend.settings import Settings
from tests.support.build_backend import PASSWORD, Backend

LOGIN = "/api/v1/auth/login"
REFRESH = "/api/v1/auth/refresh"


async def test_who_signs_in_is_told_who_they_are(backend: Backend) -> None:
    await backend.user("ann", Role.TRADER)
    answer = await backend.client.get("/api/v1/me", headers=await backend.sign_in("ann"))
    said = answer.json()
    assert said["user"]["login"] == "ann"
    assert said["user"]["role"] == "trader"
    assert said["organisation"]["name"] == "Test"
    assert said["desk"] is None


async def test_a_wrong_password_and_an_unknown_login_look_the_same(backend: Backend) -> None:
    await backend.user("ann", Role.TRADER)
    wrong = await backend.client.post(LOGIN, json={"login": "ann", "password": "no"})
    unknown = await backend.client.post(LOGIN, json={"login": "bob", "password": "no"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.headers["content-type"] == "application/problem+json"
    assert wrong.json()["code"] == "wrong_credentials"


async def test_guessing_is_stopped_even_when_it_is_done_at_once(backend: Backend) -> None:
    await backend.user("ann", Role.TRADER)
    body = {"login": "ann", "password": "no"}
    tries = [backend.client.post(LOGIN, json=body) for _ in range(Allowance().pair + 4)]
    statuses = sorted(answer.status_code for answer in await asyncio.gather(*tries))
    assert statuses == [401] * Allowance().pair + [429] * 4
    refused = await backend.client.post(LOGIN, json={"login": "ann", "password": PASSWORD})
    assert refused.json()["code"] == "too_many_attempts"
    assert int(refused.headers["retry-after"]) > 0


async def test_a_refresh_token_works_once_and_its_reuse_ends_the_family(backend: Backend) -> None:
    await backend.user("ann", Role.TRADER)
    first = (await backend.client.post(LOGIN, json={"login": "ann", "password": PASSWORD})).json()
    stolen = {"refresh_token": first["refresh_token"]}
    second = await backend.client.post(REFRESH, json=stolen)
    assert second.status_code == 200
    reused = await backend.client.post(REFRESH, json=stolen)
    assert reused.json()["code"] == "refresh_refused"
    newest = {"refresh_token": second.json()["refresh_token"]}
    assert (await backend.client.post(REFRESH, json=newest)).status_code == 401


async def test_two_refreshes_at_once_never_both_succeed(backend: Backend) -> None:
    await backend.user("ann", Role.TRADER)
    first = (await backend.client.post(LOGIN, json={"login": "ann", "password": PASSWORD})).json()
    body = {"refresh_token": first["refresh_token"]}
    answers = await asyncio.gather(*(backend.client.post(REFRESH, json=body) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401]


async def test_a_page_keeps_its_refresh_token_in_a_cookie_it_cannot_read(backend: Backend) -> None:
    await backend.user("ann", Role.TRADER)
    body = {"login": "ann", "password": PASSWORD, "cookie": True}
    answer = await backend.client.post(LOGIN, json=body)
    assert answer.json()["refresh_token"] is None
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert (await backend.client.post(REFRESH, json={})).status_code == 200
    assert (await backend.client.post("/api/v1/auth/logout", json={})).status_code == 204
    assert (await backend.client.post(REFRESH, json={})).status_code == 401


async def test_sign_out_ends_the_family(backend: Backend) -> None:
    await backend.user("ann", Role.TRADER)
    tokens = (await backend.client.post(LOGIN, json={"login": "ann", "password": PASSWORD})).json()
    body = {"refresh_token": tokens["refresh_token"]}
    assert (await backend.client.post("/api/v1/auth/logout", json=body)).status_code == 204
    assert (await backend.client.post(REFRESH, json=body)).status_code == 401


@pytest.mark.parametrize("header", [None, "Bearer nonsense", "Basic YTpi"])
async def test_without_a_good_token_nothing_is_told(backend: Backend, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = await backend.client.get("/api/v1/me", headers=headers)
    assert answer.status_code == 401
    assert answer.json()["status"] == 401
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_token_that_another_algorithm_or_secret_signed_is_refused(backend: Backend) -> None:
    user = await backend.user("ann", Role.TRADER)
    claims = {
        "iss": "shiftdesk",
        "aud": "shiftdesk-api",
        "sub": user.id,
        "org": user.organisation_id,
        "exp": 4_000_000_000,
    }
    forged = jwt.encode(claims, backend.state.settings.secret, algorithm="HS256")
    answer = await backend.client.get("/api/v1/me", headers={"Authorization": f"Bearer {forged}"})
    assert answer.json()["code"] == "token_invalid"


async def test_a_role_that_is_not_enough_is_403(backend: Backend) -> None:
    await backend.user("ann", Role.TRADER)
    answer = await backend.client.get("/api/v1/audit", headers=await backend.sign_in("ann"))
    assert answer.status_code == 403
    assert answer.json()["code"] == "forbidden"


@pytest.mark.parametrize("secret", ["", "too-short"])
def test_production_refuses_a_default_or_short_secret(secret: str) -> None:
    values = {"environment": "production"} | ({"secret": secret} if secret else {})
    with pytest.raises(ValidationError, match=r"(?i)secret"):
        Settings.model_validate(values)
