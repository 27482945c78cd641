"""What chat prepares: seen, confirmed once, in time, by its person, and checked again then."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import msgspec
import pytest
from sqlalchemy import func, select, update

from ai_pod.contracts.chat import ReplyRequest, RunEvent, RunEventKind
from ai_pod.contracts.intents import (
    Wanted,
    WantedAutomatic,
    WantedCancel,
    WantedHalt,
    WantedLimit,
    WantedOrder,
    WantedOverride,
)
from ai_pod.contracts.plan import Phase
from backend.database import transaction
from backend.desks.provision import NewDesk, create_desk
from backend.intents import service
from backend.models import AuditRow, Desk, Intent, Order, Role, User, new_id
from backend.settings import Settings
from market.clock import Anchor
from scheduler.app import create_app as create_scheduler
from scheduler.migrate import migrate as migrate_scheduler
from scheduler.settings import Settings as SchedulerSettings
from tests.support.build_backend import Backend, running_backend
from tests.support.build_trading import AAPL, IBM, MINUTE, T0, bar, publish_bars, serve_instruments
from tests.support.failing_commits import failing_commits
from tests.support.fake_pod import running_pod, serving

BUY = WantedOrder(instrument=AAPL, side="buy", quantity=Decimal(10))


@pytest.fixture
async def traders(settings: Settings) -> AsyncIterator[Backend]:
    """A back end at T0; ann and ben with desks, vera who looks on, a price for AAPL."""
    clock = str(Anchor(market=T0, wall=time.time(), speed=1.0))
    async with running_backend(settings.model_copy(update={"clock": clock})) as backend:
        await serve_instruments(backend.state.redis)
        for login, role in (("ann", Role.TRADER), ("ben", Role.TRADER), ("vera", Role.VIEWER)):
            user = await backend.user(login, role)
            async with transaction(backend.state.sessions) as session:
                await create_desk(session, user, NewDesk("XNYS", (AAPL, IBM)))
        await publish_bars(backend.state.redis, bar(AAPL, T0 - MINUTE))
        yield backend


async def call(backend: Backend, login: str, method: str, path: str, **rest: Any) -> httpx.Response:
    headers = await backend.sign_in(login) | rest.pop("headers", {})
    return await backend.client.request(method, f"/api/v1{path}", headers=headers, **rest)


async def announced(backend: Backend, login: str, wanted: Wanted, run: str = "") -> RunEvent:
    """As a run of the user's chat does it."""
    async with transaction(backend.state.sessions) as session:
        of_login = select(Desk).join(User, User.id == Desk.user_id).where(User.login == login)
        desk = (await session.scalars(of_login)).one()
    request = ReplyRequest(
        run=run or new_id("run"),
        thread="thread-1",
        desk=desk.id,
        organisation=desk.organisation_id,
        user=desk.user_id,
        pool="XNYS",
        text="…",
    )
    data = {"wanted": msgspec.to_builtins(wanted)}
    event = RunEvent(kind=RunEventKind.CONFIRM, data=data)
    return await service.announced(backend.state, request, event)


async def prepared(backend: Backend, login: str, wanted: Wanted, run: str = "") -> dict[str, Any]:
    event = await announced(backend, login, wanted, run)
    assert event.kind is RunEventKind.CONFIRM
    return event.data


async def confirm(
    backend: Backend, login: str, intent: dict[str, Any], **headers: str
) -> httpx.Response:
    body = {"nonce": intent["nonce"]}
    path = f"/intents/{intent['id']}/confirm"
    return await call(backend, login, "POST", path, json=body, headers=headers)


async def orders(backend: Backend) -> int:
    async with transaction(backend.state.sessions) as session:
        return (await session.execute(select(func.count()).select_from(Order))).scalar_one()


async def test_nothing_is_ordered_before_the_person_confirms(traders: Backend) -> None:
    intent = await prepared(traders, "ann", BUY)
    assert (intent["says"], intent["state"]) == (f"Buy 10 {AAPL}, market", "prepared")
    assert intent["preview"]["allowed"] is True
    assert "1,000.00 USD" in intent["preview"]["detail"]
    assert await orders(traders) == 0
    answer = await confirm(traders, "ann", intent)
    assert answer.status_code == 200, answer.text
    view = answer.json()
    assert (view["state"], view["nonce"]) == ("confirmed", None)
    order = (await call(traders, "ann", "GET", "/orders")).json()["items"][0]
    assert view["outcome"]["subject"] == f"order:{order['id']}"
    assert (order["quantity"], order["client_order_id"]) == ("10", intent["id"])
    async with transaction(traders.state.sessions) as session:
        row = (await session.scalars(select(AuditRow).order_by(AuditRow.number.desc()))).first()
    assert row is not None
    assert (row.action, row.subject, row.actor) == (
        "intent_confirmed",
        f"intent:{intent['id']}",
        "ann",
    )


async def test_of_many_confirmations_at_once_one_acts(traders: Backend) -> None:
    intent = await prepared(traders, "ann", BUY)
    await traders.sign_in("ann")
    answers = await asyncio.gather(*(confirm(traders, "ann", intent) for _ in range(12)))
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [200] + [409] * 11
    assert {one.json()["code"] for one in answers if one.status_code == 409} == {"intent_ended"}
    assert await orders(traders) == 1


async def test_the_same_idempotency_key_is_answered_again(traders: Backend) -> None:
    intent = await prepared(traders, "ann", BUY)
    key = {"Idempotency-Key": "once"}
    first, again = [await confirm(traders, "ann", intent, **key) for _ in range(2)]
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert await orders(traders) == 1


async def test_risk_is_asked_again_when_it_is_confirmed(traders: Backend) -> None:
    intent = await prepared(traders, "ann", BUY)
    pulled = await call(traders, "ann", "POST", "/killswitch", json={"reason": "enough"})
    assert pulled.status_code == 200
    answer = await confirm(traders, "ann", intent)
    assert (answer.status_code, answer.json()["code"]) == (422, "halted")
    view = (await call(traders, "ann", "GET", f"/intents/{intent['id']}")).json()
    assert (view["state"], view["outcome"]["code"]) == ("denied", "halted")
    assert (await confirm(traders, "ann", intent)).json()["code"] == "intent_ended"
    assert await orders(traders) == 1


async def test_a_preview_tells_what_would_be_denied(traders: Backend) -> None:
    much = msgspec.structs.replace(BUY, quantity=Decimal(100_000))
    intent = await prepared(traders, "ann", much)
    assert intent["preview"]["allowed"] is False
    assert intent["preview"]["code"] == "order_value"
    assert await orders(traders) == 0


async def test_only_its_person_sees_or_confirms_it(traders: Backend) -> None:
    intent = await prepared(traders, "ann", BUY)
    path = f"/intents/{intent['id']}"
    for method, where in (("GET", path), ("POST", f"{path}/dismiss"), ("POST", f"{path}/confirm")):
        body = {"nonce": intent["nonce"]} if where.endswith("confirm") else None
        answer = await call(traders, "ben", method, where, json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "intent_not_found")
    assert (await call(traders, "ben", "GET", "/intents")).json()["items"] == []
    wrong = await confirm(traders, "ann", intent | {"nonce": "guessed"})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "wrong_nonce")
    assert await orders(traders) == 0


async def test_it_expires(traders: Backend) -> None:
    intent = await prepared(traders, "ann", BUY)
    (listed,) = (await call(traders, "ann", "GET", "/intents?open=true")).json()["items"]
    assert listed["nonce"] == intent["nonce"]
    past = datetime.now(UTC) - timedelta(seconds=1)
    async with transaction(traders.state.sessions) as session:
        await session.execute(update(Intent).values(expires_at=past))
    answer = await confirm(traders, "ann", intent)
    assert (answer.status_code, answer.json()["code"]) == (409, "intent_expired")
    view = (await call(traders, "ann", "GET", f"/intents/{intent['id']}")).json()
    assert (view["state"], view["nonce"]) == ("expired", None)
    assert (await call(traders, "ann", "GET", "/intents?open=true")).json()["items"] == []


async def test_dismissed_is_dismissed(traders: Backend) -> None:
    intent = await prepared(traders, "ann", BUY)
    for _ in range(2):
        answer = await call(traders, "ann", "POST", f"/intents/{intent['id']}/dismiss")
        assert answer.json()["state"] == "dismissed"
    assert (await confirm(traders, "ann", intent)).json()["code"] == "intent_ended"
    assert await orders(traders) == 0


async def test_a_run_that_begins_anew_prepares_nothing_twice(traders: Backend) -> None:
    first, again = [await prepared(traders, "ann", BUY, run="run-7") for _ in range(2)]
    assert first == again
    assert len((await call(traders, "ann", "GET", "/intents")).json()["items"]) == 1


async def test_limits_automatic_trading_and_the_kill_switch(traders: Backend) -> None:
    tighter = WantedLimit(name="max_daily_loss", value=Decimal("0.01"))
    for wanted in (tighter, WantedAutomatic(automatic=False), WantedHalt(reason="enough")):
        intent = await prepared(traders, "ann", wanted)
        assert intent["preview"]["allowed"] is True, intent
        answer = await confirm(traders, "ann", intent)
        assert answer.status_code == 200, answer.text
    desk = (await call(traders, "ann", "GET", "/desk")).json()
    assert desk["limits"]["max_daily_loss"] == 0.01
    assert (desk["automatic"], desk["limits"]["halted"]) == (False, True)


@pytest.mark.parametrize(
    ("login", "wanted", "code"),
    [
        ("ann", WantedLimit(name="max_daily_loss", value=Decimal("0.4")), "limit_loosened"),
        ("ann", WantedLimit(name="max_daily_loss", value=Decimal(7)), "invalid_request"),
        ("ann", WantedLimit(name="cash", value=Decimal(7)), "invalid_request"),
        ("vera", BUY, "forbidden"),
        (
            "ann",
            WantedOverride(
                scope="all", phase=Phase.PAUSED, ends=T0 + timedelta(hours=1), reason="a drill"
            ),
            "forbidden",
        ),
    ],
)
async def test_who_may_not_is_told_and_refused(
    traders: Backend, login: str, wanted: Wanted, code: str
) -> None:
    intent = await prepared(traders, login, wanted)
    assert (intent["preview"]["allowed"], intent["preview"]["code"]) == (False, code)
    answer = await confirm(traders, login, intent)
    assert answer.status_code in (403, 422)
    assert answer.json()["code"] == code
    view = (await call(traders, login, "GET", f"/intents/{intent['id']}")).json()
    assert view["state"] == "prepared"


async def test_open_orders_are_cancelled_when_it_is_confirmed(traders: Backend) -> None:
    limit = {"instrument": AAPL, "side": "buy", "kind": "limit", "limit_price": "50"}
    ids = []
    for quantity in ("10", "5"):
        body = limit | {"quantity": quantity}
        ids.append((await call(traders, "ann", "POST", "/orders", json=body)).json()["id"])
    wanted = WantedCancel(orders=tuple(ids), instrument=AAPL)
    intent = await prepared(traders, "ann", wanted)
    assert intent["says"] == f"Cancel 2 open orders of {AAPL}"
    assert "buy 10 XNYS:AAPL" in intent["preview"]["detail"]
    await call(traders, "ann", "DELETE", f"/orders/{ids[0]}")
    outcome = (await confirm(traders, "ann", intent)).json()["outcome"]
    assert outcome["detail"] == "2 cancelled"
    items = (await call(traders, "ann", "GET", "/orders")).json()["items"]
    assert [one["state"] for one in items] == ["cancelled", "cancelled"]
    again = await prepared(traders, "ann", wanted)
    assert (again["preview"]["allowed"], again["preview"]["code"]) == (False, "order_ended")
    theirs = await prepared(traders, "ben", wanted)
    assert theirs["preview"]["code"] == "order_not_found"
    assert (await confirm(traders, "ben", theirs)).status_code == 404


async def test_a_kind_that_is_not_known_here_is_not_prepared(traders: Backend) -> None:
    event = RunEvent(kind=RunEventKind.CONFIRM, data={"wanted": {"kind": "withdraw"}})
    request = ReplyRequest(
        run="r", thread="t", desk="", organisation="o", user="u", pool="p", text=""
    )
    assert (await service.announced(traders.state, request, event)).kind is RunEventKind.STEP


async def test_a_run_tells_it_and_keeps_it(traders: Backend) -> None:
    async def preparing(request: ReplyRequest) -> AsyncIterator[RunEvent | None]:
        wanted = {"wanted": msgspec.to_builtins(BUY)}
        yield RunEvent(kind=RunEventKind.CONFIRM, data=wanted)
        done = {"text": "Prepared.", "instructions": 1, "grounded": True}
        yield RunEvent(kind=RunEventKind.DONE, data=done)

    state = traders.state
    async with running_pod(state.redis, "pod-1", state.settings.secret, preparing):
        thread = (await call(traders, "ann", "POST", "/threads")).json()["id"]
        path = f"/threads/{thread}/messages"
        answer = await call(traders, "ann", "POST", path, json={"text": "buy 10 AAPL"})
    (intent,) = (await call(traders, "ann", "GET", "/intents?open=true")).json()["items"]
    assert f'"nonce":"{intent["nonce"]}"' in answer.text
    message = (await call(traders, "ann", "GET", path)).json()["items"][1]
    assert message["data"]["intents"] == [{"id": intent["id"], "says": intent["says"]}]
    assert await orders(traders) == 0


async def test_a_confirmation_whose_commit_failed_acts_once(traders: Backend) -> None:
    tighter = WantedLimit(name="max_daily_loss", value=Decimal("0.01"))
    intents = [await prepared(traders, "ann", wanted) for wanted in (BUY, tighter)]
    async with failing_commits(traders.state.sessions, "intent"):
        failed = [await confirm(traders, "ann", intent) for intent in intents]
    assert [answer.status_code for answer in failed] == [500, 500]
    assert await orders(traders) == 0
    assert (await call(traders, "ann", "GET", "/desk")).json()["limits"]["max_daily_loss"] == 0.1
    for intent in intents:
        assert (await confirm(traders, "ann", intent)).status_code == 200
    assert await orders(traders) == 1
    assert (await call(traders, "ann", "GET", "/desk")).json()["limits"]["max_daily_loss"] == 0.01


async def test_an_operators_override_goes_to_the_scheduler_once(
    settings: Settings,
) -> None:
    migrate_scheduler(settings.database_url)
    theirs = SchedulerSettings(
        database_url=settings.database_url, redis_url=settings.redis_url, secret=settings.secret
    )
    async with serving(create_scheduler(theirs)) as url:
        ours = settings.model_copy(update={"scheduler_url": url})
        async with running_backend(ours) as backend:
            user = await backend.user("olga", Role.OPERATOR)
            async with transaction(backend.state.sessions) as session:
                await create_desk(session, user, NewDesk("XNYS", (AAPL, IBM)))
            ends = datetime.now(UTC) + timedelta(hours=1)
            pause = WantedOverride(
                scope="pool:XNYS", phase=Phase.PAUSED, ends=ends, reason="a drill"
            )
            intent = await prepared(backend, "olga", pause)
            assert "would differ" in intent["preview"]["detail"]
            async with failing_commits(backend.state.sessions, "intent"):
                assert (await confirm(backend, "olga", intent)).status_code == 500
            (override,) = (await call(backend, "olga", "GET", "/overrides")).json()["items"]
            assert (await confirm(backend, "olga", intent)).status_code == 200
            assert (await confirm(backend, "olga", intent)).json()["code"] == "intent_ended"
            (override,) = (await call(backend, "olga", "GET", "/overrides")).json()["items"]
            assert (override["reason"], override["owner"]) == ("a drill", "olga")
            own = msgspec.structs.replace(pause, scope="desk")
            unseated = await prepared(backend, "olga", own)
            assert unseated["preview"]["code"] == "not_seated"
