"""The scheduler as a process, and its migrations."""

import asyncio
import os
import signal
import subprocess
import sys

import httpx
import msgspec
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from redis.asyncio import Redis
from sqlalchemy import create_engine

from ai_pod.contracts import keys
from ai_pod.contracts.plan import Plan
from ai_pod.contracts.tokens import DEFAULT_SECRET
from scheduler import patches
from scheduler.audit import Author
from scheduler.contracts.client import SchedulerClient
from scheduler.database import Database, psycopg_url
from scheduler.migrate import migrate
from scheduler.tables import SCHEMA, metadata
from shiftdesk.local.stores import create_role
from tests.support.build_scheduler import NOW, ORGANISATION, anchored, patch_request
from tests.support.loitering import loitering
from tests.support.people import until


async def _is_ready(http: httpx.AsyncClient, address: str) -> bool:
    return (await http.get(f"{address}/readyz")).status_code == 200


async def test_it_serves_publishes_and_ends_when_told(migrated_url: str, redis: Redis) -> None:
    url = redis.connection_pool.connection_kwargs
    told = os.environ | {
        "SHIFTDESK_DATABASE_URL": migrated_url,
        "SHIFTDESK_REDIS_URL": f"redis://{url['host']}:{url['port']}",
        "SHIFTDESK_CLOCK": anchored(),
        "SHIFTDESK_POOLS": "XNYS,24/7",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "scheduler"),
        env=told,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            address = msgspec.json.decode(await process.stdout.readline())["listening"]
            async with httpx.AsyncClient(timeout=60.0) as http:
                client = SchedulerClient(http, address, DEFAULT_SECRET, "backend")
                await until(lambda: _is_ready(http, address))
                view = await client.schedule()
            await until(lambda: redis.exists(keys.plan("24/7")))
            value = await redis.get(keys.plan("XNYS"))
            with loitering(address):
                process.send_signal(signal.SIGTERM)
                rest = await process.stdout.read()
                code = await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert isinstance(value, bytes)
    assert Plan.decode(value).segment_at("pod-1", NOW) is not None
    assert [plan.pool for plan in view.plans] == ["XNYS", "24/7"]
    assert (rest, code) == (b"", 0)


def test_a_wrong_setting_ends_it_with_a_sentence() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scheduler"],
        env=os.environ | {"SHIFTDESK_POOLS": "XNOPE"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "pool XNOPE: unknown calendar" in done.stderr
    assert "Traceback" not in done.stderr


def test_migrations_make_the_tables_that_the_code_knows(database_url: str) -> None:
    migrate(database_url)
    migrate(database_url)
    engine = create_engine(psycopg_url(database_url))
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "version_table_schema": SCHEMA,
                "include_name": lambda name, kind, _: kind != "schema" or name == SCHEMA,
            },
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


async def test_replicas_may_migrate_at_once(database_url: str) -> None:
    async with asyncio.TaskGroup() as tasks:
        for _ in range(3):
            tasks.create_task(asyncio.to_thread(migrate, database_url))


async def test_the_services_own_role_suffices(database_url: str) -> None:
    create_role(database_url, "shiftdesk_scheduler", "a-password")
    url = database_url.replace("//postgres@", "//shiftdesk_scheduler:a-password@")
    await asyncio.to_thread(migrate, url)
    database = Database(url)
    async with database.transaction() as connection:
        author = Author(organisation=ORGANISATION, actor="olga", market_now=NOW)
        await patches.set_patch(connection, patches.check(patch_request()), author)
        assert len(await patches.listed(connection, ORGANISATION)) == 1
    await database.close()
