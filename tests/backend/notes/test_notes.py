"""Notes over HTTP, and what chatbots see of them in Redis."""

from typing import Any

import httpx
import msgspec
import pytest
from sqlalchemy import select

from ai_pod.contracts import keys
from ai_pod.contracts.notes import Note
from backend.database import transaction
from backend.models import Role, User
from backend.notes import service
from tests.support.build_backend import Backend

NOTE = {"title": "Copper", "text": "The hedge lies with the broker in Rotterdam."}


@pytest.fixture
async def people(backend: Backend) -> Backend:
    for login, role, organisation in (
        ("ann", Role.TRADER, "Test"),
        ("ben", Role.TRADER, "Test"),
        ("olga", Role.OPERATOR, "Test"),
        ("vera", Role.VIEWER, "Test"),
        ("zoe", Role.OPERATOR, "Other"),
    ):
        await backend.user(login, role, organisation)
    return backend


async def call(backend: Backend, login: str, method: str, path: str, **rest: Any) -> httpx.Response:
    headers = await backend.sign_in(login) | rest.pop("headers", {})
    return await backend.client.request(method, f"/api/v1/notes{path}", headers=headers, **rest)


async def laid_out(backend: Backend, login: str) -> list[Note]:
    """The notes of the user's organisation as a chatbot finds them."""
    async with transaction(backend.state.sessions) as session:
        user = (await session.scalars(select(User).where(User.login == login))).one()
    found = await backend.state.redis.hvals(keys.notes(user.organisation_id))
    return [msgspec.json.decode(body, type=Note) for body in found]


async def test_a_note_is_written_read_changed_and_deleted(people: Backend) -> None:
    made = await call(people, "ann", "POST", "", json=NOTE)
    assert made.status_code == 201, made.text
    note = made.json()
    assert (note["author"], note["instrument"]) == ("ann", "")
    assert (await call(people, "ben", "GET", f"/{note['id']}")).json() == note
    (seen,) = await laid_out(people, "ben")
    assert (seen.title, seen.date) == ("Copper", note["day"])
    changed = await call(people, "ann", "PATCH", f"/{note['id']}", json={"text": "Antwerp."})
    assert changed.json()["text"] == "Antwerp."
    (newer,) = await laid_out(people, "ann")
    assert (newer.text, newer.revision > seen.revision) == ("Antwerp.", True)
    assert (await call(people, "ann", "DELETE", f"/{note['id']}")).status_code == 204
    assert await laid_out(people, "ann") == []
    assert (await call(people, "ann", "GET", f"/{note['id']}")).status_code == 404


async def test_another_organisation_sees_none_of_it(people: Backend) -> None:
    note = (await call(people, "ann", "POST", "", json=NOTE)).json()
    for method in ("GET", "PATCH", "DELETE"):
        body = {"text": "Mine."} if method == "PATCH" else None
        answer = await call(people, "zoe", method, f"/{note['id']}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "note_not_found")
    assert (await call(people, "zoe", "GET", "")).json()["items"] == []
    assert await laid_out(people, "zoe") == []


async def test_its_author_or_an_operator_changes_it(people: Backend) -> None:
    note = (await call(people, "ann", "POST", "", json=NOTE)).json()
    path = f"/{note['id']}"
    assert (await call(people, "ben", "PATCH", path, json={"title": "Tin"})).status_code == 403
    assert (await call(people, "olga", "PATCH", path, json={"title": "Tin"})).status_code == 200
    assert (await call(people, "vera", "POST", "", json=NOTE)).status_code == 403
    assert (await call(people, "vera", "GET", path)).json()["title"] == "Tin"


async def test_pages_and_idempotency(people: Backend) -> None:
    for number in range(3):
        headers = {"Idempotency-Key": f"note-{number}"}
        for _ in range(2):
            body = NOTE | {"title": f"Note {number}", "instrument": f"XNYS:N{number % 2}"}
            await call(people, "ann", "POST", "", json=body, headers=headers)
    first = (await call(people, "ann", "GET", "?limit=2")).json()
    rest = (await call(people, "ann", "GET", f"?limit=2&cursor={first['next_cursor']}")).json()
    titles = [one["title"] for one in (*first["items"], *rest["items"])]
    assert titles == ["Note 2", "Note 1", "Note 0"]
    assert rest["next_cursor"] is None
    of_one = (await call(people, "ann", "GET", "?instrument=XNYS:N1")).json()["items"]
    assert [one["title"] for one in of_one] == ["Note 1"]


async def test_bad_notes_are_refused(people: Backend) -> None:
    for wrong in ({"title": ""}, {"text": "x" * 2_001}, {"instrument": "IBM"}, {"day": "soon"}):
        answer = await call(people, "ann", "POST", "", json=NOTE | wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_what_redis_lost_or_kept_too_long_is_mended(people: Backend) -> None:
    note = (await call(people, "ann", "POST", "", json=NOTE)).json()
    before = await laid_out(people, "ann")
    await people.state.redis.flushall()
    await service.compare(people.state)
    assert await laid_out(people, "ann") == before
    saved = {
        key: await people.state.redis.dump(key)
        for key in await people.state.redis.keys("ai:notes*")
    }
    await call(people, "ann", "DELETE", f"/{note['id']}")
    for key, value in saved.items():
        await people.state.redis.restore(key, 0, value, replace=True)
    await service.compare(people.state)
    assert await laid_out(people, "ann") == []
