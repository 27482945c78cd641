"""A desk goes live by the flag, the configuration and a typed sentence, and by nothing less."""

from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from backend.auth.dependencies import Caller
from backend.database import transaction
from backend.desks.provision import NewDesk, create_desk
from backend.errors import Conflict
from backend.models import Desk, Role
from backend.settings import Settings
from backend.trading.brokers.choice import UnknownBroker, broker_of, open_venue, venue_name
from backend.trading.brokers.kinds import refusal_of
from backend.trading.brokers.port import Request
from backend.trading.venues.mode import Mode, sentence
from backend.trading.venues.schemas import ModeChange
from market.errors import FeedError, MissingKeys
from market.feed.choice import open_source
from shiftdesk.configuration import Configuration
from shiftdesk.finding import Mark
from shiftdesk.venue_checks import check_broker, check_feed
from tests.support.build_backend import Backend, running_backend
from tests.support.build_desks import set_desks
from tests.support.build_trading import AAPL, serve_instruments
from tests.support.build_venues import alpaca_rig
from tests.support.venues.alpaca_server import KEY, SECRET, alpaca_server

API = "/api/v1"


async def answered(backend: Backend, login: str, body: dict[str, str]) -> httpx.Response:
    headers = await backend.sign_in(login)
    desk = await desk_of(backend)
    url = f"{API}/desk/mode?desk={desk.id}"
    return await backend.client.put(url, headers=headers, json=body)


async def desk_of(backend: Backend) -> Desk:
    async with transaction(backend.state.sessions) as session:
        return (await session.scalars(select(Desk))).one()


async def with_a_desk(backend: Backend) -> None:
    user = await backend.user("ann", Role.TRADER)
    await backend.user("rick", Role.RISK)
    await serve_instruments(backend.state.redis)
    async with transaction(backend.state.sessions) as session:
        await create_desk(session, user, NewDesk("XNYS", (AAPL,)))


async def test_without_the_flag_nothing_is_live(settings: Settings) -> None:
    async with running_backend(settings.model_copy(update={"broker": "alpaca"})) as backend:
        await with_a_desk(backend)
        refused = await answered(backend, "rick", {"mode": "live", "confirmation": "yes"})
        assert (refused.status_code, refused.json()["code"]) == (409, "live_trading_is_off")


async def test_live_takes_a_typed_sentence_and_the_role(settings: Settings) -> None:
    async with alpaca_server() as server:
        update = {"broker": "alpaca", "live": True, "alpaca_url": server.url}
        keys = Settings.model_validate({"alpaca_key": KEY, "alpaca_secret": SECRET})
        update |= {"alpaca_key": keys.alpaca_key, "alpaca_secret": keys.alpaca_secret}
        update |= {"alpaca_stream_url": server.stream_url}
        async with running_backend(settings.model_copy(update=update)) as backend:
            await with_a_desk(backend)
            name = (await desk_of(backend)).name
            asked = {"mode": "live", "confirmation": ""}
            assert (await answered(backend, "ann", asked)).status_code == 403
            refused = await answered(backend, "rick", asked)
            assert (refused.status_code, refused.json()["code"]) == (422, "confirmation_needed")
            asked["confirmation"] = f"trade {name} live at alpaca:sandbox"
            done = await answered(backend, "rick", asked)
            assert (done.status_code, done.json()["mode"]) == (200, "live")
            assert (await answered(backend, "rick", {"mode": "paper"})).json()["mode"] == "paper"


async def test_a_desks_cash_moves_between_it_and_what_the_account_holds_beside(
    settings: Settings,
) -> None:
    async with alpaca_rig(settings) as rig:
        await rig.settle()
        state, desk = rig.state, await rig.desks.read()
        caller = Caller("risk", desk.organisation_id, Role.RISK, "Rick", "rick")
        async with transaction(state.sessions) as session:
            await Mode(session, state, caller).change(desk.id, ModeChange(mode="paper"))
        loop = await rig.restart()
        await loop.step()
        assert loop.agreed
        typed = ModeChange(mode="live", confirmation=sentence(desk, "alpaca:sandbox"))
        async with transaction(state.sessions) as session:
            await Mode(session, state, caller).change(desk.id, typed)
        loop = await rig.restart()
        await loop.step()
        assert loop.agreed
        async with transaction(state.sessions) as session:
            await Mode(session, state, caller).change(desk.id, ModeChange(mode="paper"))
        await set_desks(state, [desk.id], cash=2_000_000)
        with pytest.raises(Conflict, match="the account lacks"):
            async with transaction(state.sessions) as session:
                await Mode(session, state, caller).change(desk.id, typed)


def test_the_default_is_paper_and_a_live_desk_without_configuration_is_refused() -> None:
    settings = Settings()
    assert not settings.live
    assert settings.venue_sandbox
    assert broker_of(settings, Desk(mode="paper")).name == "paper"
    assert broker_of(settings, Desk(mode="live")).name == "none"
    assert open_venue(settings) is None


def test_what_is_not_configured_is_said() -> None:
    live = Settings(broker="alpaca", live=True)
    with pytest.raises(MissingKeys, match="SHIFTDESK_ALPACA_KEY"):
        open_venue(live)
    with pytest.raises(MissingKeys, match="SHIFTDESK_CCXT_KEY"):
        open_venue(Settings(broker="ccxt:binance", live=True))
    with pytest.raises(UnknownBroker, match="there are paper, alpaca"):
        venue_name(Settings(broker="tulip", live=True))
    with pytest.raises(FeedError, match="SHIFTDESK_FEED_INSTRUMENTS"):
        open_source("alpaca", live)
    assert SECRET not in repr(Settings.model_validate({"alpaca_secret": SECRET}))


@pytest.mark.parametrize("broker", ["alpaca", "ccxt:binance"])
def test_an_order_that_a_venue_does_not_know_is_refused_with_a_reason(broker: str) -> None:
    refusal = refusal_of(broker)
    known = Request("id", AAPL, "buy", "market", Decimal(1))
    assert refusal(known) is None
    odd = Request("id", AAPL, "sell", "market", Decimal(1), reduce_only=True)
    assert "on paper only" in (refusal(odd) or "")


async def test_the_doctor_tries_keys_and_connections(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with alpaca_server() as server:
        given = {"BROKER": "alpaca", "LIVE": "true", "FEED": "alpaca", "FEED_INSTRUMENTS": "AAPL",
                 "ALPACA_KEY": KEY, "ALPACA_SECRET": SECRET, "ALPACA_URL": server.url,
                 "ALPACA_DATA_URL": server.url}  # fmt: skip
        for name, value in given.items():
            monkeypatch.setenv(f"SHIFTDESK_{name}", value)
        broker = await check_broker(Configuration(tmp_path))
        assert (broker.mark, "1,000,000.00 in cash" in broker.detail) == (Mark.OK, True)
        assert (await check_feed(Configuration(tmp_path))).mark is Mark.OK
        monkeypatch.setenv("SHIFTDESK_ALPACA_SECRET", "wrong")
        refused = await check_broker(Configuration(tmp_path))
        assert (refused.mark, "401" in refused.detail) == (Mark.FAIL, True)
        monkeypatch.delenv("SHIFTDESK_ALPACA_SECRET")
        missing = await check_broker(Configuration(tmp_path))
        assert (missing.mark, "SHIFTDESK_ALPACA_SECRET" in missing.detail) == (Mark.FAIL, True)
