"""Real Postgres and Redis for tests, in a temporary folder, ended with the test run.

By hand: `python -m tests.support.stores` starts both, prints their URLs and waits for Ctrl-C.
"""

import contextlib
import itertools
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from shiftdesk.local.processes import die_with_parent, free_port
from shiftdesk.local.stores import PostgresStore, RedisStore, create_database, wait_until_answers

_names = itertools.count()
_UNSYNCED = ("-cfsync=off", "-cfull_page_writes=off")
"""What is committed survives the server's death, not the machine's: no test ends that."""


@dataclass
class Running:
    """A store's server process; `kill` and `start` are for tests of its absence."""

    store: PostgresStore | RedisStore
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        self.store.prepare()
        account = self.store.account() if isinstance(self.store, PostgresStore) else None
        cwd = self.store.data if isinstance(self.store, PostgresStore) else self.store.folder
        more = _UNSYNCED if isinstance(self.store, PostgresStore) else ()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.store.command(), *more],
                stdout=log,
                stderr=log,
                cwd=cwd,
                preexec_fn=die_with_parent(signal.SIGINT),
                user=account[0] if account else None,
                group=account[1] if account else None,
                extra_groups=[] if account else None,
            )
        wait_until_answers(self.store)

    def kill(self, number: int = signal.SIGKILL) -> None:
        assert self.process is not None
        os.kill(self.process.pid, number)
        self.process.wait(15)


@contextlib.contextmanager
def running_stores() -> Iterator[tuple[Running, Running]]:
    """(Postgres, Redis), started; ended and deleted afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="shiftdesk-tests-"))
    folder.chmod(0o755)
    postgres = Running(PostgresStore(folder / "postgres", free_port()), folder / "postgres.log")
    redis = Running(RedisStore(folder / "redis", free_port()), folder / "redis.log")
    try:
        postgres.start()
        redis.start()
        yield postgres, redis
    finally:
        for running in (postgres, redis):
            if running.process is not None and running.process.poll() is None:
                running.kill()
        # Hundreds of databases take a quarter of a minute: nobody waits for that.
        os.spawnlp(os.P_NOWAIT, "rm", "rm", "-rf", str(folder))


def fresh_database(postgres: PostgresStore, name: str = "") -> str:
    """The superuser's URL of a new, empty database."""
    name = name or f"test_{os.getpid()}_{next(_names)}"
    create_database(postgres.url(database="postgres"), name)
    return postgres.url(database=name)


if __name__ == "__main__":
    with running_stores() as (its_postgres, its_redis):
        assert isinstance(its_postgres.store, PostgresStore)
        assert isinstance(its_redis.store, RedisStore)
        print("SHIFTDESK_DATABASE_URL=" + fresh_database(its_postgres.store))  # noqa: T201
        print("SHIFTDESK_REDIS_URL=" + its_redis.store.url, flush=True)  # noqa: T201
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()
