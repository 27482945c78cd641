"""Rotation on a real Postgres: no login is refused on the way, and every step may come twice."""

import itertools
from urllib.parse import urlsplit

import psycopg
import pytest

from infra.functions.rotation import (
    SERVICES,
    Connection,
    Rotation,
    RotationRefused,
    Value,
    connect,
    next_lines,
    with_login,
)

SECRET = "shiftdesk/test/database"


class MemoryVault:
    """Secrets Manager's versions and stages, in memory."""

    def __init__(self, value: Value | None) -> None:
        self.values: dict[str, Value] = {} if value is None else {"first": value}
        self.staged = {} if value is None else {"first": ["AWSCURRENT"]}

    def begin(self, token: str) -> None:
        """As Secrets Manager does: a version without a value, which is pending."""
        self.staged[token] = ["AWSPENDING"]

    def stages(self, _secret: str) -> dict[str, list[str]]:
        return self.staged

    def read(self, _secret: str, stage: str) -> Value | None:
        versions = [one for one, its in self.staged.items() if stage in its]
        return self.values.get(versions[0]) if versions else None

    def put_pending(self, _secret: str, token: str, value: Value) -> None:
        self.values[token] = value

    def promote(self, _secret: str, token: str, before: str) -> None:
        self.staged[before] = ["AWSPREVIOUS"]
        self.staged[token] = ["AWSCURRENT"]

    @property
    def current(self) -> Value:
        value = self.read(SECRET, "AWSCURRENT")
        assert value is not None
        return value


@pytest.fixture
def owner(database_url: str) -> str:
    """The URL of a database's owner as Neon gives it: no superuser, but it makes roles. Those of
    the services are as the runbook makes them; roles are the server's, so each test has its own.
    """
    with connect(database_url) as superuser:
        name = superuser.info.dbname
        run(superuser, "CREATE ROLE {}_owner LOGIN CREATEROLE PASSWORD 'owner'", name)
        run(superuser, "ALTER DATABASE {} OWNER TO {}_owner", name)
    url = with_login(database_url, f"{name}_owner", "owner")
    with connect(url) as its:
        for service in SERVICES:
            role = f"{name}_{service}"
            run(its, "CREATE ROLE {}", role)
            run(its, "GRANT {} TO CURRENT_USER", role)
            run(its, f"CREATE SCHEMA {service} AUTHORIZATION {{}}", role)
            run(its, "CREATE ROLE {}_a LOGIN PASSWORD 'first' IN ROLE {}", role)
            run(its, "ALTER ROLE {}_a SET role TO {}", role)
    return url


def run(connection: Connection, statement: str, name: str) -> None:
    """The statement with every `{}` replaced by a name of ours."""
    connection.execute(statement.replace("{}", name))  # type: ignore[call-overload]  # no literal


def urls(owner: str) -> Value:
    role = role_of(owner).removesuffix("_owner")
    return {
        f"{service}_{name}": with_login(owner, f"{role}_{service}_a", "first")
        for service in SERVICES
        for name in ("url", "direct_url")
    }


def role_of(url: str) -> str:
    return urlsplit(url).username or ""


def rotated(vault: MemoryVault, owner: str, token: str, times: int = 1) -> None:
    vault.begin(token)
    rotation = Rotation(vault, lambda: owner)
    for step in ("createSecret", "setSecret", "testSecret", "finishSecret"):
        for _ in range(times):
            rotation.step(step, SECRET, token)


def users_of(url: str) -> tuple[str, str]:
    """(whose login it is, whose rights it has), by their endings."""
    with connect(url) as connection:
        row = connection.execute("SELECT session_user, current_user").fetchone()
    assert row is not None
    return row[0].split("_", 3)[-1], row[1].split("_", 3)[-1]


def test_two_logins_take_turns_and_nobody_is_locked_out(owner: str) -> None:
    first = urls(owner)
    vault = MemoryVault(first)

    rotated(vault, owner, "second")

    second = vault.current
    assert users_of(second["backend_url"]) == ("backend_b", "backend")
    assert users_of(first["backend_url"]) == ("backend_a", "backend")
    with connect(second["backend_direct_url"]) as connection:
        connection.execute("CREATE TABLE backend.made (id int)")

    rotated(vault, owner, "third")

    third = vault.current
    assert users_of(third["scheduler_url"]) == ("scheduler_a", "scheduler")
    assert users_of(second["scheduler_url"]) == ("scheduler_b", "scheduler")
    with connect(third["backend_direct_url"]) as connection:
        connection.execute("DROP TABLE backend.made")


def test_an_old_password_ends_with_its_logins_next_turn(owner: str) -> None:
    vault = MemoryVault(urls(owner))
    rotated(vault, owner, "second")
    second = vault.current
    rotated(vault, owner, "third")
    rotated(vault, owner, "fourth")
    assert vault.current["backend_url"] != second["backend_url"]
    assert role_of(vault.current["backend_url"]) == role_of(second["backend_url"])


def test_every_step_may_come_twice(owner: str) -> None:
    vault = MemoryVault(urls(owner))
    rotated(vault, owner, "second", times=2)
    assert users_of(vault.current["scheduler_direct_url"]) == ("scheduler_b", "scheduler")


def test_one_services_login_reads_nothing_of_the_others(owner: str) -> None:
    vault = MemoryVault(urls(owner))
    rotated(vault, owner, "second")
    with connect(vault.current["backend_url"]) as connection:
        connection.execute("CREATE TABLE backend.private (id int)")
    with (
        connect(vault.current["scheduler_url"]) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("SELECT * FROM backend.private")


def test_a_login_that_does_not_act_as_its_role_is_not_handed_on(owner: str) -> None:
    vault = MemoryVault(urls(owner))
    vault.begin("second")
    rotation = Rotation(vault, lambda: owner)
    rotation.step("createSecret", SECRET, "second")
    rotation.step("setSecret", SECRET, "second")
    with connect(owner) as its:
        run(its, "ALTER ROLE {} RESET role", role_of(urls(owner)["backend_url"])[:-1] + "b")

    with pytest.raises(RotationRefused, match="does not act as its role"):
        rotation.step("testSecret", SECRET, "second")
    assert vault.current == urls(owner)


def test_what_signs_next_is_known_before_it_signs() -> None:
    """Readers may be one rotation behind: at every step each accepts what the other signs."""
    values = ["only"]
    for _ in range(6):
        values.append(next_lines(values[-1]))
    for before, after in itertools.pairwise(values):
        assert after.split()[0] in before.split(), "the slow reader accepts the quick one"
        assert before.split()[0] in after.split(), "and the other way round"
        assert len(set(after.split())) == len(after.split())
    signing = [value.split()[0] for value in values]
    assert signing[0] == signing[1], "nobody knows another yet"
    assert len(set(signing[1:])) == len(signing[1:]), "then every rotation signs anew"
    assert all(len(line) >= 32 for line in values[-1].split())


def test_the_services_secret_keeps_its_other_properties() -> None:
    vault = MemoryVault({"secret": "only", "scaling_token": "kept"})
    rotated(vault, "", "second")
    assert vault.current["scaling_token"] == "kept"
    assert vault.current["secret"].split()[0] == "only"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "put the first one in by hand"),
        ({"url": "redis://host"}, "neither a database's nor the services'"),
        ({"backend_url": "postgresql://me@host/db", "backend_direct_url": ""}, "takes no turns"),
    ],
)
def test_what_cannot_be_rotated_is_refused(value: Value | None, said: str) -> None:
    vault = MemoryVault(value)
    vault.begin("second")
    with pytest.raises(RotationRefused, match=said):
        Rotation(vault, lambda: "").step("createSecret", SECRET, "second")


def test_setting_a_rotation_up_tests_nothing_yet() -> None:
    vault = MemoryVault({"secret": "only"})
    vault.begin("second")
    Rotation(vault, lambda: "").step("testSecret", SECRET, "second")
    assert vault.current == {"secret": "only"}


def test_a_version_of_somebody_else_is_refused() -> None:
    with pytest.raises(RotationRefused, match="is none of"):
        Rotation(MemoryVault({"secret": "only"}), lambda: "").step("createSecret", SECRET, "else")
