"""Clients of Redis, bounded in time, that connect to where their secret says now."""

import asyncio
from collections.abc import Iterable
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.connection import Connection, ConnectionPool, SSLConnection, parse_url
from redis.maint_notifications import MaintNotificationsConfig

from market.secret import Secret
from market.tasks import heeding


def open_redis(
    url: Secret | str, *, seconds: float, connect_seconds: float = 3.0, **options: Any
) -> Redis:
    """A client whose every answer takes `seconds` at most. `url` may be a secret's reference;
    `options` are `Redis`' own.

    When the secret changes, connections that are in use are left alone, and each is made anew when
    it is used next. Whether it is TLS, and the URL's query, are settled here, once.
    """
    secret = url if isinstance(url, Secret) else Secret.of(url, is_redis_url)
    # While a pool listens for notices of maintenance, it hands out connections that the server has
    # closed: after a restart each would fail somebody's command.
    options["maint_notifications_config"] = MaintNotificationsConfig(enabled=False)
    if secret.text.startswith("unix:"):
        return Redis.from_url(secret.text, socket_timeout=seconds, **options)
    single = options.pop("single_connection_client", False)
    pool = _Pool(
        secret,
        socket_timeout=seconds,
        socket_connect_timeout=connect_seconds,
        **options,
    )
    client = Redis(connection_pool=pool, single_connection_client=single)
    client.auto_close_connection_pool = True
    return client


def is_redis_url(lines: tuple[str, ...]) -> None:
    """The check of a secret that is a URL of Redis."""
    try:
        fit = not {"host", "path"}.isdisjoint(parse_url("".join(lines[:1])))
    except ValueError:
        # What it says may quote a part of the password.
        fit = False
    if not fit:
        raise ValueError("there is no URL of Redis in it")


class _Following(Connection):
    """`followed` is the version of the secret that it was connected by."""

    def __init__(self, *, secret: Secret, **options: Any) -> None:
        self._secret = secret
        self.followed = secret.version
        super().__init__(**options)

    async def _connect(self) -> None:
        place = parse_url(self._secret.text)
        self.followed = self._secret.version
        self.host = place.get("host", "localhost")
        self.port = int(place.get("port", 6379))
        self.db = place.get("db", 0)
        self.username = place.get("username")
        self.password = place.get("password", "")
        # redis-py gives it no types.
        await super()._connect()  # type: ignore[no-untyped-call]

    async def send_packed_command(
        self, command: bytes | str | Iterable[bytes], check_health: bool = True
    ) -> None:
        """As ever, but who is cancelled while it is sent, is: redis-py waits by
        `asyncio.wait_for`, and would go on to the answer.
        """
        try:
            await heeding(super().send_packed_command(command, check_health))
        except asyncio.CancelledError:
            # There may be an answer to come, which is nobody's.
            await self.disconnect(nowait=True)
            raise


class _FollowingTls(_Following, SSLConnection):
    """The same over TLS."""


class _Pool(ConnectionPool):
    def __init__(self, secret: Secret, **options: Any) -> None:
        self._secret = secret
        place = dict(parse_url(secret.text))
        tls = place.pop("connection_class", Connection) is SSLConnection
        kind = _FollowingTls if tls else _Following
        super().__init__(connection_class=kind, secret=secret, **(options | place))

    async def ensure_connection(self, connection: Any) -> None:
        # Asking for the text is what looks at the file.
        if self._secret.text and connection.followed != self._secret.version:
            await connection.disconnect()
        await super().ensure_connection(connection)
