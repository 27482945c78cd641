"""The caller's desk and others': who may see and change what, within which bounds."""

import msgspec
import pytest
from redis.asyncio import Redis

from ai_pod.contracts.seats import RiskProfile
from backend.desks.demo import add_automatic_desks, provision_demo, set_automatic
from backend.desks.lines import LineKey
from backend.models import Role
from backend.settings import Settings
from market import keys as market_keys
from market.words import Instrument, Interval
from tests.support.build_backend import PASSWORD, Backend, migrated
from tests.support.build_desks import make_desks

DESK = "/api/v1/desk"


async def serve_instruments(redis: Redis) -> None:
    for symbol in ("AAPL", "IBM", "MSFT"):
        word = Instrument(venue="XNYS", symbol=symbol)
        await redis.hset(market_keys.instruments(), word.id, msgspec.json.encode(word))


async def trader(backend: Backend, login: str = "ann", organisation: str = "Test") -> str:
    """A trader who can sign in, with a desk that does not trade by itself; the desk's id."""
    await backend.user(login, Role.TRADER, organisation)
    return (await make_desks(backend.state, [login], automatic=False, organisation=organisation))[0]


async def test_a_trader_sees_and_changes_their_desk(backend: Backend) -> None:
    desk = await trader(backend)
    headers = await backend.sign_in("ann")
    view = (await backend.client.get(DESK, headers=headers)).json()
    assert view["id"] == desk
    assert view["cash"] == view["starting_cash"] == "100000.000000"
    assert view["policy_line"] == "XNYS/AAPL+IBM/15m/balanced"
    assert view["policy_version"] == "rule:equal-weight@1"
    assert view["seat"] is None
    changed = await backend.client.patch(DESK, headers=headers, json={"automatic": True})
    assert changed.json()["automatic"] is True


@pytest.mark.parametrize("path", ["/desk?desk={}", "/desks/{}", "/desk/risk?desk={}"])
async def test_somebody_elses_desk_is_404_and_not_403(backend: Backend, path: str) -> None:
    desk = await trader(backend, "ann")
    await trader(backend, "bob")
    await backend.user("eve", Role.OPERATOR, "Elsewhere")
    for login in ("bob", "eve"):
        headers = await backend.sign_in(login)
        answer = await backend.client.get("/api/v1" + path.format(desk), headers=headers)
        assert answer.status_code == 404
        assert answer.json()["code"] == "desk_not_found"


async def test_those_who_oversee_see_their_organisations_desks_only(backend: Backend) -> None:
    desk = await trader(backend, "ann")
    await trader(backend, "zoe", "Elsewhere")
    await backend.user("vic", Role.VIEWER)
    headers = await backend.sign_in("vic")
    page = (await backend.client.get("/api/v1/desks", headers=headers)).json()
    assert [one["id"] for one in page["items"]] == [desk]
    refused = await backend.client.patch(
        f"/api/v1/desks/{desk}", headers=headers, json={"automatic": True}
    )
    assert refused.status_code == 403
    own = await backend.client.get(DESK, headers=headers)
    assert own.json()["code"] == "no_desk"


async def test_pages_of_desks_follow_one_another(backend: Backend) -> None:
    desks = await make_desks(backend.state, [f"user{n}" for n in range(5)], automatic=False)
    await backend.user("olga", Role.OPERATOR)
    headers = await backend.sign_in("olga")
    seen: list[str] = []
    cursor = ""
    while True:
        url = f"/api/v1/desks?limit=2{cursor}"
        page = (await backend.client.get(url, headers=headers)).json()
        seen += [one["id"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == sorted(desks)


async def test_a_trader_may_tighten_limits_and_risk_may_loosen_them(backend: Backend) -> None:
    desk = await trader(backend)
    await backend.user("rita", Role.RISK)
    ann, rita = await backend.sign_in("ann"), await backend.sign_in("rita")
    url = "/api/v1/desk/risk"
    tighter = {"max_position_weight": 0.3, "max_order_value": "500.25"}
    kept = (await backend.client.patch(url, headers=ann, json=tighter)).json()
    assert kept["max_position_weight"] == 0.3
    assert kept["max_order_value"] == "500.25"
    looser = {"max_position_weight": 0.5}
    refused = await backend.client.patch(url, headers=ann, json=looser)
    assert (refused.status_code, refused.json()["code"]) == (403, "limit_loosened")
    allowed = await backend.client.patch(f"{url}?desk={desk}", headers=rita, json=looser)
    assert allowed.json()["max_position_weight"] == 0.5
    beyond = await backend.client.patch(
        f"{url}?desk={desk}", headers=rita, json={"max_gross_exposure": 3}
    )
    assert (beyond.status_code, beyond.json()["code"]) == (422, "invalid_request")
    assert beyond.json()["errors"][0]["field"] == "body.max_gross_exposure"


async def test_instruments_are_those_that_the_market_serves(backend: Backend) -> None:
    await trader(backend)
    headers = await backend.sign_in("ann")
    url = "/api/v1/desk/instruments"
    wanted = {"instruments": ["XNYS:MSFT", "XNYS:AAPL"], "risk_profile": "bold"}
    early = await backend.client.patch(url, headers=headers, json=wanted)
    assert (early.status_code, early.json()["code"]) == (503, "market_away")
    await serve_instruments(backend.state.redis)
    changed = (await backend.client.patch(url, headers=headers, json=wanted)).json()
    assert changed["policy_line"] == "XNYS/AAPL+MSFT/15m/bold"
    assert changed["policy_version"] == "rule:equal-weight@1"
    for wrong in ("XNYS:NOPE", "IBM"):
        answer = await backend.client.patch(url, headers=headers, json={"instruments": [wrong]})
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown_instrument")


async def test_every_change_is_on_record_in_an_unbroken_chain(backend: Backend) -> None:
    desk = await trader(backend)
    await backend.user("olga", Role.OPERATOR)
    headers = await backend.sign_in("ann")
    await backend.client.patch(DESK, headers=headers, json={"name": "Tall trees"})
    olga = await backend.sign_in("olga")
    url = f"/api/v1/audit?subject=desk:{desk}"
    newest = (await backend.client.get(url, headers=olga)).json()["items"][0]
    assert newest["action"] == "desk_changed"
    assert newest["actor"] == "ann"
    assert (newest["before"], newest["after"]) == (
        {"name": "Ann's desk"},
        {"name": "Tall trees"},
    )
    chain = await backend.client.get("/api/v1/audit/chain", headers=olga)
    assert chain.json() == {"intact": True, "first_broken": None}


def test_a_lines_id_does_not_depend_on_the_order_of_instruments() -> None:
    def key(*instruments: str) -> str:
        return LineKey("o", "XNYS", instruments, Interval.QUARTER, RiskProfile.BALANCED).id

    assert key("XNYS:IBM", "XNYS:AAPL") == key("XNYS:AAPL", "XNYS:IBM")
    assert key("XNYS:IBM") == "XNYS/IBM/15m/balanced"
    assert key("XNAS:IBM") == "XNYS/XNAS:IBM/15m/balanced"


async def test_two_organisations_never_share_a_line(backend: Backend) -> None:
    await trader(backend, "ann")
    await trader(backend, "zoe", "Elsewhere")
    ann = (await backend.client.get(DESK, headers=await backend.sign_in("ann"))).json()
    zoe = (await backend.client.get(DESK, headers=await backend.sign_in("zoe"))).json()
    assert ann["policy_line"] != zoe["policy_line"]


async def test_the_demo_is_provisioned_once(settings: Settings) -> None:
    url = await migrated(settings.database_url)
    first = await provision_demo(url, PASSWORD)
    assert await provision_demo(url, PASSWORD) == first
    traders = [login for login in first if login.desk and login.organisation == "Demo desk"]
    assert [login.login for login in traders] == [f"trader{n}" for n in range(1, 13)]
    assert {login.role for login in first} == set(Role)
    assert len({login.organisation for login in first}) == 2


async def test_more_automatic_desks_come_and_go(backend: Backend) -> None:
    url = backend.state.settings.database_url
    added = await add_automatic_desks(url, 3, PASSWORD)
    desks = [login.desk for login in added if login.desk]
    await set_automatic(url, desks, False)
    headers = await backend.sign_in("extra1")
    assert (await backend.client.get(DESK, headers=headers)).json()["automatic"] is False
    assert len(desks) == 3
