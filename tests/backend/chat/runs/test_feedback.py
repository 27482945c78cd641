"""One thumb a person and answer, changeable, beside the answer's trace, version and model."""

import httpx
from sqlalchemy import update

from ai_pod.contracts import keys
from backend.database import transaction
from backend.models import Message, Role
from tests.support.build_backend import Backend
from tests.support.chat_web import THREADS, ask, thread_of
from tests.support.fake_pod import running_pod

DATA = {
    "trace_id": "a" * 32,
    "instructions": 7,
    "usage": {"model": "composer", "input_tokens": 0, "output_tokens": 0},
}


async def answered(backend: Backend, web: httpx.AsyncClient, text: str = "Hello") -> list[str]:
    """The ids of a question and its answer."""
    state = backend.state
    async with running_pod(state.redis, "pod-1", state.settings.secret):
        thread = await thread_of(web)
        await ask(web, thread, text)
    messages = (await web.get(f"{THREADS}/{thread}/messages")).json()["items"]
    ids = [str(message["id"]) for message in messages]
    async with transaction(state.sessions) as session:
        await session.execute(update(Message).where(Message.id == ids[1]).values(data=DATA))
    return ids


async def test_a_rating_is_kept_once_and_changed(backend: Backend, web: httpx.AsyncClient) -> None:
    question, answer = await answered(backend, web)
    url = f"/api/v1/messages/{answer}/feedback"
    first = (await web.post(url, json={"rating": "up", "note": "  "})).json()
    assert (first["rating"], first["note"]) == ("up", None)
    assert (first["trace_id"], first["instructions"], first["model"]) == ("a" * 32, 7, "composer")
    again = (await web.post(url, json={"rating": "down", "note": "wrong month"})).json()
    assert again["created_at"] == first["created_at"]
    assert again["changed_at"] > first["changed_at"]
    await backend.user("olga", Role.OPERATOR)
    operator = await backend.sign_in("olga")
    (listed,) = (await web.get("/api/v1/feedback", headers=operator)).json()["items"]
    assert listed == again | {
        "run_id": listed["run_id"],
        "question": "Hello",
        "answer": "You asked: Hello",
    }
    assert (await web.delete(url)).status_code == 204
    assert (await web.delete(url)).status_code == 204
    assert (await web.get("/api/v1/feedback", headers=operator)).json()["items"] == []
    refused = await web.post(f"/api/v1/messages/{question}/feedback", json={"rating": "up"})
    assert (refused.status_code, refused.json()["code"]) == (422, "not_an_answer")


async def test_an_answer_that_displeases_is_not_given_again(
    backend: Backend, web: httpx.AsyncClient
) -> None:
    _, answer = await answered(backend, web)
    me = (await web.get("/api/v1/me")).json()["user"]["id"]
    kept, others = keys.answers(me), keys.answers("user_other")
    for key in (kept, others):
        await backend.state.redis.hset(key, "digest", "an answer")
    url = f"/api/v1/messages/{answer}/feedback"
    await web.post(url, json={"rating": "up"})
    assert await backend.state.redis.exists(kept)
    await web.post(url, json={"rating": "down"})
    assert not await backend.state.redis.exists(kept)
    assert await backend.state.redis.exists(others)
    assert (await web.delete(url)).status_code == 204


async def test_the_list_is_paged_filtered_and_the_organisations_own(
    backend: Backend, web: httpx.AsyncClient
) -> None:
    answers = [(await answered(backend, web, f"Question {n}"))[1] for n in range(3)]
    for number, answer in enumerate(answers):
        rating = "down" if number == 1 else "up"
        await web.post(f"/api/v1/messages/{answer}/feedback", json={"rating": rating})
    await backend.user("oleg", Role.OPERATOR)
    await backend.user("eve", Role.OPERATOR, organisation="Another")
    operator = await backend.sign_in("oleg")
    url, seen, params = "/api/v1/feedback", list[str](), dict[str, object](limit=2)
    while True:
        page = (await web.get(url, params=params, headers=operator)).json()
        seen += [one["message_id"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert seen == answers[::-1]
    down = (await web.get(url, params={"rating": "down"}, headers=operator)).json()["items"]
    assert [one["message_id"] for one in down] == [answers[1]]
    elsewhere = await backend.sign_in("eve")
    assert (await web.get(url, headers=elsewhere)).json()["items"] == []
    assert (await web.get(url)).status_code == 403
