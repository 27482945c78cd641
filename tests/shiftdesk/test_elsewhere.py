"""The command line at an installation elsewhere: a real back end, reached by its address."""

import asyncio
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy.ext.asyncio import async_sessionmaker

from backend.auth import passwords
from backend.auth.provision import create_organisation, create_user
from backend.database import open_engine, transaction
from backend.desks.provision import NewDesk, create_desk
from backend.models import Role
from shiftdesk.api import connect, look_at
from shiftdesk.errors import NotFound, UsageProblem
from shiftdesk.local.stores import PostgresStore, RedisStore
from tests.support.build_backend import PASSWORD, migrated
from tests.support.build_live import backend_process
from tests.support.documented import documents
from tests.support.stores import Running, fresh_database
from tests.support.verbs import Said, verb

SCHEDULED = {"status", "top", "schedule show", "override list", "doctor"}
OF_A_DESK = {"keys list", "threads list"}
BARS = "date,open,high,low,close,volume\n2012-10-16,1,2,1,2,100\n"
PEOPLE = {"olga": Role.OPERATOR, "ann": Role.TRADER, "ben": Role.TRADER}


async def _prepare(database_url: str) -> None:
    engine = open_engine(await migrated(database_url))
    hashed = await passwords.hash_password(PASSWORD)
    async with transaction(async_sessionmaker(engine)) as session:
        owner = await create_organisation(session, "Test")
        for login, role in PEOPLE.items():
            user = await create_user(session, owner.id, login, role, hashed)
            if role is Role.TRADER:
                await create_desk(session, user, NewDesk("XNYS", ("XNYS:IBM",), automatic=False))
    await engine.dispose()


@pytest.fixture(scope="module")
def url(stores: tuple[Running, Running]) -> Iterator[str]:
    """A back end with an operator and two desks, and no scheduler beside it."""
    postgres, redis = stores[0].store, stores[1].store
    assert isinstance(postgres, PostgresStore)
    assert isinstance(redis, RedisStore)
    with Redis.from_url(redis.url) as client:
        client.flushall()
    database_url = fresh_database(postgres)
    asyncio.run(_prepare(database_url))
    with backend_process(database_url, redis.url) as server:
        yield server.url


@pytest.fixture
def olga(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose settings name the back end and its operator."""
    (tmp_path / "password").write_text(PASSWORD + "\n")
    (tmp_path / "shiftdesk.toml").write_text(f'api_url = "{url}"\napi_login = "olga"\n')
    (tmp_path / ".env").write_text("SHIFTDESK_API_PASSWORD_FILE=password\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def tokens() -> dict[str, str]:
    """By login, of those who have entered: passwords take their time."""
    return {}


@pytest.fixture
def enter(
    olga: Path, tokens: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], None]:
    """Verbs are that person's from here on."""

    def become(login: str) -> None:
        if login not in tokens:
            body = {"login": login, "password": PASSWORD}
            monkeypatch.delenv("SHIFTDESK_API_TOKEN", raising=False)
            tokens[login] = connect().call("POST", "/auth/login", json=body)["access_token"]
        monkeypatch.setenv("SHIFTDESK_API_TOKEN", tokens[login])

    return become


def test_verbs_reach_the_installation_that_the_settings_name(olga: Path) -> None:
    desks = json.loads(verb(olga, "desks", "--json").output)["desks"]
    assert sorted(desk["owner"] for desk in desks) == ["ann", "ben"]
    assert json.loads(verb(olga, "pods", "--json").output)["pods"] == []
    assert "XNYS/IBM/15m/balanced" in verb(olga, "policies", "list").output


def test_a_login_that_has_run_out_is_renewed(olga: Path) -> None:
    api = connect()
    api._http.headers["Authorization"] = "Bearer of-yesterday"
    assert api.get("/me")["user"]["login"] == "olga"


def test_flags_before_the_verb_come_first_then_the_environment(
    url: str, olga: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_ann = verb(olga, "--api-login", "ann", "desks")
    assert as_ann.code == 1
    assert "yours is trader" in as_ann.error
    monkeypatch.setenv("SHIFTDESK_API_URL", "http://127.0.0.1:1")
    assert "did not answer" in verb(olga, "desks").error
    assert verb(olga, "--api-url", url, "desks").code == 0
    shown = json.loads(verb(olga, "--api-url", url, "config", "show", "--json").output)
    assert shown["settings"]["api_url"] == {"value": url, "origin": "flag"}


def test_a_desks_keys_are_made_listed_and_revoked(url: str, olga: Path) -> None:
    def keys(*arguments: str) -> Said:
        return verb(olga, "--api-login", "ann", "keys", *arguments)

    made = json.loads(keys("make", "notebook", "--scope", "read", "--days", "7", "--json").output)
    key = made["key"]
    assert (key["scopes"], made["url"]) == (["read"], url)
    told = keys("make", "another").output
    assert "sdk_" in told
    assert f"{url}/v1" in told
    listed = json.loads(keys("list", "--json").output)["keys"]
    assert [one["name"] for one in listed] == ["another", "notebook"]
    assert key["key"] not in json.dumps(listed)
    assert keys("revoke", key["id"]).code == 0
    assert "revoked" in keys("list").output
    assert keys("revoke", "key_of-nobody").code == 3
    assert verb(olga, "keys", "make", "mine").code == 3, "olga has no desk"


def test_conversations_are_found_renamed_taken_along_and_deleted(
    olga: Path, enter: Callable[[str], None]
) -> None:
    def threads(*arguments: str) -> Said:
        return verb(olga, "threads", *arguments)

    enter("ann")
    asked = verb(olga, "chat", "Why did the desk buy IBM?")
    assert asked.code == 1, "no pod is here to answer"
    (mine,) = json.loads(threads("list", "--json").output)["threads"]
    identity = mine["id"]
    again = verb(olga, "chat", "And Apple?", "--thread", identity)
    assert again.code == 1
    said = [m["text"] for m in json.loads(threads("show", identity, "--json").output)["messages"]]
    assert said == ["Why did the desk buy IBM?", "And Apple?"]
    (found,) = json.loads(threads("search", "ibm des", "--json").output)["found"]
    assert found["thread"]["id"] == identity
    assert threads("rename", identity, "Of February").code == 0
    assert "Of February" in threads("list").output
    assert threads("export", "--out", "all.json").code == 0
    (taken,) = json.loads((olga / "all.json").read_text())["threads"]
    assert [m["text"] for m in taken["messages"]] == said
    assert "# Of February" in threads("export", identity, "--form", "markdown").output
    enter("ben")
    assert threads("show", identity).code == 3
    assert threads("delete", identity, "--yes").code == 3
    enter("ann")
    assert threads("delete", identity).code == 2, "nobody is there to be asked"
    assert threads("delete", identity, "--yes").code == 0
    assert json.loads(threads("list", "--json").output)["threads"] == []


def test_an_export_that_fails_leaves_an_older_file_as_it_was(
    olga: Path, enter: Callable[[str], None]
) -> None:
    enter("ann")
    (olga / "old.json").write_text("{}")
    done = verb(olga, "threads", "export", "thr_of-nobody", "--out", "old.json")
    assert done.code == 3
    assert (olga / "old.json").read_text() == "{}"
    assert verb(olga, "threads", "export", "--out", "no/such/folder.json").code == 2


def test_budgets_are_set_by_login_and_what_is_not_named_stays(
    olga: Path, enter: Callable[[str], None]
) -> None:
    def budgets(*arguments: str) -> Said:
        return verb(olga, "budgets", *arguments)

    def most() -> int | None:
        enter("ann")
        day = json.loads(budgets("show", "--json").output)["accounts"][0]
        assert (day["period"], day["tokens"]) == ("day", 0)
        enter("olga")
        most: int | None = day["most_tokens"]
        return most

    enter("olga")
    assert budgets("set", "ann", "--day-tokens", "1000", "--month-usd", "12.50").code == 0
    made = json.loads(budgets("set", "ann", "--day-usd", "2", "--json").output)["budget"]
    assert (made["day_tokens"], made["month_tokens"]) == (1000, None)
    assert (Decimal(made["day_usd"]), Decimal(made["month_usd"])) == (2, Decimal("12.5"))
    assert budgets("set", "everyone", "--month-tokens", "90000").code == 0
    listed = budgets("list").output
    assert "ann" in listed
    assert "90,000" in listed
    assert most() == 1000
    assert budgets("remove", "ann").code == 0
    assert most() is None
    assert budgets("remove", "everyone").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("set", "ann"), 2, "no limit is given"),
        (("set", "ann", "--day-usd", "two"), 2, "no amount"),
        (("set", "eve", "--day-usd", "2"), 3, "no user 'eve'"),
        (("remove", "eve"), 3, "no user 'eve'"),
    ],
)
def test_a_budget_that_cannot_be_set_is_refused_in_words(
    olga: Path,
    enter: Callable[[str], None],
    arguments: tuple[str, ...],
    code: int,
    words: str,
) -> None:
    enter("olga")
    done = verb(olga, "budgets", *arguments)
    assert (done.code, words in done.error) == (code, True), done


def test_documents_hold_the_names_that_are_documented(
    olga: Path, enter: Callable[[str], None]
) -> None:
    """Those that need a scheduler are tried at a whole cluster."""
    (olga / "bars.csv").write_text(BARS)
    imported = verb(olga, "data", "import", "bars.csv", "--instrument", "XNYS:IBM")
    assert imported.code == 0, imported.error
    promised = documents()
    for line in promised.keys() - SCHEDULED:
        enter("ann" if line in OF_A_DESK else "olga")
        said = verb(olga, *line.split(), "--json")
        assert said.code == 0, (line, said.error)
        assert promised[line] <= set(json.loads(said.output)), line


def test_an_operator_looks_at_somebodys_desk(olga: Path) -> None:
    assert look_at("ann").get("/desk")["owner"] == "ann"
    assert look_at("ben").get("/desk")["owner"] == "ben"
    with pytest.raises(NotFound, match="eve"):
        look_at("eve")
    assert verb(olga, "trace", "nonsense", "--as", "ann").code == 3


def test_nobody_is_somebody_else_without_their_password(olga: Path) -> None:
    asked = verb(olga, "chat", "What is my cash?", "--as", "ann")
    assert asked.code == 2
    assert "you are olga" in asked.error


def test_a_token_enters_and_one_that_is_not_valid_says_so(
    url: str, olga: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = connect().call("POST", "/auth/login", json={"login": "olga", "password": PASSWORD})
    (olga / "shiftdesk.toml").write_text(f'api_url = "{url}/api/v1/"\n')
    monkeypatch.setenv("SHIFTDESK_API_TOKEN", answer["access_token"])
    assert connect().login == "olga"
    monkeypatch.setenv("SHIFTDESK_API_TOKEN", "made-up")
    assert "token_invalid" in verb(olga, "desks").error


def test_who_is_not_let_in_is_told_what_to_look_at(olga: Path) -> None:
    (olga / "password").write_text("wrong\n")
    assert verb(olga, "desks").code == 3
    (olga / "password").unlink()
    assert "password cannot be read" in verb(olga, "desks").error


def test_the_doctor_examines_the_installation(olga: Path) -> None:
    told = json.loads(verb(olga, "doctor", "--json").output.partition("\n}\n")[0] + "}")
    found = {one["name"]: one for one in told["findings"]}
    assert found["api"]["detail"].endswith("as olga (operator)")
    assert found["live socket"]["mark"] == "OK"
    assert found["plan"]["mark"] == "FAIL", "no scheduler runs here"
    assert found["pods"]["mark"] == "WARN"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"URL": "desk.example.com"}, "no address"),
        ({"URL": "http://desk.example.com"}, "no password goes over plain http"),
        ({"URL": "https://desk.example.com"}, "nobody to sign in as"),
        ({"URL": "https://desk.example.com", "LOGIN": "olga"}, "no password here"),
    ],
)
def test_settings_that_do_not_suffice_are_said_before_anything_is_sent(
    settings: dict[str, str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in settings.items():
        monkeypatch.setenv(f"SHIFTDESK_API_{name}", value)
    with pytest.raises(UsageProblem, match=words):
        connect()
