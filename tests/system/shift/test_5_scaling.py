"""Ten more desks bring a third pod, their leaving ends it, and nobody else's socket notices."""

import time

import pytest

from backend.desks.demo import add_automatic_desks
from tests.support.demo import HOLD_DOWN_SECONDS, Demo
from tests.support.people import Person, until

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]


async def test_ten_automatic_desks_bring_a_third_pod_and_take_it_away(shift: Demo) -> None:
    urls, password = shift.cluster.urls, shift.cluster.secrets.demo_password
    async with (
        shift.person("operator") as operator,
        shift.person("trader1") as first,
        shift.person("trader12") as last,
        first.live() as one,
        last.live() as other,
    ):
        logins = await add_automatic_desks(urls.backend_database, 10, password)
        await until(lambda: _pods(operator, 3, seated=22), 60.0, what="a third pod")
        assert max(len(pod["desks"]) for pod in await _living(operator)) <= 10
        for login in logins:
            async with shift.person(login.login) as trader:
                response = await trader.http.patch("/desk", json={"automatic": False})
                assert response.status_code == 200, response.text
        await until(
            lambda: _pods(operator, 2, seated=12), HOLD_DOWN_SECONDS + 30.0, what="two pods again"
        )
        assert one.closed is None
        assert other.closed is None
        now = time.time()
        await one.wait_for(lambda f: f["kind"] == "heartbeat" and f["received"] > now)


async def _living(operator: Person) -> list[dict[str, list[object]]]:
    pods: list[dict[str, list[object]]] = (await operator.get("/pods"))["items"]
    return pods


async def _pods(operator: Person, count: int, *, seated: int) -> bool:
    pods = await _living(operator)
    return len(pods) == count and sum(len(pod["desks"]) for pod in pods) == seated
