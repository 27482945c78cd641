"""The plan and overrides through a real scheduler, and without one."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from backend.models import Role
from backend.settings import Settings
from scheduler.app import create_app as create_scheduler
from scheduler.migrate import migrate as migrate_scheduler
from scheduler.settings import Settings as SchedulerSettings
from tests.support.build_backend import Backend, running_backend
from tests.support.failing_commits import failing_commits
from tests.support.fake_pod import serving

OVERRIDES = "/api/v1/overrides"


@pytest.fixture
async def scheduled(settings: Settings) -> AsyncIterator[Backend]:
    """A back end with a scheduler beside it, and an operator."""
    migrate_scheduler(settings.database_url)
    theirs = SchedulerSettings(
        database_url=settings.database_url, redis_url=settings.redis_url, secret=settings.secret
    )
    async with serving(create_scheduler(theirs)) as url:
        ours = settings.model_copy(update={"scheduler_url": url})
        async with running_backend(ours) as backend:
            await backend.user("olga", Role.OPERATOR)
            yield backend


def body(**others: object) -> dict[str, object]:
    ends = datetime.now(UTC) + timedelta(hours=1)
    asked = {"scope": "pool:XNYS", "phase": "paused", "ends": ends.isoformat(), "reason": "a test"}
    return asked | others


async def test_an_operator_previews_sets_and_ends_an_override(scheduled: Backend) -> None:
    headers = await scheduled.sign_in("olga")
    client = scheduled.client
    schedule = (await client.get("/api/v1/schedule", headers=headers)).json()
    assert [plan["pool"] for plan in schedule["plans"]] == ["XNYS"]
    preview = await client.post("/api/v1/schedule/preview", json=body(), headers=headers)
    assert preview.json()["changes"][0]["after"]["phase"] == "paused"
    made = await client.post(OVERRIDES, json=body(), headers=headers)
    assert made.status_code == 201, made.text
    override = made.json()
    assert (override["owner"], override["reason"]) == ("olga", "a test")
    listed = (await client.get(OVERRIDES, headers=headers)).json()["items"]
    assert [one["id"] for one in listed] == [override["id"]]
    ended = await client.delete(f"{OVERRIDES}/{override['id']}", headers=headers)
    assert ended.json()["ended_by"] == "olga"
    audit = (await client.get("/api/v1/audit", headers=headers)).json()["items"]
    assert [row["action"] for row in audit[:2]] == ["override_ended", "override_set"]


async def test_an_override_that_is_sent_twice_is_set_once(scheduled: Backend) -> None:
    headers = await scheduled.sign_in("olga") | {"Idempotency-Key": "once"}
    asked = body()
    answers = [await scheduled.client.post(OVERRIDES, json=asked, headers=headers) for _ in "ab"]
    assert answers[0].json() == answers[1].json()
    listed = (await scheduled.client.get(OVERRIDES, headers=headers)).json()["items"]
    assert len(listed) == 1


async def test_an_override_whose_commit_failed_here_is_found_there(scheduled: Backend) -> None:
    headers = await scheduled.sign_in("olga")
    keyed, asked = headers | {"Idempotency-Key": "mine"}, body()
    async with failing_commits(scheduled.state.sessions, "idempotent_answer"):
        failed = await scheduled.client.post(OVERRIDES, json=asked, headers=keyed)
    assert failed.status_code == 500
    made = await scheduled.client.post(OVERRIDES, json=asked, headers=keyed)
    assert made.status_code == 201, made.text
    listed = (await scheduled.client.get(OVERRIDES, headers=headers)).json()["items"]
    assert listed == [made.json()]
    await scheduled.client.post(OVERRIDES, json=asked, headers=headers)
    assert len((await scheduled.client.get(OVERRIDES, headers=headers)).json()["items"]) == 2


async def test_an_end_whose_commit_failed_here_is_told_and_audited_once(scheduled: Backend) -> None:
    headers = await scheduled.sign_in("olga")
    made = (await scheduled.client.post(OVERRIDES, json=body(), headers=headers)).json()
    async with failing_commits(scheduled.state.sessions, "audit_row"):
        failed = await scheduled.client.delete(f"{OVERRIDES}/{made['id']}", headers=headers)
    assert failed.status_code == 500
    ends = [
        await scheduled.client.delete(f"{OVERRIDES}/{made['id']}", headers=headers) for _ in "ab"
    ]
    assert [end.status_code for end in ends] == [200, 200]
    assert ends[0].json() == ends[1].json()
    await scheduled.user("oscar", Role.OPERATOR)
    other = await scheduled.client.delete(
        f"{OVERRIDES}/{made['id']}", headers=await scheduled.sign_in("oscar")
    )
    assert (other.status_code, other.json()["code"]) == (409, "override_already_ended")
    subject = {"subject": f"override:{made['id']}"}
    rows = (await scheduled.client.get("/api/v1/audit", params=subject, headers=headers)).json()
    assert [row["action"] for row in rows["items"]] == ["override_ended", "override_set"]


async def test_what_the_scheduler_refuses_passes_through_with_its_code(scheduled: Backend) -> None:
    headers = await scheduled.sign_in("olga")
    before = body(ends=(datetime.now(UTC) - timedelta(hours=1)).isoformat())
    answer = await scheduled.client.post(OVERRIDES, json=before, headers=headers)
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] not in ("scheduler_refused", "internal_error")
    missing = await scheduled.client.delete(f"{OVERRIDES}/none", headers=headers)
    assert missing.status_code == 404


async def test_another_organisations_override_is_404(scheduled: Backend) -> None:
    made = await scheduled.client.post(
        OVERRIDES, json=body(), headers=await scheduled.sign_in("olga")
    )
    await scheduled.user("eve", Role.OPERATOR, "Elsewhere")
    theirs = await scheduled.sign_in("eve")
    override, owner = made.json()["id"], made.json()["organisation"]
    smuggled = f"{override}%3Forganisation%3D{owner}%26x%3D"
    for name in (override, smuggled):
        answer = await scheduled.client.delete(f"{OVERRIDES}/{name}", headers=theirs)
        assert answer.status_code == 404


async def test_overrides_are_for_operators(scheduled: Backend) -> None:
    await scheduled.user("ann", Role.TRADER)
    headers = await scheduled.sign_in("ann")
    assert (await scheduled.client.get("/api/v1/schedule", headers=headers)).status_code == 200
    refused = await scheduled.client.post(OVERRIDES, json=body(), headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize("address", ["", "http://127.0.0.1:9"])
async def test_without_a_scheduler_the_answer_is_503(settings: Settings, address: str) -> None:
    alone = settings.model_copy(update={"scheduler_url": address})
    async with running_backend(alone) as backend:
        await backend.user("olga", Role.OPERATOR)
        headers = await backend.sign_in("olga")
        answer = await backend.client.get("/api/v1/schedule", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (503, "scheduler_away")
