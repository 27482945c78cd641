"""New values for secrets, in Secrets Manager's four steps; at no moment is one refused.

*Database*: each service has two login roles that take turns, members of the role that owns its
schema. A rotation gives the idle one a new password and hands its URLs on; the other's stay good
until the next rotation. *Service secret*: its lines are the one that signs, the next, the one
before; all are accepted. A rotation moves them up, so what signs next is known everywhere already.
"""

import json
import secrets
from collections.abc import Callable
from typing import Protocol
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

Value = dict[str, str]
Connection = psycopg.Connection[TupleRow]

SERVICES = ("backend", "scheduler")
CONNECT_SECONDS = 10
_TURNS = {"a": "b", "b": "a"}


class RotationRefused(Exception):
    """A secret that cannot be rotated, or a step that does not fit its state."""


class Vault(Protocol):
    """Where secrets are kept in versions. A version is named by the rotation's token."""

    def stages(self, secret: str) -> dict[str, list[str]]:
        """Version → its stages (AWSCURRENT, AWSPENDING, …). Raises RotationRefused when the secret
        is not set up to be rotated.
        """

    def read(self, secret: str, stage: str) -> Value | None:
        """The value of a stage; None while there is none."""

    def put_pending(self, secret: str, token: str, value: Value) -> None: ...

    def promote(self, secret: str, token: str, before: str) -> None:
        """Make version `token` current, in place of version `before`."""


class Rotation:
    """The four steps. `admin` gives the database owner's URL when it is needed."""

    def __init__(self, vault: Vault, admin: Callable[[], str]) -> None:
        self._vault = vault
        self._admin = admin

    def step(self, name: str, secret: str, token: str) -> None:
        """One step, as often as it is asked for. Raises RotationRefused."""
        stages = self._vault.stages(secret)
        if token not in stages:
            raise RotationRefused(f"version {token} is none of {secret}")
        if "AWSCURRENT" in stages[token]:
            return
        if name == "createSecret":
            self._create(secret, token)
        elif name == "setSecret":
            self._set(self._pending(secret))
        elif name == "testSecret":
            # Asked alone, before there is a new value, when a rotation is set up.
            self._test(self._vault.read(secret, "AWSPENDING") or {})
        elif name == "finishSecret":
            before = next((one for one, its in stages.items() if "AWSCURRENT" in its), "")
            self._vault.promote(secret, token, before)
        else:
            raise RotationRefused(f"unknown step {name!r}")

    def _create(self, secret: str, token: str) -> None:
        if self._vault.read(secret, "AWSPENDING") is not None:
            return
        current = self._vault.read(secret, "AWSCURRENT")
        if current is None:
            raise RotationRefused(f"{secret} has no value yet; put the first one in by hand")
        self._vault.put_pending(secret, token, next_value(current))

    def _pending(self, secret: str) -> Value:
        value = self._vault.read(secret, "AWSPENDING")
        if value is None:
            raise RotationRefused(f"{secret} has no pending value")
        return value

    def _set(self, value: Value) -> None:
        if _is_database(value):
            with connect(self._admin()) as connection:
                for service in SERVICES:
                    _set_login(connection, value[f"{service}_direct_url"])

    def _test(self, value: Value) -> None:
        """Every URL opens, and works as the role that owns the schema."""
        if not _is_database(value):
            return
        for service in SERVICES:
            for url in (value[f"{service}_url"], value[f"{service}_direct_url"]):
                with connect(url) as connection:
                    row = connection.execute("SELECT current_user").fetchone()
                if row is None or row[0] != _role(url):
                    raise RotationRefused(f"the new login of {service} does not act as its role")


def next_value(current: Value) -> Value:
    """What follows a value. Raises RotationRefused for a secret of another kind."""
    if _is_database(current):
        return current | _next_urls(current)
    if "secret" in current:
        return current | {"secret": next_lines(current["secret"])}
    raise RotationRefused("this secret is neither a database's nor the services'")


def next_lines(lines: str) -> str:
    """The next line signs; what signed is still accepted; a fresh one is made known. A secret of
    one line goes on signing until the next rotation: nobody knows another yet.
    """
    known, fresh = lines.split(), secrets.token_urlsafe(48)
    following = [known[1], fresh, known[0]] if len(known) > 1 else [known[0], fresh]
    return "\n".join(following)


def _next_urls(current: Value) -> Value:
    made = {}
    for service in SERVICES:
        password = secrets.token_urlsafe(32)
        for name in (f"{service}_url", f"{service}_direct_url"):
            made[name] = with_login(current[name], _other_login(current[name]), password)
    return made


def with_login(url: str, login: str, password: str) -> str:
    """The same database, as somebody else."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(login)}:{quote(password, safe='')}@{place}"))


def connect(url: str) -> Connection:
    return psycopg.connect(
        url, autocommit=True, connect_timeout=CONNECT_SECONDS, prepare_threshold=None
    )


def _other_login(url: str) -> str:
    turn = _login(url)[-1]
    return f"{_role(url)}_{_TURNS[turn]}"


def _role(url: str) -> str:
    """The role that the URL's login acts as: `shiftdesk_backend` of `shiftdesk_backend_a`."""
    role, _, turn = _login(url).rpartition("_")
    if not role or turn not in _TURNS:
        raise RotationRefused(f"the login {_login(url)!r} takes no turns; end it in _a or _b")
    return role


def _login(url: str) -> str:
    return unquote(urlsplit(url).username or "")


def _set_login(connection: Connection, url: str) -> None:
    """The login role with the URL's password; made when it is its first turn."""
    login, role = sql.Identifier(_login(url)), sql.Identifier(_role(url))
    password = sql.Literal(unquote(urlsplit(url).password or ""))
    known = "SELECT 1 FROM pg_roles WHERE rolname = %s"
    if connection.execute(known, (_login(url),)).fetchone():
        connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(login, password))
        return
    connection.execute(
        sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} IN ROLE {}").format(login, password, role)
    )
    # What it makes belongs to the role, whoever's turn it is.
    connection.execute(sql.SQL("ALTER ROLE {} SET role TO {}").format(login, role))


def _is_database(value: Value) -> bool:
    return "backend_direct_url" in value


def decoded(text: str) -> Value:
    """A secret's JSON. Raises RotationRefused."""
    try:
        value = json.loads(text)
    except ValueError as error:
        raise RotationRefused("the secret is no JSON document") from error
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise RotationRefused("the secret is no JSON object of texts")
    return value
