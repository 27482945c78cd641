"""What the local cluster keeps in its folder: secrets, the clock, the running addresses."""

import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TextIO

import msgspec

from market.clock import Anchor, Clock
from market.words import Word

CLOCK_SAVED_EVERY_SECONDS = 2.0
LEFTOVERS_SECONDS = 15.0
"""Longer than the guard's grace."""


class Secrets(Word, frozen=True, kw_only=True):
    """Made once for each state folder."""

    service: str
    backend_role: str
    scheduler_role: str
    demo_password: str


class SavedClock(Word, frozen=True, kw_only=True):
    """Market time when it was last saved; `clean` when the cluster was ended in order."""

    market: datetime
    speed: float
    clean: bool


class ClusterInfo(Word, frozen=True, kw_only=True):
    """The running cluster, for the command line. Written when everything serves."""

    pid: int
    url: str
    scheduler_url: str
    market_url: str
    database_url: str
    redis_url: str
    pools: tuple[str, ...]
    clock: str
    demo: bool
    operator: str
    history: str
    artifacts: str
    logs: str


class AlreadyRunning(Exception):
    """Another cluster holds the state folder."""


class StateFolder:
    """The cluster's folder (`.shiftdesk`)."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self.lock: tuple[int, ...] = ()
        """The lock's descriptor while the folder is held. Who inherits it prolongs the hold."""

    def path(self, name: str) -> Path:
        return self.root / name

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder for one cluster; waits while what a killed one left behind ends.

        Raises AlreadyRunning.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        with self.path("lock").open("a+") as lock:
            self._lock(lock)
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            self.lock = (lock.fileno(),)
            yield
            self.lock = ()

    def _lock(self, lock: TextIO) -> None:
        deadline = time.monotonic() + LEFTOVERS_SECONDS
        while not _locked(lock):
            lock.seek(0)
            holder = lock.read()
            if holder and _alive(int(holder)):
                raise AlreadyRunning(f"a cluster already runs from {self.root}")
            if time.monotonic() > deadline:
                raise AlreadyRunning(f"processes of a killed cluster still hold {self.root}")
            time.sleep(0.1)

    def secrets(self) -> Secrets:
        path = self.path("secrets.json")
        if path.exists():
            return msgspec.json.decode(path.read_bytes(), type=Secrets)
        made = Secrets(
            service=secrets.token_urlsafe(32),
            backend_role=secrets.token_urlsafe(16),
            scheduler_role=secrets.token_urlsafe(16),
            demo_password=secrets.token_hex(6),
        )
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(made))
        return made

    def start_clock(self, start: Anchor | None, now: float) -> Clock:
        """Go on from the saved market time; `start` serves the first time, None is the wall clock.

        After an unclean end up to one saving interval is skipped, so that market time never goes
        back.
        """
        path = self.path("clock.json")
        if start is None:
            return Clock()
        if not path.exists():
            return Clock(Anchor(market=start.market, wall=now, speed=start.speed))
        saved = msgspec.json.decode(path.read_bytes(), type=SavedClock)
        clock = Clock(Anchor(market=saved.market, wall=now, speed=saved.speed))
        if saved.clean:
            return clock
        market = clock.at_wall(now + CLOCK_SAVED_EVERY_SECONDS)
        return Clock(Anchor(market=market, wall=now, speed=saved.speed))

    def save_clock(self, clock: Clock, *, clean: bool) -> None:
        if clock.anchor is not None:
            saved = SavedClock(market=clock.now(), speed=clock.speed, clean=clean)
            self._write("clock.json", msgspec.json.encode(saved))

    def publish(self, info: ClusterInfo) -> None:
        self._write("cluster.json", msgspec.json.format(msgspec.json.encode(info), indent=2))

    def withdraw(self) -> None:
        self.path("cluster.json").unlink(missing_ok=True)

    def running(self) -> ClusterInfo | None:
        """The running cluster, or None (also when its process has gone)."""
        try:
            info = msgspec.json.decode(self.path("cluster.json").read_bytes(), type=ClusterInfo)
        except FileNotFoundError:
            return None
        return info if _alive(info.pid) and self.is_held() else None

    def is_held(self) -> bool:
        """Whether a cluster runs from here, starts, or has not wholly ended."""
        with self.path("lock").open("a") as lock:
            return not _locked(lock)

    def _write(self, name: str, content: bytes) -> None:
        unfinished = self.path(name + ".part")
        unfinished.write_bytes(content)
        unfinished.replace(self.path(name))


def _locked(lock: TextIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
