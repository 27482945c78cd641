"""Saved questions, and previews of two versions on a pod: nothing of them is kept."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from redis.asyncio import Redis
from sqlalchemy import func, select

from ai_pod.contracts.chat import ReplyRequest, RunEvent, RunEventKind
from ai_pod.contracts.instructions import InstructionsClient
from backend.auth.dependencies import Caller
from backend.chat import previews, questions
from backend.chat.instruction_schemas import InstructionPreview
from backend.database import transaction
from backend.models import Message, Role, Run, Thread, User
from tests.support.build_backend import Backend
from tests.support.build_desks import make_desks
from tests.support.chat_web import client_of
from tests.support.fake_pod import running_pod

URL = "/api/v1/instructions"


@pytest.fixture
async def olga(backend: Backend) -> dict[str, str]:
    """An operator's headers; two versions; a desk to ask about."""
    await backend.user("olga", Role.OPERATOR)
    headers = await backend.sign_in("olga")
    await make_desks(backend.state, ["ann"])
    made = await backend.client.post(URL, json={"text": "Be brief."}, headers=headers)
    assert made.json()["version"] == 2
    return headers


async def in_words(request: ReplyRequest) -> AsyncIterator[RunEvent | None]:
    """Answers by the version that it is bound to."""
    text = f"v{request.instructions} on {request.text}"
    yield RunEvent(kind=RunEventKind.TOOL, data={"name": "cash", "facts": []})
    yield RunEvent(kind=RunEventKind.USAGE, data={"model": "scripted"})
    done = {"text": text, "instructions": request.instructions, "grounded": True}
    yield RunEvent(kind=RunEventKind.DONE, data=done)


async def preview(
    backend: Backend, headers: dict[str, str], **body: object
) -> list[tuple[str, dict[str, Any]]]:
    answer = await backend.client.post(
        f"{URL}/preview", json={"before": 1, "after": 2, **body}, headers=headers
    )
    assert answer.status_code == 200, answer.text
    lines = [line.partition(": ")[2] for line in answer.text.splitlines() if line]
    return [(kind, json.loads(data)) for kind, data in zip(lines[::2], lines[1::2], strict=True)]


async def stored(backend: Backend) -> int:
    async with transaction(backend.state.sessions) as session:
        counts = [
            (await session.scalars(select(func.count()).select_from(table))).one()
            for table in (Thread, Message, Run)
        ]
    return sum(counts)


async def test_two_versions_answer_side_by_side_and_nothing_is_kept(
    backend: Backend, olga: dict[str, str]
) -> None:
    for text in ("How much cash?", "Why IBM?"):
        await backend.client.post(f"{URL}/questions", json={"text": text}, headers=olga)
    state = backend.state
    async with running_pod(state.redis, "pod-1", state.settings.secret, in_words) as pod:
        heard = await preview(backend, olga)
        assert {one.label for one in pod.asked} == {"preview"}
        assert {one.desk for one in pod.asked} == {heard[-1][1]["desk"]}
        assert {one.zone for one in pod.asked} == {"America/New_York"}
    assert [kind for kind, _ in heard] == ["pair", "pair", "done"]
    first = heard[0][1]
    assert first["question"] == "How much cash?"
    assert (first["before"]["text"], first["after"]["text"]) == (
        "v1 on How much cash?",
        "v2 on How much cash?",
    )
    assert first["after"]["tools"] == ["cash"]
    assert first["after"]["written_by"] == "scripted"
    assert await stored(backend) == 0
    runs = [key async for key in state.redis.scan_iter(match="ai:runs:*")]
    assert runs == []


async def test_a_text_of_the_moment_and_one_of_the_saved(
    backend: Backend, olga: dict[str, str]
) -> None:
    url = f"{URL}/questions"
    made = [
        (await backend.client.post(url, json={"text": text}, headers=olga)).json()["id"]
        for text in ("One?", "Two?", "Three?")
    ]
    state = backend.state
    async with running_pod(state.redis, "pod-1", state.settings.secret, in_words):
        now = await preview(backend, olga, text="Now?")
        assert (now[0][1]["question_id"], now[0][1]["question"]) == (None, "Now?")
        one = await preview(backend, olga, questions=[made[1]])
        assert [data.get("question_id") for _, data in one] == [made[1], None]


async def test_what_breaks_is_told_in_its_place(backend: Backend, olga: dict[str, str]) -> None:
    async def half(request: ReplyRequest) -> AsyncIterator[RunEvent | None]:
        if request.instructions == 1:
            failed = {"code": "busy", "detail": "The chatbot answers many questions now."}
            yield RunEvent(kind=RunEventKind.ERROR, data=failed)
        yield None

    state = backend.state
    gone = await preview(backend, olga, text="Hi?")
    assert [(kind, data["code"]) for kind, data in gone] == [("error", "no_pod")]
    async with running_pod(state.redis, "pod-1", state.settings.secret, half):
        heard = await preview(backend, olga, text="Hi?")
    pair = heard[0][1]
    assert pair["before"]["error"] == "The chatbot answers many questions now."
    assert "ended before the answer" in pair["after"]["error"]


async def test_a_pod_whose_words_are_broken_is_told_in_its_place(
    backend: Backend, olga: dict[str, str]
) -> None:
    async def no_object(request: ReplyRequest) -> AsyncIterator[RunEvent | None]:
        data: Any = ["no object"]
        yield RunEvent(kind=RunEventKind.DONE, data=data)

    state = backend.state
    async with running_pod(state.redis, "pod-1", state.settings.secret, no_object):
        heard = await preview(backend, olga, text="Hi?")
    assert [kind for kind, _ in heard] == ["pair", "done"]
    assert heard[0][1]["after"]["error"] == "the pod stopped answering; preview again"


async def test_a_store_that_goes_away_is_told_in_the_stream(
    backend: Backend, olga: dict[str, str]
) -> None:
    async with transaction(backend.state.sessions) as session:
        asker = (await session.scalars(select(User).where(User.login == "olga"))).one()
    caller = Caller(asker.id, asker.organisation_id, Role.OPERATOR, asker.name, asker.login)
    asked = InstructionPreview(before=1, after=2, text="Hi?")
    its = await previews.prepare(backend.state, caller, asked)
    async with Redis.from_url("redis://127.0.0.1:9/0") as nowhere:
        away = replace(its, state=replace(backend.state, redis=nowhere))
        (told,) = [each async for each in away.stream()]
    assert told.startswith(b"event: error\n")
    assert b"store_away" in told


async def test_what_cannot_be_previewed_is_refused(backend: Backend, olga: dict[str, str]) -> None:
    (elsewhere,) = await make_desks(backend.state, ["piet"], organisation="Other")
    for body, status, code in (
        ({}, 422, "no_question"),
        ({"text": "Hi?", "after": 9}, 404, "version_not_found"),
        ({"text": "Hi?", "desk": elsewhere}, 404, "desk_not_found"),
        ({"questions": ["question_0"]}, 404, "question_not_found"),
    ):
        answer = await backend.client.post(
            f"{URL}/preview", json={"before": 1, "after": 2, **body}, headers=olga
        )
        assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_pod_can_read_what_is_previewed_at_once(
    backend: Backend, olga: dict[str, str]
) -> None:
    """Even where Redis had lost it a moment ago."""
    client = InstructionsClient(backend.state.redis)
    await backend.state.redis.flushall()
    await preview(backend, olga, text="Hi?")
    assert (await client.get(2)).text == "Be brief."


async def test_questions_are_edited_and_are_the_organisations_own(
    backend: Backend, olga: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, url = backend.client, f"{URL}/questions"
    key = olga | {"Idempotency-Key": "once"}
    made = [
        (await client.post(url, json={"text": "Why?"}, headers=key)).json()["id"] for _ in range(2)
    ]
    assert made[0] == made[1]
    await backend.user("piet", Role.OPERATOR, "Other")
    piet = await backend.sign_in("piet")
    theirs = f"{url}/{made[0]}"
    assert (await client.put(theirs, json={"text": "Mine"}, headers=piet)).status_code == 404
    assert (await client.delete(theirs, headers=piet)).status_code == 404
    assert (await client.get(url, headers=piet)).json()["items"] == []
    changed = await client.put(theirs, json={"text": "Why IBM?"}, headers=olga)
    assert changed.json()["text"] == "Why IBM?"
    monkeypatch.setattr(questions, "MOST", 2)
    for expected in (201, 409):
        answer = await client.post(url, json={"text": "More?"}, headers=olga)
        assert answer.status_code == expected
    first = (await client.get(f"{url}?limit=1", headers=olga)).json()
    rest = (await client.get(f"{url}?cursor={first['next_cursor']}", headers=olga)).json()
    texts = [one["text"] for one in first["items"] + rest["items"]]
    assert texts == ["Why IBM?", "More?"]
    assert (await client.delete(theirs, headers=olga)).status_code == 204
    assert (await client.delete(theirs, headers=olga)).status_code == 404
    rows = (await client.get("/api/v1/audit", headers=olga)).json()["items"]
    assert rows[0]["action"] == "question_deleted"
    assert rows[0]["before"] == {"text": "Why IBM?"}


async def test_who_leaves_ends_the_preview(backend: Backend, olga: dict[str, str]) -> None:
    """The pod is told, as it is when a question's asker goes."""
    began, ended = asyncio.Event(), asyncio.Event()

    async def endless(request: ReplyRequest) -> AsyncIterator[RunEvent | None]:
        began.set()
        try:
            yield RunEvent(kind=RunEventKind.STEP, data={"name": "understand"})
            await asyncio.Event().wait()
        finally:
            ended.set()

    state = backend.state
    async with running_pod(state.redis, "pod-1", state.settings.secret, endless):
        body = {"before": 1, "after": 2, "text": "Hi?"}
        async with client_of(backend, olga) as client:
            async with client.stream("POST", f"{URL}/preview", json=body) as answer:
                assert answer.status_code == 200
                await asyncio.wait_for(began.wait(), 10)
                assert not ended.is_set()
            await asyncio.wait_for(ended.wait(), 10)
