"""The embedded stores: they start, come back after a kill, and touch no folder but their own."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
import redis

from shiftdesk.local import stores
from shiftdesk.local.processes import free_port
from shiftdesk.local.stores import PostgresStore, RedisStore, create_role
from tests.support.stores import Running


def test_redis_has_search_and_json(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        names = {module[b"name"].lower() for module in client.module_list()}
    assert {b"search", b"rejson"} <= names


def test_a_role_owns_its_schema_and_cannot_enter_anothers(database_url: str) -> None:
    for name in ("backend", "scheduler"):
        create_role(database_url, f"shiftdesk_{name}", f"{name}-secret")
    url = database_url.replace("postgres@", "shiftdesk_backend:backend-secret@")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE backend.mine (x int)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE scheduler.theirs (x int)")


@pytest.mark.system
def test_stores_survive_a_kill_and_change_no_parents_mode(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    postgres = Running(PostgresStore(private / "postgres", free_port()), private / "postgres.log")
    redis_ = Running(RedisStore(private / "redis", free_port()), private / "redis.log")
    try:
        _write_kill_and_read(postgres, redis_)
    finally:
        for running in (postgres, redis_):
            if running.process is not None and running.process.poll() is None:
                running.kill()
        shutil.rmtree(PostgresStore(private / "postgres", 0).data, ignore_errors=True)
    assert private.stat().st_mode & 0o777 == 0o700


def test_a_free_port_is_none_that_any_connection_may_be_given() -> None:
    """From 32768 on Linux gives ports to whoever asks for any."""
    assert {free_port() < 32768 for _ in range(100)} == {True}


def test_who_starts_at_the_same_time_shares_one_copy_of_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed, libraries = tmp_path / "wheel" / "pginstall18", tmp_path / "wheel.libs"
    for folder in (installed / "bin", libraries):
        folder.mkdir(parents=True)
        for number in range(100):
            (folder / f"file-{number}").write_text("a part of the server")
    monkeypatch.setattr(stores, "_PUBLIC_BASE", tmp_path / "public")
    with ThreadPoolExecutor(4) as threads:
        copies = set(threads.map(stores._published_copy, [installed] * 4))
    (copy,) = copies
    assert len(list((copy / "bin").iterdir())) == 100
    assert len(list((copy.parents[1] / libraries.name).iterdir())) == 100


def _write_kill_and_read(postgres: Running, redis_: Running) -> None:
    assert isinstance(postgres.store, PostgresStore)
    assert isinstance(redis_.store, RedisStore)
    url = postgres.store.url(database="postgres")
    for running in (postgres, redis_):
        running.start()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (x int)")
        connection.execute("INSERT INTO kept VALUES (42)")
    with redis.Redis.from_url(redis_.store.url) as client:
        client.set("kept", "42")
    for running in (postgres, redis_):
        running.kill()
        running.start()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT x FROM kept").fetchone() == (42,)
    with redis.Redis.from_url(redis_.store.url) as client:
        assert client.get("kept") == b"42"
