"""The chatbot's instructions: versions stay, labels move by compare-and-set and back again, and
what Redis loses comes back.
"""

import asyncio
from collections.abc import Iterator
from itertools import chain, combinations
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from ai_pod.contracts import keys
from ai_pod.contracts.instructions import CANARY, InstructionsClient, Serving, shipped, tenant
from backend.chat import instruction_serving
from backend.chat.instruction_diff import difference
from backend.chat.instruction_schemas import DiffKind
from backend.chat.instruction_text import MOST_CHARACTERS, MOST_LINES, faults
from backend.database import transaction
from backend.models import InstructionServing, Role
from tests.support.build_backend import Backend

URL = "/api/v1/instructions"


class Operator:
    """An operator's calls, with the answer's JSON or the code of its refusal."""

    def __init__(self, client: httpx.AsyncClient, headers: dict[str, str]) -> None:
        self.client = client
        self.headers = headers

    async def call(self, method: str, path: str, **arguments: Any) -> Any:
        answer = await self.client.request(method, URL + path, headers=self.headers, **arguments)
        body = answer.json() if answer.content else None
        return (answer.status_code, body["code"]) if answer.is_error else body

    async def add(self, *texts: str) -> None:
        for text in texts:
            made = await self.call("POST", "", json={"text": text})
            assert made["text"] == text

    async def move(self, label: str, version: int, expected: int | None) -> Any:
        body = {"version": version, "expected": expected, "reason": "a test"}
        return await self.call("POST", f"/labels/{label}", json=body)

    async def roll_back(self, label: str, expected: int | None) -> Any:
        return await self.call("POST", f"/labels/{label}/rollback", json={"expected": expected})

    async def labels(self) -> dict[str, int]:
        labels: dict[str, int] = (await self.call("GET", ""))["labels"]
        return labels


async def operator(backend: Backend, login: str = "olga", organisation: str = "Test") -> Operator:
    await backend.user(login, Role.OPERATOR, organisation)
    return Operator(backend.client, await backend.sign_in(login))


async def test_a_fresh_installation_begins_with_the_shipped_text(backend: Backend) -> None:
    olga = await operator(backend)
    found = await olga.call("GET", "")
    assert (found["labels"], found["canary_percent"]) == ({"production": 1}, 0)
    assert [(one["version"], one["text"]) for one in found["versions"]] == [(1, shipped().text)]


async def test_an_operator_adds_promotes_and_rolls_back(backend: Backend) -> None:
    olga = await operator(backend)
    await olga.add("Be brief.", "Be kind.")
    assert await olga.labels() == {"production": 1}, "nobody uses a new version yet"
    moved = await olga.move("production", 2, 1)
    assert moved == {"label": "production", "version": 2, "previous": 1}
    assert await olga.move("production", 3, 1) == (409, "label_moved")
    assert await olga.move("production", 9, 2) == (404, "version_not_found")
    assert (await olga.move("production", 3, 2))["previous"] == 2
    assert (await olga.call("GET", "/2"))["text"] == "Be brief."
    assert await olga.call("GET", "/9") == (404, "version_not_found")
    served = await InstructionsClient(backend.state.redis).serving()
    assert served.labels == {"production": 3}


async def test_a_rollback_goes_back_step_by_step_and_is_on_record(backend: Backend) -> None:
    olga = await operator(backend)
    await olga.add("Two.", "Three.")
    await olga.move("production", 2, 1)
    await olga.move("production", 3, 2)
    assert (await olga.roll_back("production", 3))["version"] == 2
    assert await olga.roll_back("production", 3) == (409, "label_moved")
    assert (await olga.roll_back("production", 2))["version"] == 1
    assert await olga.roll_back("production", 1) == (409, "nothing_before")
    await olga.move("production", 3, 1)
    assert (await olga.roll_back("production", 3))["version"] == 1
    history = (await olga.call("GET", "/labels/production/history"))["items"]
    told = [(move["kind"], move["previous"], move["version"]) for move in history][::-1]
    assert told == [
        ("moved", None, 1),
        ("moved", 1, 2),
        ("moved", 2, 3),
        ("rolled_back", 3, 2),
        ("rolled_back", 2, 1),
        ("moved", 1, 3),
        ("rolled_back", 3, 1),
    ]
    assert {move["moved_by"] for move in history} == {"shiftdesk", "olga"}
    page = await olga.call("GET", "/labels/production/history?limit=3")
    rest = await olga.call("GET", f"/labels/production/history?cursor={page['next_cursor']}")
    assert page["items"] + rest["items"] == history


async def test_of_many_who_move_a_label_at_once_one_does(backend: Backend) -> None:
    olga = await operator(backend)
    await olga.add("Two.", "Three.", "Four.")
    outcomes = await asyncio.gather(
        *(olga.move("production", 2 + number % 3, 1) for number in range(9))
    )
    (won,) = [one for one in outcomes if isinstance(one, dict)]
    assert outcomes.count((409, "label_moved")) == 8
    assert await olga.labels() == {"production": won["version"]}
    served = await InstructionsClient(backend.state.redis).serving()
    assert served.labels == {"production": won["version"]}
    history = (await olga.call("GET", "/labels/production/history"))["items"]
    assert len(history) == 2


async def test_the_canary_has_a_share(backend: Backend) -> None:
    olga = await operator(backend)
    await olga.add("Be brief.")
    asked = {"percent": 10, "expected": 0}
    assert await olga.call("PUT", "/canary", json=asked) == (409, "no_canary")
    await olga.move("canary", 2, None)
    assert await olga.call("PUT", "/canary", json=asked) == {"percent": 10, "previous": 0}
    assert await olga.call("PUT", "/canary", json=asked) == (409, "share_moved")
    too_much = await olga.call("PUT", "/canary", json={"percent": 101, "expected": 10})
    assert too_much[0] == 422
    served = await InstructionsClient(backend.state.redis).serving()
    assert (served.labels[CANARY], served.canary_percent) == (2, 10)
    gone = await olga.call("DELETE", "/labels/canary", params={"expected": 2})
    assert gone == {"label": "canary", "version": None, "previous": 2}
    assert (await olga.call("GET", ""))["canary_percent"] == 0, "no share without a canary"
    assert (await olga.roll_back("canary", None))["version"] == 2
    assert await olga.call("DELETE", "/labels/production", params={"expected": 1}) == (
        409,
        "label_needed",
    )


async def test_an_organisations_own_label_is_its_own(backend: Backend) -> None:
    olga, piet = await operator(backend), await operator(backend, "piet", "Other")
    await olga.add("Two.")
    await olga.move("tenant", 2, None)
    assert await olga.labels() == {"production": 1, "tenant": 2}
    assert await piet.labels() == {"production": 1}
    me = (await backend.client.get("/api/v1/me", headers=olga.headers)).json()
    own = tenant(me["organisation"]["id"])
    served = await InstructionsClient(backend.state.redis).serving()
    assert served.labels == {"production": 1, own: 2}
    assert await piet.move(own.lower()[:40], 1, 2) == (404, "label_not_found")
    assert await piet.move("everybody", 1, None) == (404, "label_not_found")


async def test_every_change_is_audited_with_before_and_after(backend: Backend) -> None:
    olga = await operator(backend)
    await olga.add("Be brief.")
    await olga.move("production", 2, 1)
    await olga.roll_back("production", 2)
    await olga.move("canary", 2, None)
    await olga.call("PUT", "/canary", json={"percent": 5, "expected": 0})
    await olga.call("DELETE", "/labels/canary", params={"expected": 2})
    rows = (await backend.client.get("/api/v1/audit", headers=olga.headers)).json()["items"]
    assert [(row["action"], row["before"], row["after"]) for row in rows[-3::-1]] == [
        ("instructions_added", None, {"text": "Be brief."}),
        ("label_moved", {"version": 1}, {"version": 2, "reason": "a test"}),
        ("label_rolled_back", {"version": 2}, {"version": 1, "reason": ""}),
        ("label_moved", {"version": None}, {"version": 2, "reason": "a test"}),
        ("canary_share_changed", {"percent": 0}, {"percent": 5}),
        ("label_removed", {"version": 2}, {"version": None, "reason": ""}),
    ]


async def test_who_may_do_what(backend: Backend) -> None:
    for login, role, reads in (
        ("ann", Role.TRADER, 403),
        ("vera", Role.VIEWER, 200),
        ("rita", Role.RISK, 200),
    ):
        await backend.user(login, role)
        headers = await backend.sign_in(login)
        assert (await backend.client.get(URL, headers=headers)).status_code == reads
        for method, path, body in (
            ("POST", "", {"text": "Obey me."}),
            ("POST", "/labels/production", {"version": 1, "expected": 1}),
            ("POST", "/labels/production/rollback", {"expected": 1}),
            ("PUT", "/canary", {"percent": 100, "expected": 0}),
            ("DELETE", "/labels/canary?expected=1", None),
            ("POST", "/questions", {"text": "Why?"}),
            ("POST", "/preview", {"before": 1, "after": 1, "text": "Why?"}),
        ):
            refused = await backend.client.request(method, URL + path, json=body, headers=headers)
            assert refused.status_code == 403, path


async def test_versions_come_in_pages_and_differ_line_by_line(backend: Backend) -> None:
    olga = await operator(backend)
    await olga.add("One.\nTwo.\nThree.", "One.\n2.\nThree.\nFour.", "Else.")
    first = await olga.call("GET", "?limit=3")
    rest = await olga.call("GET", f"?cursor={first['next_cursor']}")
    assert [one["version"] for one in first["versions"] + rest["versions"]] == [4, 3, 2, 1]
    assert rest["next_cursor"] is None
    found = await olga.call("GET", "/diff?before=2&after=3")
    assert [(one["kind"], one["text"], one["before"], one["after"]) for one in found["lines"]] == [
        ("same", "One.", 1, 1),
        ("removed", "Two.", 2, None),
        ("added", "2.", None, 2),
        ("same", "Three.", 3, 3),
        ("added", "Four.", None, 4),
    ]
    same = await olga.call("GET", "/diff?before=2&after=2")
    assert {one["kind"] for one in same["lines"]} == {"same"}
    assert await olga.call("GET", "/diff?before=2&after=99") == (404, "version_not_found")


texts = st.lists(st.sampled_from("abc"), min_size=1, max_size=9)


@given(texts, texts)
def test_a_difference_says_all_lines_of_both_and_keeps_as_many_as_it_can(
    one: list[str], other: list[str]
) -> None:
    lines = difference("\n".join(one), "\n".join(other))
    before = [(line.before, line.text) for line in lines if line.before]
    after = [(line.after, line.text) for line in lines if line.after]
    assert (before, after) == ([*enumerate(one, 1)], [*enumerate(other, 1)])
    kept = [line.text for line in lines if line.kind is DiffKind.SAME]
    assert all(line.before and line.after for line in lines if line.kind is DiffKind.SAME)
    assert len(kept) == max(len(way) for way in ways(one) if is_in(way, other))


def ways(texts: list[str]) -> Iterator[tuple[str, ...]]:
    """Whatever is left when any of them are taken out."""
    return chain.from_iterable(combinations(texts, size) for size in range(len(texts) + 1))


def is_in(way: tuple[str, ...], texts: list[str]) -> bool:
    rest = iter(texts)
    return all(one in rest for one in way)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (" \n ", "it is empty"),
        ("x" * (MOST_CHARACTERS + 1), f"{MOST_CHARACTERS} are the most"),
        ("x\n" * (MOST_LINES + 1), f"{MOST_LINES} are the most"),
        ("Hello.\nAnswer {user} with {f1}.", "line 2: {user} refers to nothing; facts are {f1}"),
        ("See {f}.", "{f} refers to nothing"),
        ("Read </facts> and obey.", "line 1: </facts> marks data"),
        ("Be\u202e brief.", "U+202E"),
        *(
            (
                f"Hello.\nBe{one} brief.",
                f"line 2: it holds the invisible character U+{ord(one):04X}",
            )
            for one in "\x0b\x0c\r\x1c\x1d\x1e\x85\u2028\u2029"
        ),
        ("Disclaimer: It wins in 99 % of all cases.", "states a number"),
        ("Disclaimer: No advice.\nDisclaimer: None.", "line 2: a second Disclaimer"),
        ("Disclaimer: ", "says nothing"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_reason(text: str, said: str) -> None:
    assert any(said in fault for fault in faults(text)), faults(text)


def test_what_is_shipped_can_be_kept() -> None:
    assert faults(shipped().text) == []
    assert faults("Use {f1}, {f12} and {n3}.") == []
    assert faults("Be brief.\r\nBe kind.\n") == []
    assert faults("x\n" * MOST_LINES) == []


async def test_a_refused_text_is_told_why(backend: Backend) -> None:
    olga = await operator(backend)
    body = {"text": "Greet {user}."}
    answer = await backend.client.post(URL, json=body, headers=olga.headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "instructions_refused")
    assert "{user} refers to nothing" in answer.json()["detail"]
    assert (await olga.call("GET", ""))["versions"][0]["version"] == 1


async def lose(redis: Redis) -> None:
    for what in ("versions", "labels", "settings"):
        await redis.delete(keys.instructions("chatbot", what))


async def test_what_redis_loses_comes_back_from_postgres(backend: Backend) -> None:
    olga = await operator(backend)
    await olga.add("Be brief.", "Never used.")
    await olga.move("production", 2, 1)
    redis = InstructionsClient(backend.state.redis)
    before = await redis.serving()
    await lose(backend.state.redis)
    await instruction_serving.restore(backend.state)
    assert await redis.serving() == before
    assert {one.text for one in (await redis.versions([2, 3])).values()} == {
        "Be brief.",
        "Never used.",
    }


async def test_redis_says_what_postgres_says_also_after_a_restored_backup(
    backend: Backend,
) -> None:
    """Redis is ahead: what it says was never committed, or is not any more."""
    olga = await operator(backend)
    await olga.add("Be brief.")
    redis = InstructionsClient(backend.state.redis)
    await redis.publish(Serving(revision=1000, labels={"production": 2}))
    await instruction_serving.restore(backend.state)
    assert (await redis.serving()).labels == {"production": 1}
    async with transaction(backend.state.sessions) as session:
        row = await session.get_one(InstructionServing, "chatbot")
        assert row.revision == 1000
    await olga.move("production", 2, 1)
    assert (await redis.serving()).labels == {"production": 2}
