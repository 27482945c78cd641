"""What holds for every request: problems, bounds, headers, health, the page, the description."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from ai_pod.contracts import tokens
from backend.models import Role
from backend.openapi import openapi
from backend.settings import Settings
from market.probes import STUCK_SECONDS
from tests.support.build_backend import Backend, running_backend, settings_for
from tests.support.fake_pod import beat


async def test_a_body_above_a_megabyte_is_413_announced_or_not(backend: Backend) -> None:
    big = b'{"login": "' + b"x" * (1024 * 1024) + b'", "password": "p"}'
    url, headers = "/api/v1/auth/login", {"Content-Type": "application/json"}

    async def piecewise() -> AsyncIterator[bytes]:
        for start in range(0, len(big), 65536):
            yield big[start : start + 65536]

    announced = await backend.client.post(url, content=big, headers=headers)
    unannounced = await backend.client.post(url, content=piecewise(), headers=headers)
    for answer in (announced, unannounced):
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
        assert answer.headers["content-type"] == "application/problem+json"


async def test_wrong_json_unknown_fields_and_unknown_routes_are_problems(backend: Backend) -> None:
    client = backend.client
    url = "/api/v1/auth/login"
    wrong = await client.post(url, content=b"{", headers={"Content-Type": "application/json"})
    more = await client.post(url, json={"login": "a", "password": "b", "more": 1})
    for answer in (wrong, more):
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    missing = await client.get("/api/v1/nothing-here")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    method = await client.delete(url)
    assert (method.status_code, method.json()["code"]) == (405, "method_not_allowed")


async def test_what_postgres_cannot_hold_is_refused_with_the_reason(backend: Backend) -> None:
    await backend.user("olga", Role.OPERATOR)
    headers, client, url = await backend.sign_in("olga"), backend.client, "/api/v1"
    texts = {"text": "Why\0?"}
    for answer in (
        await client.post(f"{url}/instructions/questions", json=texts, headers=headers),
        await client.get(f"{url}/threads/%00/messages", headers=headers),
        await client.get(f"{url}/usage/models?cursor=2026-01-01~a~%00", headers=headers),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "not_storable"), answer.url
        assert "U+0000" in answer.json()["detail"]
    moved = await client.post(
        f"{url}/instructions/labels/production", json={"version": 2**31}, headers=headers
    )
    assert (moved.status_code, moved.json()["code"]) == (422, "invalid_request")
    for path in ("", "/export"):
        usage = await client.get(f"{url}/usage/models{path}?user=%00", headers=headers)
        assert (usage.status_code, usage.json()["code"]) == (422, "invalid_user")


async def test_every_answer_has_an_id_and_protecting_headers(backend: Backend) -> None:
    first = await backend.client.get("/healthz")
    second = await backend.client.get("/healthz")
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert first.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in first.headers["content-security-policy"]


async def test_readiness_says_which_store_is_away(backend: Backend, settings: Settings) -> None:
    assert (await backend.client.get("/readyz")).json() == {"postgres": "ok", "redis": "ok"}
    away = settings_for(settings.database_url, "redis://127.0.0.1:9/0")
    async with running_backend(away) as other:
        answer = await other.client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["postgres"] == "ok"
        assert answer.json()["redis"] != "ok"
    metrics = (await backend.client.get("/metrics")).text
    assert "backend_allocation_seconds" in metrics
    assert "backend_waiting_desks" in metrics


async def test_without_redis_scaling_names_no_number(backend: Backend, settings: Settings) -> None:
    """An autoscaler that has none ends nobody; a number without a look at the pods may be low."""
    service = tokens.issue(settings.secret, issuer="keda", audience="backend")
    async with running_backend(
        settings_for(settings.database_url, "redis://127.0.0.1:9/0")
    ) as other:
        answer = await other.client.get(
            "/api/v1/scaling?pool=XNYS", headers={"Authorization": f"Bearer {service}"}
        )
        assert (answer.status_code, answer.json()["code"]) == (503, "redis_away")


async def test_a_loop_whose_step_does_not_end_is_dead(backend: Backend) -> None:
    tasks, ours = backend.state.tasks, asyncio.current_task()
    assert (await backend.client.get("/livez")).status_code == 200
    with tasks.step():
        assert (await backend.client.get("/livez")).status_code == 200
        tasks._busy[ours] -= STUCK_SECONDS
        dead = await backend.client.get("/livez")
    assert dead.status_code == 503
    assert ours is not None
    assert dead.json() == {"status": f"stands still: {ours.get_name()}"}
    assert (await backend.client.get("/livez")).status_code == 200


async def test_scaling_takes_service_tokens_and_operators(backend: Backend) -> None:
    await backend.user("olga", Role.OPERATOR)
    await backend.user("ann", Role.TRADER)
    secret = backend.state.settings.secret
    service = {"Authorization": f"Bearer {tokens.issue(secret, issuer='keda', audience='backend')}"}
    other = {"Authorization": f"Bearer {tokens.issue(secret, issuer='x', audience='ai-pod')}"}
    url = "/api/v1/scaling?pool=XNYS"
    said = (await backend.client.get(url, headers=service)).json()
    assert said["wanted_pods"] == 1
    assert {"seated", "waiting", "headroom", "prewarm", "reason", "removable"} <= said.keys()
    headers = await backend.sign_in("olga")
    assert (await backend.client.get(url, headers=headers)).status_code == 200
    assert (await backend.client.get(url, headers=await backend.sign_in("ann"))).status_code == 403
    assert (await backend.client.get(url, headers=other)).status_code == 401
    assert (await backend.client.get("/api/v1/desks", headers=service)).status_code == 401


async def test_an_autoscaler_s_token_opens_scaling_and_nothing_else(settings: Settings) -> None:
    ours = settings_for(
        settings.database_url,
        settings.redis_url,
        scaling_tokens="the-next-token\nthe-last-token",
    )
    async with running_backend(ours) as backend:
        url = "/api/v1/scaling?pool=XNYS"
        for token in ("the-next-token", "the-last-token"):
            headers = {"Authorization": f"Bearer {token}"}
            assert (await backend.client.get(url, headers=headers)).status_code == 200
            assert (await backend.client.get("/api/v1/pods", headers=headers)).status_code == 401
        wrong = {"Authorization": "Bearer the-next-token the-last-token"}
        assert (await backend.client.get(url, headers=wrong)).status_code == 401
    with pytest.raises(ValidationError, match="SHIFTDESK_SCALING_TOKENS"):
        Settings(environment="production", secret="x" * 40, scaling_tokens="short")


async def test_pods_are_shown_with_their_phase_and_free_seats(backend: Backend) -> None:
    await beat(backend.state.redis, "pod-1")
    await backend.user("olga", Role.OPERATOR)
    headers = await backend.sign_in("olga")
    answer = (await backend.client.get("/api/v1/pods", headers=headers)).json()
    (pod,) = answer["items"]
    assert pod["heartbeat"]["phase"] == "trading"
    assert pod["free_seats"] == 10
    assert answer["scaling"][0]["next_action"] == "none"
    one = await backend.client.get("/api/v1/pods/pod-1", headers=headers)
    assert one.json()["pod"] == "pod-1"
    none = await backend.client.get("/api/v1/pods/pod-9", headers=headers)
    assert none.json()["code"] == "pod_not_found"


async def test_the_page_is_served_for_every_path_that_is_no_file(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>Shiftdesk</title>")
    (tmp_path / "assets" / "main-1.js").write_text("1")
    async with running_backend(settings.model_copy(update={"web": tmp_path})) as backend:
        client = backend.client
        for path in ("/", "/desk", "/operator/pods", "/signals/desk-1.20121015T191500Z.XNYS.IBM"):
            assert "Shiftdesk" in (await client.get(path)).text
        script = await client.get("/assets/main-1.js")
        assert "immutable" in script.headers["cache-control"]
        assert (await client.get("/assets/none.js")).status_code == 404
        assert (await client.get("/api/v1/nothing")).json()["code"] == "not_found"
        assert (await client.get("/../pyproject.toml")).status_code == 404


def test_the_description_is_stable_typed_and_knows_its_problems() -> None:
    described = json.loads(openapi())
    assert openapi() == openapi()
    assert "Problem" in described["components"]["schemas"]
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            good = [code for code in operation["responses"] if code.startswith("2")]
            assert good, (method, path)
            if "204" not in good:
                content = operation["responses"][good[0]]["content"]
                assert all(its["schema"] for its in content.values()), (method, path)
            assert "application/problem+json" in operation["responses"]["401"]["content"]
