"""What the back end does can be read at `/metrics`, by the names and labels that rules rely on."""

import time

import pytest
from msgspec import structs
from prometheus_client.parser import text_string_to_metric_families

from backend import leader, telemetry
from backend.app import keep_running
from backend.leader import run_once, take_lease
from backend.models import Role
from backend.pods.liveness import Watch
from backend.pods.seating import seat_everybody
from backend.settings import Settings
from backend.state import State
from tests.support.build_backend import Backend
from tests.support.build_desks import make_desks, opened, set_desks
from tests.support.build_trading import AAPL, T0, decision, trading_desks

Figures = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def key(name: str, **labels: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    return name, tuple(sorted(labels.items()))


async def scrape() -> Figures:
    """Every sample of `/metrics`, by name and labels."""
    answer = await telemetry.metrics()
    return {
        key(sample.name, **sample.labels): sample.value
        for family in text_string_to_metric_families(bytes(answer.body).decode())
        for sample in family.samples
    }


def grown(before: Figures, after: Figures, name: str, **labels: str) -> float:
    at = key(name, **labels)
    return after.get(at, 0.0) - before.get(at, 0.0)


async def test_requests_count_by_route_and_answer(backend: Backend) -> None:
    before = await scrape()
    await backend.user("ann", Role.TRADER)
    headers = await backend.sign_in("ann")
    wrong = {"login": "ann", "password": "wrong"}
    assert (await backend.client.post("/api/v1/auth/login", json=wrong)).status_code == 401
    for number in range(3):
        order = f"/api/v1/orders/order_{number}"
        assert (await backend.client.get(order, headers=headers)).status_code == 404
        await backend.client.get(f"/nowhere/{number}")
    assert (await backend.client.get("/metrics")).status_code == 200
    after = await scrape()
    name, route = "backend_http_requests_total", "/orders/{order_id}"
    assert grown(before, after, name, method="GET", route=route, status="404") == 3
    assert grown(before, after, name, method="GET", route="none", status="404") == 3
    assert grown(before, after, "backend_http_request_seconds_count", route=route) == 3
    assert not [at for at in after if ("route", "/metrics") in at[1]]
    for outcome in ("accepted", "refused"):
        assert grown(before, after, "backend_sign_ins_total", outcome=outcome) == 1


async def test_decisions_count_by_what_became_of_them(settings: Settings) -> None:
    before = await scrape()
    async with trading_desks(settings, ("bob",)) as desks:
        its = structs.replace(decision(desks.desk, {AAPL: 0.5}), published_wall=time.time() - 0.3)
        await desks.decide(its)
        await desks.decide(structs.replace(its, lease_epoch=0, bar_end=T0))
        await desks.execute()
    after = await scrape()
    assert grown(before, after, "backend_execution_delay_seconds_count") == 2
    assert grown(before, after, "backend_execution_delay_seconds_bucket", le="0.25") == 0
    assert grown(before, after, "backend_fenced_writes_total") == 1
    assert grown(before, after, "backend_orders_total", outcome="submitted", reason="") == 1


async def test_who_waits_is_counted_by_the_back_end_that_seats(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leader, "LEASE_SECONDS", 60.0)
    telemetry.forget_demand()
    async with opened(settings, 2) as (first, second):
        desks = await make_desks(first, ["cem", "dan"])
        await set_desks(first, desks, automatic=True)
        await seat_everybody(first, Watch())
        assert _samples("backend_waiting_desks") == {"XNYS": 2.0}
        assert _samples("backend_wanted_pods") == {"XNYS": 1.0}
        assert await take_lease(first, "seating")
        await _turn_once(second)
        assert _samples("backend_waiting_desks") == {}


async def _turn_once(state: State) -> None:
    """One turn of a loop whose lease another back end holds."""

    async def step(_: State) -> None:
        raise AssertionError("the lease is another's")

    def otherwise() -> None:
        telemetry.forget_demand()
        state.tasks.stopping.set()

    await run_once(state, "seating", step, period_seconds=0.0, otherwise=otherwise)


async def test_a_loop_that_fails_is_counted(settings: Settings) -> None:
    async with opened(settings, 1) as (state,):

        async def failing(its: State) -> None:
            its.tasks.stopping.set()
            raise ValueError("broken")

        before = telemetry.loop_failures.labels("broken")._value.get()
        await keep_running("broken", failing, state)
        assert telemetry.loop_failures.labels("broken")._value.get() == before + 1


def _samples(name: str) -> dict[str, float]:
    gauges = {
        "backend_waiting_desks": telemetry.waiting_desks,
        "backend_wanted_pods": telemetry.wanted_pods,
    }
    return {
        sample.labels["pool"]: sample.value
        for family in gauges[name].collect()
        for sample in family.samples
    }
