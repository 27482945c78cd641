"""Signals on record: pages, and explanations that add up; nobody else's."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from msgspec import structs

from backend.database import transaction
from backend.desks.provision import NewDesk, create_desk
from backend.models import Role
from backend.trading.execution import signal_id
from tests.support.build_backend import Backend
from tests.support.build_trading import (
    AAPL,
    IBM,
    T0,
    decision,
    publish_decision,
    seat,
    serve_instruments,
)
from tests.support.people import until

BAR = timedelta(minutes=15)


@pytest.fixture
async def desk(backend: Backend) -> str:
    """ann's desk, with the signals of three bars; ben has a desk without any."""
    await serve_instruments(backend.state.redis)
    made = {}
    for login in ("ann", "ben"):
        user = await backend.user(login, Role.TRADER)
        async with transaction(backend.state.sessions) as session:
            made[login] = (await create_desk(session, user, NewDesk("XNYS", (AAPL, IBM)))).id
    desk = made["ann"]
    await seat(backend.state, desk)
    for n in range(3):
        seen = np.arange(4, dtype="<f4").tobytes()
        its = structs.replace(
            decision(desk, {AAPL: 0.2, IBM: 0.3}, at=T0 + n * BAR),
            observation=seen,
            limits={"wanted_gross": 1.0, "profile_gross": 0.5, "scale": 0.5},
        )
        await publish_decision(backend.state.redis, its)
    headers = await backend.sign_in("ann")

    async def all_there() -> bool:
        answer = await backend.client.get("/api/v1/signals", headers=headers)
        return len(answer.json()["items"]) == 6

    await until(all_there, seconds=15)
    return desk


async def read(backend: Backend, path: str, login: str = "ann", status: int = 200) -> Any:
    headers = await backend.sign_in(login)
    answer = await backend.client.get("/api/v1" + path, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_signals_come_newest_first_in_pages(backend: Backend, desk: str) -> None:
    seen: list[str] = []
    cursor = ""
    while True:
        page = await read(backend, f"/signals?limit=4{cursor}")
        seen += [signal["id"] for signal in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    expected = [signal_id(desk, T0 + n * BAR, name) for n in (2, 1, 0) for name in (IBM, AAPL)]
    assert seen == expected


async def test_contributions_add_up_to_the_score(backend: Backend, desk: str) -> None:
    its = await read(backend, f"/signals/{signal_id(desk, T0, AAPL)}/explanation")
    assert its["base"] + sum(its["contributions"].values()) == pytest.approx(its["score"])
    assert its["reason"] == "momentum is up"
    assert (its["observation"], its["instruments"]) == ([0.0, 1.0, 2.0, 3.0], [AAPL, IBM])
    assert (its["weight_wanted"], its["weight_after"], its["order"]) == (0.4, 0.2, None)
    assert its["limits"]["profile_gross"] == 0.5


async def test_a_signal_says_what_became_of_its_decision(backend: Backend, desk: str) -> None:
    its = await read(backend, f"/signals/{signal_id(desk, T0, AAPL)}")
    assert (its["outcome"], its["synthetic"], its["pod"]) == ("expired", True, "pod-a")


async def test_somebody_elses_signal_is_not_found(backend: Backend, desk: str) -> None:
    for path in ("", "/explanation"):
        name = signal_id(desk, T0, AAPL)
        await read(backend, f"/signals/{name}{path}", login="ben", status=404)
    assert (await read(backend, "/signals", login="ben"))["items"] == []


async def test_who_oversees_opens_the_signals_of_every_desk_of_the_organisation(
    backend: Backend, desk: str
) -> None:
    await backend.user("vic", Role.VIEWER)
    await backend.user("eve", Role.OPERATOR, "Another organisation")
    name = signal_id(desk, T0, AAPL)
    for path in ("", "/explanation"):
        await read(backend, f"/signals/{name}{path}", login="vic")
        await read(backend, f"/signals/{name}{path}?desk={desk}", login="vic")
        for login, query in (("eve", ""), ("eve", f"?desk={desk}"), ("vic", "?desk=another")):
            told = await read(backend, f"/signals/{name}{path}{query}", login=login, status=404)
            assert told["code"] == "signal_not_found"
    its = await read(backend, f"/signals/{name}", login="vic")
    assert (its["desk"], its["instrument"]) == (desk, AAPL)


async def test_a_cursor_that_is_none_of_ours_is_refused(backend: Backend, desk: str) -> None:
    assert (await read(backend, "/signals?cursor=x", status=422))["code"] == "invalid_cursor"
