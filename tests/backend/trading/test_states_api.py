"""States, conditions and limits over HTTP: who may begin, end, tighten and loosen."""

from typing import Any

import pytest

from backend.database import transaction
from backend.desks.provision import NewDesk, create_desk
from backend.models import Role
from backend.trading import conditions
from backend.trading.conditions import Claim
from backend.trading.desk_states import Cause
from tests.support.build_backend import Backend
from tests.support.build_trading import AAPL, IBM, serve_instruments

PEOPLE = {"ann": Role.TRADER, "ben": Role.TRADER, "rick": Role.RISK, "vera": Role.VIEWER}


@pytest.fixture
async def people(backend: Backend) -> Backend:
    await serve_instruments(backend.state.redis)
    for login, role in PEOPLE.items():
        user = await backend.user(login, role)
        if role is Role.TRADER:
            async with transaction(backend.state.sessions) as session:
                await create_desk(session, user, NewDesk("XNYS", (AAPL, IBM)))
    return backend


async def call(
    backend: Backend, login: str, method: str, path: str, status: int = 200, body: object = None
) -> Any:
    headers = await backend.sign_in(login)
    answer = await backend.client.request(method, "/api/v1" + path, headers=headers, json=body)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


async def test_reducing_by_hand_is_shown_and_ends_by_hand(people: Backend) -> None:
    body = {"scope": "desk", "reason": "earnings"}
    begun = await call(people, "ann", "POST", "/reducing", body=body)
    assert begun == {"scope": "desk", "reducing": True, "reason": "earnings"}
    state = await call(people, "ann", "GET", "/desk/state")
    assert state["state"] == "reducing"
    [condition] = state["conditions"]
    assert (condition["cause"], condition["context"]["by"]) == ("by_hand", "ann")
    assert (await call(people, "ann", "GET", "/desk/risk"))["state"] == "reducing"
    refused = {"instrument": AAPL, "side": "buy", "quantity": "1"}
    denied = await call(people, "ann", "POST", "/orders", 422, refused)
    assert denied["code"] == "reducing"
    assert "by_hand" in denied["detail"]
    assert (await call(people, "ben", "GET", "/desk/state"))["state"] == "active"
    await call(people, "ann", "DELETE", "/reducing")
    assert (await call(people, "ann", "GET", "/desk/state"))["state"] == "active"
    [past] = (await call(people, "vera", "GET", "/conditions"))["items"]
    assert past["cleared_by"] == "ann"


async def test_a_trader_ends_no_one_else_s(people: Backend) -> None:
    desk = (await call(people, "ann", "GET", "/desk"))["id"]
    await call(people, "rick", "POST", "/reducing", body={"scope": f"desk:{desk}"})
    await call(people, "ann", "DELETE", "/reducing", 403)
    await call(people, "ann", "POST", "/reducing", 403, {"scope": "all"})
    await call(people, "vera", "POST", "/reducing", 404, {"scope": f"desk:{desk}"})
    await call(people, "rick", "DELETE", f"/reducing?scope=desk:{desk}")
    assert (await call(people, "ann", "GET", "/desk/state"))["state"] == "active"


async def test_all_desks_of_the_organisation_reduce(people: Backend) -> None:
    await call(people, "rick", "POST", "/reducing", body={"scope": "all"})
    for login in ("ann", "ben"):
        assert (await call(people, login, "GET", "/desk/state"))["state"] == "reducing"


async def test_the_role_risk_ends_a_condition(people: Backend) -> None:
    desk = (await call(people, "ann", "GET", "/desk"))["id"]
    claim = Claim(conditions.desk_scope(desk), Cause.RECONCILIATION_FAILED, "alpaca")
    await conditions.begin(people.state, claim)
    [found] = (await call(people, "ann", "GET", "/desk/state"))["conditions"]
    await call(people, "ann", "DELETE", f"/conditions/{found['id']}", 403)
    await call(people, "rick", "DELETE", "/conditions/condition_none", 404)
    await call(people, "rick", "DELETE", f"/conditions/{found['id']}", 204)
    assert (await call(people, "ann", "GET", "/desk/state"))["state"] == "active"


@pytest.mark.parametrize(
    ("limit", "tight", "loose"),
    [("max_concentration", 0.5, 0.6), ("max_drawdown", 0.1, 0.2), ("price_collar", 0.05, 0.06)],
)
async def test_a_trader_tightens_and_the_role_risk_loosens(
    people: Backend, limit: str, tight: float, loose: float
) -> None:
    changed = await call(people, "ann", "PATCH", "/desk/risk", body={limit: tight})
    assert changed[limit] == tight
    refused = await call(people, "ann", "PATCH", "/desk/risk", 403, {limit: loose})
    assert refused["code"] == "limit_loosened"
    await call(people, "ann", "PATCH", "/desk/risk", 422, {limit: 0})
    desk = (await call(people, "ann", "GET", "/desk"))["id"]
    await call(people, "rick", "PATCH", f"/desk/risk?desk={desk}", body={limit: loose})
    assert (await call(people, "ann", "GET", "/desk/risk"))[limit] == loose
