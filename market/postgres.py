"""Engines of Postgres that connect to where their secret says now. Only for services that have a
database: the market's own dependencies have none of this.
"""

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError

from market.secret import Secret

DRIVER = "postgresql+psycopg"
CONNECT_SECONDS = 3

CONNECT_ARGS: dict[str, Any] = {
    # Poolers in transaction mode keep no prepared statements.
    "prepare_threshold": None,
    "connect_timeout": CONNECT_SECONDS,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""A server that vanished is noticed within seconds, also in the middle of a query."""

_VERSION = "secret_version"


def is_postgres_url(lines: tuple[str, ...]) -> None:
    """The check of a secret that is a URL of Postgres."""
    try:
        fit = make_url("".join(lines[:1])).get_backend_name() in ("postgresql", "postgres")
    except (ArgumentError, ValueError):
        # What it says may quote a part of the password.
        fit = False
    if not fit:
        raise ValueError("there is no URL of Postgres in it")


def follow(engine: Engine, secret: Secret) -> None:
    """Have the engine connect by the secret as it is at the time. When it changes, connections in
    use finish their work, and each is made anew when it is taken from the pool next.
    """

    def connect_now(dialect: Any, record: Any, _args: Any, options: dict[str, Any]) -> None:
        url = make_url(secret.text).set(drivername=DRIVER)
        options.update(dialect.create_connect_args(url)[1])
        record.info[_VERSION] = secret.version

    def refuse_old(_connection: Any, record: Any, _proxy: Any) -> None:
        # Asking for the text is what looks at the file.
        if secret.text and record.info.get(_VERSION) != secret.version:
            raise DisconnectionError("the database's secret has changed")

    event.listen(engine, "do_connect", connect_now)
    event.listen(engine, "checkout", refuse_old)
