"""What pods report becomes what desks have cost: each share once, for those who may see it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from ai_pod.contracts import keys
from ai_pod.contracts.usage import DeskUse, UsageReported
from backend.database import transaction
from backend.desks.provision import NewDesk, create_desk
from backend.models import Role
from tests.support.build_backend import Backend
from tests.support.build_trading import AAPL
from tests.support.people import until

TODAY = datetime.now(UTC).date()
LONG_AGO = date(2020, 2, 3)


@pytest.fixture
async def desks(backend: Backend) -> dict[str, str]:
    """Desk by login: ann and bob, and zoe of another organisation; otto operates."""
    found = {}
    for login, organisation in (("ann", "Test"), ("bob", "Test"), ("zoe", "Other")):
        user = await backend.user(login, Role.TRADER, organisation)
        async with transaction(backend.state.sessions) as session:
            found[login] = (await create_desk(session, user, NewDesk("XNYS", (AAPL,)))).id
    await backend.user("otto", Role.OPERATOR)
    return found


def report(*uses: DeskUse, pod: str = "pod-a", life: int = 1, day: date = TODAY) -> UsageReported:
    return UsageReported(pod=pod, pool="XNYS", life=life, day=day, uses=uses)


def use(desk: str, cpu: float, memory: float = 0.0, agent: str = "trading") -> DeskUse:
    return DeskUse(
        desk=desk, organisation="said", agent=agent, cpu_seconds=cpu, memory_gib_seconds=memory
    )


async def send(backend: Backend, *messages: UsageReported | bytes) -> None:
    """Put them on the stream, and wait until all are recorded."""
    for message in messages:
        data = message if isinstance(message, bytes) else msgspec.json.encode(message)
        await backend.state.redis.xadd(keys.usage(), {keys.FIELD: data})

    async def recorded() -> bool:
        groups: Any = await backend.state.redis.xinfo_groups(keys.usage())
        return bool(groups) and groups[0]["lag"] == 0 and groups[0]["pending"] == 0

    await until(recorded, seconds=15)


async def usage(backend: Backend, query: str = "", login: str = "otto") -> Any:
    headers = await backend.sign_in(login)
    answer = await backend.client.get(f"/api/v1/usage{query}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def cpu_of(backend: Backend, query: str = "") -> dict[str, float]:
    return {one["desk"]: one["cpu_seconds"] for one in (await usage(backend, query))["items"]}


async def test_shares_add_up_over_pods_lives_and_agents(
    backend: Backend, desks: dict[str, str]
) -> None:
    ann, bob = desks["ann"], desks["bob"]
    await send(
        backend,
        report(use(ann, 2.0, 8.0), use(bob, 2.0, 8.0), use(ann, 1.0, agent="chatbot")),
        report(use(ann, 4.0), life=2),
        report(use(ann, 8.0), pod="pod-b"),
    )
    first, second = (await usage(backend))["items"]
    shown = {one["desk"]: one for one in (first, second)}
    assert shown[ann]["agents"] == [
        {"agent": "chatbot", "cpu_seconds": 1.0, "memory_gib_seconds": 0.0},
        {"agent": "trading", "cpu_seconds": 14.0, "memory_gib_seconds": 8.0},
    ]
    assert (shown[ann]["cpu_seconds"], shown[bob]["memory_gib_seconds"]) == (15.0, 8.0)


async def test_a_report_that_comes_twice_or_late_changes_nothing(
    backend: Backend, desks: dict[str, str]
) -> None:
    early, late = report(use(desks["ann"], 2.0, 1.0)), report(use(desks["ann"], 5.0, 3.0))
    await send(backend, late, late, early)
    assert (await cpu_of(backend))[desks["ann"]] == 5.0


async def test_what_cannot_be_read_or_belongs_to_nobody_stops_nothing(
    backend: Backend, desks: dict[str, str]
) -> None:
    await send(backend, b"{", report(use("desk-gone", 9.0), use(desks["ann"], 1.0)))
    assert await cpu_of(backend) == {desks["ann"]: 1.0, desks["bob"]: 0.0}


async def test_another_organisations_desk_is_not_shown(
    backend: Backend, desks: dict[str, str]
) -> None:
    await send(backend, report(use(desks["zoe"], 3.0)))
    assert desks["zoe"] not in await cpu_of(backend)


async def test_days_are_chosen(backend: Backend, desks: dict[str, str]) -> None:
    ann = desks["ann"]
    await send(backend, report(use(ann, 1.0)), report(use(ann, 7.0), day=LONG_AGO))
    assert (await cpu_of(backend))[ann] == 1.0
    assert (await cpu_of(backend, f"?since={LONG_AGO}&until={LONG_AGO}"))[ann] == 7.0
    told = await usage(backend)
    today = datetime.now(UTC).date()
    assert (told["since"], told["until"]) == (str(today - timedelta(days=29)), str(today))


async def test_it_comes_in_pages(backend: Backend, desks: dict[str, str]) -> None:
    first = await usage(backend, "?limit=1")
    rest = await usage(backend, f"?limit=1&cursor={first['next_cursor']}")
    assert {first["items"][0]["desk"], rest["items"][0]["desk"]} == {desks["ann"], desks["bob"]}
    assert rest["next_cursor"] is None


@pytest.mark.usefixtures("desks")
async def test_who_may_not_ask_and_what_may_not_be_asked(backend: Backend) -> None:
    denied = await backend.client.get("/api/v1/usage", headers=await backend.sign_in("ann"))
    assert denied.status_code == 403
    headers = await backend.sign_in("otto")
    for query in ("since=2020-02-03", "since=2020-02-04&until=2020-02-03", "since=soon"):
        answer = await backend.client.get(f"/api/v1/usage?{query}", headers=headers)
        assert answer.status_code == 422, query
