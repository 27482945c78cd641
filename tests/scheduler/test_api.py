"""REST through the client that the back end uses, on real stores."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import httpx
import msgspec
import pytest
from redis.asyncio import Redis

from ai_pod.contracts import keys, tokens
from ai_pod.contracts.plan import Phase, Plan
from ai_pod.contracts.tokens import DEFAULT_SECRET
from scheduler.app import create_app
from scheduler.contracts.audit import first_broken
from scheduler.contracts.client import SchedulerClient, SchedulerRefused
from scheduler.contracts.overrides import OverrideRequest
from tests.support.build_scheduler import (
    HOUR,
    NOW,
    ORGANISATION,
    anchored,
    heartbeat,
    override_request,
    patch_request,
    settings,
    until,
)
from tests.support.wire import wire

MINE = {"organisation": ORGANISATION, "actor": "olga"}
SLOW = anchored(speed=1.0)


@dataclass(frozen=True)
class Service:
    """The scheduler in this process: its client, and bare HTTP."""

    client: SchedulerClient
    http: httpx.AsyncClient


async def _serve(stack: AsyncExitStack, url: str, redis_url: str) -> Service:
    app = create_app(settings(url, redis_url, clock=SLOW, pools="XNYS,XLON,24/7"))
    await stack.enter_async_context(app.router.lifespan_context(app))
    transport = httpx.ASGITransport(app)
    http = await stack.enter_async_context(
        httpx.AsyncClient(transport=transport, base_url="http://scheduler")
    )
    client = SchedulerClient(http, "http://scheduler", DEFAULT_SECRET, "backend")
    return Service(client, http)


@pytest.fixture
async def service(migrated_url: str, redis_url: str) -> AsyncIterator[Service]:
    async with AsyncExitStack() as stack:
        yield await _serve(stack, migrated_url, redis_url)


def _authorised(audience: str = "scheduler", secret: str = DEFAULT_SECRET) -> dict[str, str]:
    token = tokens.issue(secret, issuer="backend", audience=audience, actor="olga")
    return {"Authorization": f"Bearer {token}"}


async def _published(redis: Redis, version: int) -> Plan:
    """The published plan, once its version is at least `version`."""
    found: list[Plan] = []

    async def there() -> bool:
        value = await redis.get(keys.plan("XNYS"))
        found[:] = [Plan.decode(value)] if isinstance(value, bytes) else []
        return bool(found) and found[0].version >= version

    await until(there)
    return found[0]


async def test_the_schedule_shows_plans_marks_and_pods(service: Service, redis: Redis) -> None:
    await redis.set(keys.pod("pod-1"), msgspec.json.encode(heartbeat("pod-1", Phase.LEARNING)))
    view = await service.client.schedule(hours=24)
    assert [plan.pool for plan in view.plans] == ["XNYS", "XLON", "24/7"]
    assert view.plans[0].segments[-1].ends > view.now + timedelta(hours=24)
    assert view.plans[0].segments[-1].starts < view.now + timedelta(hours=24)
    assert (view.pods[0].pod, view.pods[0].wanted) == ("pod-1", "trading")
    longer = await service.client.schedule(hours=168)
    assert len(longer.plans[0].segments) > len(view.plans[0].segments)
    assert (view.speed, view.marks["24/7"]) == (1.0, ())
    longest = await service.client.schedule(hours=14 * 24)
    assert longest.plans[0].segments[-1].ends >= longest.now + timedelta(days=14)
    assert (
        longest.plans[0].segments[: len(longer.plans[0].segments) - 1]
        == (longer.plans[0].segments[:-1])
    )


async def test_an_override_takes_is_listed_and_ends(service: Service, redis: Redis) -> None:
    before = await _published(redis, 0)
    asked = override_request("pool:XNYS", Phase.LEARNING, ends=NOW + 5 * HOUR)
    made = await service.client.set_override(asked, **MINE)
    assert (made.owner, made.phase, made.scope) == ("olga", Phase.LEARNING, "pool:XNYS")
    plan = await _published(redis, before.version + 1)
    segment = plan.segment_at("pod-1", made.starts + timedelta(seconds=1))
    assert segment is not None
    assert (segment.phase, segment.override) == (Phase.LEARNING, made.id)
    assert await service.client.overrides(organisation=ORGANISATION) == [made]
    ended = await service.client.end_override(made.id, **MINE)
    assert ended.ended_by == "olga"
    plan = await _published(redis, plan.version + 1)
    segment = plan.segment_at("pod-1", NOW + 2 * HOUR)
    assert segment is not None
    assert segment.phase is Phase.TRADING
    assert await service.client.overrides(organisation=ORGANISATION) == []
    assert await service.client.overrides(organisation=ORGANISATION, ended=True) == [ended]


async def test_a_request_that_comes_again_with_its_key_is_one_override(service: Service) -> None:
    asked = override_request("pool:XNYS", Phase.LEARNING, ends=NOW + 5 * HOUR)
    calls = [service.client.set_override(asked, **MINE, key="k") for _ in range(4)]
    made, *others = await asyncio.gather(*calls)
    assert others == [made] * 3
    ended = await service.client.end_override(made.id, **MINE)
    assert await service.client.set_override(asked, **MINE, key="k") == ended
    rows = await service.client.audit(organisation=ORGANISATION)
    assert [row.action for row in rows] == ["override_set", "override_ended"]
    theirs = {"organisation": "org-2", "actor": "sam"}
    other = [
        await service.client.set_override(asked, **theirs, key="k"),
        await service.client.set_override(asked, **MINE, key="another"),
        await service.client.set_override(asked, **MINE),
        await service.client.set_override(asked, **MINE),
        await service.client.set_override(override_request("all"), **MINE, key="k"),
    ]
    assert len({made.id, *(one.id for one in other)}) == 6


async def test_a_preview_changes_nothing_and_then_comes_true(
    service: Service, redis: Redis
) -> None:
    before = await _published(redis, 0)
    asked = override_request("pool:XNYS", Phase.PAUSED, ends=NOW + 3 * HOUR)
    preview = await service.client.preview(asked)
    assert (await _published(redis, 0)).version == before.version
    await service.client.set_override(asked, **MINE)
    plan = await _published(redis, before.version + 1)
    assert [(change.pool, change.pod) for change in preview.changes] == [("XNYS", None)]
    for change in preview.changes:
        middle = change.starts + (change.ends - change.starts) / 2
        segment = plan.segment_at("pod-1", middle)
        assert segment is not None
        assert segment.phase is change.after.phase


async def test_a_preview_for_a_pod_knows_its_pool(service: Service, redis: Redis) -> None:
    await redis.set(keys.pod("pod-1"), msgspec.json.encode(heartbeat("pod-1", Phase.TRADING)))
    known = await service.client.preview(override_request("pod:pod-1"))
    assert {(change.pool, change.pod) for change in known.changes} == {("XNYS", "pod-1")}
    assert known.warnings == ()
    unknown = await service.client.preview(override_request("pod:pod-2"))
    assert {change.pool for change in unknown.changes} == {"XNYS", "XLON", "24/7"}
    assert "no pod pod-2 is alive now" in unknown.warnings[0]


async def test_a_patch_closes_a_day_and_is_taken_back(service: Service, redis: Redis) -> None:
    before = await _published(redis, 0)
    made = await service.client.set_patch(patch_request(), **MINE)
    plan = await _published(redis, before.version + 1)
    noon = datetime.fromisoformat("2012-10-18T16:00:00Z")
    segment = plan.segment_at("pod-1", noon)
    assert segment is not None
    assert segment.reason == "patch: a storm is coming"
    view = await service.client.schedule()
    assert [mark.detail for mark in view.marks["XNYS"]] == ["closed: a storm is coming"]
    withdrawn = await service.client.withdraw_patch(made.id, **MINE)
    assert await service.client.patches(organisation=ORGANISATION) == [withdrawn]
    plan = await _published(redis, plan.version + 1)
    segment = plan.segment_at("pod-1", noon)
    assert segment is not None
    assert segment.phase is Phase.TRADING


async def test_the_audit_tells_all_and_only_ones_own(service: Service) -> None:
    made = await service.client.set_override(override_request(), **MINE)
    await service.client.set_override(override_request(), organisation="org-2", actor="sam")
    await service.client.end_override(made.id, organisation=ORGANISATION, actor="rita")
    rows = await service.client.audit(organisation=ORGANISATION)
    assert [(row.actor, row.action) for row in rows] == [
        ("olga", "override_set"),
        ("rita", "override_ended"),
    ]
    assert first_broken(rows) is None
    assert await service.client.audit(organisation=ORGANISATION, after=1) == rows[1:]


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (override_request(starts=NOW + HOUR, ends=NOW), "override_ends_before_start"),
        (override_request(ends=NOW - HOUR), "override_ends_in_past"),
        (override_request("pool:XTKS"), "override_pool_unknown"),
    ],
)
async def test_refusals_are_problems_with_a_code(
    service: Service, request_: OverrideRequest, code: str
) -> None:
    for call in (service.client.set_override(request_, **MINE), service.client.preview(request_)):
        with pytest.raises(SchedulerRefused) as refusal:
            await call
        assert refusal.value.status == 422
        assert refusal.value.problem["code"] == code
    assert await service.client.audit(organisation=ORGANISATION) == []


async def test_what_is_gone_or_anothers_is_refused(service: Service) -> None:
    made = await service.client.set_override(override_request(), **MINE)
    with pytest.raises(SchedulerRefused) as refusal:
        await service.client.end_override(made.id, organisation="org-2", actor="sam")
    assert (refusal.value.status, refusal.value.problem["code"]) == (404, "override_not_found")
    ended = await service.client.end_override(made.id, **MINE)
    with pytest.raises(SchedulerRefused) as refusal:
        await service.client.end_override(made.id, organisation=ORGANISATION, actor="sam")
    assert (refusal.value.status, refusal.value.problem["code"]) == (409, "override_already_ended")
    assert await service.client.end_override(made.id, **MINE) == ended, (
        "who ended it hears so again"
    )
    actions = [row.action for row in await service.client.audit(organisation=ORGANISATION)]
    assert actions == ["override_set", "override_ended"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "body_not_json"),
        (b"{", "body_not_json"),
        (b"{}", "body_invalid"),
        (b'{"scope":"all","phase":"dancing","ends":"2012-10-18T00:00:00Z"}', "body_invalid"),
        (b'{"scope":"all","phase":"paused","ends":"soon","reason":"because"}', "body_invalid"),
    ],
)
async def test_bodies_that_are_not_understood(service: Service, content: bytes, code: str) -> None:
    response = await service.http.post(
        f"/v1/overrides?organisation={ORGANISATION}", content=content, headers=_authorised()
    )
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.status_code, response.json()["code"]) == (422, code)


async def test_a_body_that_is_too_large_is_refused(service: Service) -> None:
    url, body = f"/v1/overrides?organisation={ORGANISATION}", b" " * 70_000
    response = await service.http.post(url, content=body, headers=_authorised())
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.status_code, response.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Basic b2xnYTpvbGdh"},
        _authorised(audience="ai-pod"),
        _authorised(secret="another-secret-that-is-long-enough-to-sign"),
    ],
)
async def test_only_services_with_a_token_are_answered(
    service: Service, headers: dict[str, str]
) -> None:
    for path in ("/v1/schedule", f"/v1/overrides?organisation={ORGANISATION}"):
        response = await service.http.get(path, headers=headers)
        assert response.status_code == 401
        assert response.json()["code"] in ("token_missing", "token_refused")


@pytest.mark.parametrize(
    ("path", "status"),
    [("/v1/overrides", 422), ("/v1/schedule?hours=0", 422), ("/v1/nothing", 404)],
)
async def test_other_mistakes_are_problems_too(service: Service, path: str, status: int) -> None:
    response = await service.http.get(path, headers=_authorised())
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert set(response.json()) == {"type", "title", "status", "detail", "code"}


async def test_health_and_metrics(service: Service, redis: Redis) -> None:
    await _published(redis, 0)
    assert (await service.http.get("/healthz")).status_code == 200
    assert (await service.http.get("/readyz")).status_code == 200
    assert 'scheduler_plan_version{pool="XNYS"}' in (await service.http.get("/metrics")).text


async def test_the_schedule_is_shown_while_both_stores_are_away(
    migrated_url: str, redis_url: str, redis: Redis
) -> None:
    async with AsyncExitStack() as stack:
        lines = [await stack.enter_async_context(wire(url)) for url in (migrated_url, redis_url)]
        service = await _serve(stack, lines[0].url, lines[1].url)
        await _published(redis, 0)
        for line in lines:
            line.cut()
        view = await service.client.schedule()
        assert len(view.plans) == 3
        assert view.pods == ()
        with pytest.raises(SchedulerRefused) as refusal:
            await service.client.set_override(override_request(), **MINE)
        assert (refusal.value.status, refusal.value.problem["code"]) == (503, "database_away")
        for line in lines:
            await line.mend()
        await service.client.set_override(override_request(), **MINE)


async def test_without_a_schema_it_waits_and_says_what_to_do(
    database_url: str, redis_url: str
) -> None:
    async with AsyncExitStack() as stack:
        service = await _serve(stack, database_url, redis_url)
        assert (await service.http.get("/readyz")).status_code == 503
        with pytest.raises(SchedulerRefused, match=r"python -m scheduler\.migrate") as refusal:
            await service.client.set_override(override_request(), **MINE)
        assert refusal.value.problem["code"] == "database_not_migrated"


def test_the_patchs_day_is_a_date_on_the_wire() -> None:
    assert b'"day":"2012-10-18"' in msgspec.json.encode(patch_request(date(2012, 10, 18)))
