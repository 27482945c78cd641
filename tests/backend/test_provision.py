"""People and desks of a real installation: made by one command, refused in a sentence."""

import io
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from ai_pod.contracts import keys
from backend import provision
from backend.desks.provision import NewDesk
from backend.errors import Conflict, DomainError, Invalid, Unavailable
from backend.models import Role
from backend.provision import Person
from backend.settings import Settings
from market.words import Interval
from tests.backend.desks.test_desks import serve_instruments
from tests.support.build_backend import PASSWORD, Backend

DESK = NewDesk("XNYS", ("XNYS:AAPL", "XNYS:IBM"), interval=Interval.HOUR)
ANN = Person("Staging", "Ann", Role.TRADER, PASSWORD, DESK)


@pytest.fixture
async def market(redis_url: str) -> AsyncIterator[Redis]:
    """A scheduler has planned the pool XNYS, and a feed serves instruments."""
    async with Redis.from_url(redis_url) as redis:
        await redis.sadd(keys.pools(), "XNYS")
        await serve_instruments(redis)
        yield redis


async def test_a_trader_who_was_made_signs_in_and_has_a_desk(
    backend: Backend, settings: Settings, market: Redis
) -> None:
    made = await provision.provision(settings, ANN)
    assert [line.split()[0] for line in made] == ["user", "desk"]
    headers = await backend.sign_in("ann")
    desk = (await backend.client.get("/api/v1/desk", headers=headers)).json()
    assert desk["id"] in made[1]
    assert desk["policy_line"] == "XNYS/AAPL+IBM/1h/balanced"
    assert desk["automatic"] is True
    assert desk["mode"] == "paper"


async def test_doing_it_again_changes_nothing_and_says_so(
    backend: Backend, settings: Settings, market: Redis
) -> None:
    await provision.provision(settings, ANN)
    other = replace(DESK, instruments=("XNYS:MSFT",))
    again = await provision.provision(settings, replace(ANN, password="another", desk=other))
    assert all("was there" in line for line in again)
    headers = await backend.sign_in("ann")
    desk = (await backend.client.get("/api/v1/desk", headers=headers)).json()
    assert desk["instruments"] == ["XNYS:AAPL", "XNYS:IBM"]


@pytest.mark.parametrize(
    ("person", "error", "words"),
    [
        (replace(ANN, desk=replace(DESK, instruments=("XNYS:NO",))), Invalid, "XNYS:NO"),
        (replace(ANN, desk=replace(DESK, instruments=("IBM",))), Invalid, "VENUE:SYMBOL"),
        (replace(ANN, desk=replace(DESK, pool="XNAS")), Invalid, "pools with a plan: XNYS"),
        (replace(ANN, login="olga"), Conflict, "olga is there, as operator"),
        (replace(ANN, login="eve"), Conflict, "another organisation"),
    ],
)
async def test_what_cannot_be_is_refused_and_leaves_nothing(
    backend: Backend,
    settings: Settings,
    market: Redis,
    person: Person,
    error: type[DomainError],
    words: str,
) -> None:
    await provision.provision(settings, Person("Staging", "olga", Role.OPERATOR, PASSWORD))
    await provision.provision(settings, Person("Elsewhere", "eve", Role.TRADER, PASSWORD, DESK))
    with pytest.raises(error, match=words):
        await provision.provision(settings, person)
    headers = await backend.sign_in("olga")
    desks = (await backend.client.get("/api/v1/desks", headers=headers)).json()
    assert desks["items"] == []


async def test_before_the_market_serves_it_says_so(
    backend: Backend, settings: Settings, redis_url: str
) -> None:
    async with Redis.from_url(redis_url) as redis:
        await redis.sadd(keys.pools(), "XNYS")
    with pytest.raises(Unavailable, match="serves no instruments yet"):
        await provision.provision(settings, ANN)


@pytest.mark.parametrize(
    ("arguments", "password", "words"),
    [
        (("Staging", "ann", "trader"), PASSWORD, "a trader needs --instruments"),
        (("S", "olga", "operator", "--instruments", "A:B"), PASSWORD, "nobody else has a desk"),
        (("Staging", "olga", "operator"), "", "the password is empty"),
        (("S", "ann", "trader", "--instruments", "A:B", "--cash", "much"), PASSWORD, "no amount"),
        (("Staging", "olga", "king"), PASSWORD, "operator"),
    ],
)
def test_wrong_usage_is_said_before_anything_is_opened(
    arguments: tuple[str, ...],
    password: str,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    with pytest.raises(SystemExit) as ended:
        provision.main(arguments)
    assert ended.value.code == 2
    assert words in capsys.readouterr().err


def test_a_store_that_is_away_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    monkeypatch.setenv("SHIFTDESK_REDIS_URL", "redis://127.0.0.1:1/0")
    with pytest.raises(SystemExit, match="a store does not answer"):
        provision.main(("Staging", "ann", "trader", "--instruments", "XNYS:IBM"))
