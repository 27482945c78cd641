"""Past conversations are found, renamed, taken along and deleted, by their owner alone."""

import asyncio
import itertools

import httpx
import pytest
from sqlalchemy import func, select

from backend.chat.history import query_of
from backend.database import transaction
from backend.errors import Invalid
from backend.models import AuditRow, Message, MessageFeedback, Role, Run, Thread, first_id
from tests.support.build_backend import Backend
from tests.support.chat_scripts import Stuck
from tests.support.chat_web import THREADS, ask, thread_of
from tests.support.fake_pod import running_pod

_instants = itertools.count(1_000_000.0)
"""Ids sort by the time they were made."""

SAID = [
    ("user", "Why did the desk buy AAPL?"),
    ("assistant", "The momentum signal of BTC/USD rose; equity is 42,815.37 USD."),
    ("user", "Und die Gebühren im Februar?"),
    ("assistant", "Fees were 17.42 USD."),
]


async def thread_with(backend: Backend, web: httpx.AsyncClient, said: list[tuple[str, str]]) -> str:
    """A thread whose messages are written down as they are."""
    thread = await thread_of(web)
    async with transaction(backend.state.sessions) as session:
        owner = await session.get_one(Thread, thread)
        for role, text in said:
            message = Message(
                id=first_id("message", next(_instants)),
                organisation_id=owner.organisation_id,
                thread_id=thread,
                run_id="run-x",
                role=role,
                text=text,
                data={"citations": [{"id": "n1", "title": "A note", "source": "notes#1"}]},
            )
            session.add(message)
    return thread


async def search(web: httpx.AsyncClient, words: str, **others: object) -> list[dict[str, object]]:
    answer = await web.get(f"{THREADS}/search", params={"q": words} | others)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, object]] = answer.json()["items"]
    return items


ASKED = {
    "momentum": 1,
    "MOMENT": 1,
    "aapl buy": 1,
    "aapl momentum": 0,
    "gebühr": 1,
    "BTC/USD": 1,
    "42,815.37": 1,
    "usd": 2,
    "nothing-of-the-kind": 0,
}
"""Words, and how many messages are shown for them."""


async def test_words_are_found_in_ones_own_messages(
    backend: Backend, web: httpx.AsyncClient
) -> None:
    thread = await thread_with(backend, web, SAID)
    await thread_with(backend, web, [("user", "Something else")])
    shown = {}
    for words in ASKED:
        found = await search(web, words)
        assert all(one["thread"]["id"] == thread for one in found)  # type: ignore[index]
        shown[words] = sum(len(one["excerpts"]) for one in found)  # type: ignore[arg-type]
    assert shown == ASKED


async def test_search_is_paged_bounded_and_ones_own(
    backend: Backend, web: httpx.AsyncClient
) -> None:
    many = [("user", f"fees of day {day}") for day in range(6)]
    threads = [await thread_with(backend, web, many) for _ in range(3)]
    first = (await web.get(f"{THREADS}/search", params={"q": "fees", "limit": 2})).json()
    rest = await search(web, "fees", cursor=first["next_cursor"])
    assert [one["thread"]["id"] for one in [*first["items"], *rest]] == threads[::-1]
    assert [e["text"] for e in first["items"][0]["excerpts"]] == [
        "fees of day 5",
        "fees of day 4",
        "fees of day 3",
    ]
    await web.patch(f"{THREADS}/{threads[0]}", json={"title": "Costs <b>in spring</b>"})
    (titled,) = await search(web, "spring")
    assert titled["excerpts"] == []
    await backend.user("bob", Role.OPERATOR)
    theirs = await backend.sign_in("bob")
    other = await web.get(f"{THREADS}/search", params={"q": "fees"}, headers=theirs)
    assert other.json()["items"] == []


def test_a_query_without_a_word_is_refused() -> None:
    with pytest.raises(Invalid, match="no word"):
        query_of("?! &|:*'")
    assert query_of("it's (a) test:*") == "'it':* & 's':* & 'a':* & 'test':*"


async def test_a_conversation_is_renamed_and_read_from_its_end(
    backend: Backend, web: httpx.AsyncClient
) -> None:
    thread = await thread_with(backend, web, SAID)
    renamed = await web.patch(f"{THREADS}/{thread}", json={"title": "Costs"})
    assert renamed.json()["title"] == "Costs"
    assert (await web.get(THREADS)).json()["items"][0]["title"] == "Costs"
    assert (await web.patch(f"{THREADS}/{thread}", json={"title": ""})).status_code == 422
    url, texts = f"{THREADS}/{thread}/messages", []
    params: dict[str, object] = {"order": "newest", "limit": 3}
    while True:
        page = (await web.get(url, params=params)).json()
        texts += [one["text"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert texts == [text for _, text in SAID[::-1]]


async def test_conversations_are_taken_along(backend: Backend, web: httpx.AsyncClient) -> None:
    thread = await thread_with(backend, web, SAID)
    await thread_with(backend, web, [("user", "# not a heading\nsecond line")])
    messages = (await web.get(f"{THREADS}/{thread}/messages")).json()["items"]
    rating = {"rating": "down", "note": "wrong month"}
    await web.post(f"/api/v1/messages/{messages[3]['id']}/feedback", json=rating)
    whole = (await web.get(f"{THREADS}/export")).json()
    assert whole["v"] == 1
    said = [[(m["role"], m["text"]) for m in one["messages"]] for one in whole["threads"]]
    assert said == [SAID, [("user", "# not a heading\nsecond line")]]
    assert whole["threads"][0]["messages"][3]["feedback"] == rating
    one = await web.get(f"{THREADS}/{thread}/export")
    assert one.json()["threads"] == whole["threads"][:1]
    assert f'filename="{thread}.json"' in one.headers["content-disposition"]
    text = (await web.get(f"{THREADS}/export", params={"form": "markdown"})).text
    assert text.count("\n> ") == 6
    assert "> # not a heading" in text
    assert "* [n1] A note (notes#1)" in text
    assert "*Rated down: wrong month*" in text


async def test_nothing_is_exported_as_an_empty_document(web: httpx.AsyncClient) -> None:
    assert (await web.get(f"{THREADS}/export")).json()["threads"] == []


async def test_a_deleted_conversation_leaves_nothing(
    backend: Backend, web: httpx.AsyncClient
) -> None:
    """An answer that is being written among it, and none of another's."""
    state = backend.state
    async with running_pod(state.redis, "pod-1", state.settings.secret):
        kept = await ask(web, await thread_of(web), "Keep me")
        thread = await thread_of(web)
        heard = await ask(web, thread, "Hello")
    answer = (await web.get(f"{THREADS}/{thread}/messages")).json()["items"][1]["id"]
    await web.post(f"/api/v1/messages/{answer}/feedback", json={"rating": "up"})
    stuck = Stuck()
    async with running_pod(state.redis, "pod-1", state.settings.secret, stuck):
        running = await ask(web, thread, "Again", most=1)
        assert (await web.delete(f"{THREADS}/{thread}")).status_code == 204
        await asyncio.wait_for(stuck.left.wait(), 10)
    assert (await web.delete(f"{THREADS}/{thread}")).status_code == 404
    for run in (heard.run, running.run):
        assert (await web.get(f"/api/v1/runs/{run}/events")).status_code == 404
    left = [name async for name in state.redis.scan_iter("ai:runs:*")]
    assert f"ai:runs:{kept.run}".encode() in left
    assert not {f"ai:runs:{run}".encode() for run in (heard.run, running.run)} & set(left)
    of_thread = (Message.thread_id == thread, Run.thread_id == thread, Thread.id == thread)
    async with transaction(state.sessions) as session:
        for its in (*of_thread, MessageFeedback.message_id == answer):
            assert await session.scalar(select(func.count()).where(its)) == 0
        audited = await session.scalars(select(AuditRow.subject))
        assert f"thread:{thread}" in audited.all()


async def test_somebody_elses_conversation_is_404(backend: Backend, web: httpx.AsyncClient) -> None:
    thread = await thread_with(backend, web, SAID)
    answer = (await web.get(f"{THREADS}/{thread}/messages")).json()["items"][1]["id"]
    await backend.user("ben", Role.OPERATOR)
    theirs = await backend.sign_in("ben")
    for method, path, body in (
        ("GET", f"{THREADS}/{thread}/export", None),
        ("PATCH", f"{THREADS}/{thread}", {"title": "Mine"}),
        ("DELETE", f"{THREADS}/{thread}", None),
        ("POST", f"/api/v1/messages/{answer}/feedback", {"rating": "up"}),
        ("DELETE", f"/api/v1/messages/{answer}/feedback", None),
    ):
        refused = await web.request(method, path, json=body, headers=theirs)
        assert refused.status_code == 404, path
