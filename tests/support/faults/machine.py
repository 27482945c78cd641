"""How much the machine's load stretches work, measured by a process that does nothing else, and
written into the event log.
"""

import contextlib
import multiprocessing
import os
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median

from market.clock import Clock
from market.eventlog import EventLog
from tests.support import history

EVERY_SECONDS = 2.0
CPU_SECONDS = 0.02


@contextlib.contextmanager
def measured(folder: Path, clock: Clock) -> Iterator[None]:
    """Measure for as long as the context is open."""
    told = (folder, clock, os.getpid())
    process = multiprocessing.get_context("spawn").Process(target=_measure, args=told, daemon=True)
    process.start()
    try:
        yield
    finally:
        process.kill()
        process.join()
        process.close()


def _measure(folder: Path, clock: Clock, parent: int) -> None:
    events = EventLog(folder, "machine", clock)
    while os.getppid() == parent:
        events.write("machine_measured", slowness=slowness())
        time.sleep(EVERY_SECONDS)


def median_slowness(events: list[history.Event]) -> float:
    """What was measured in the course of these events; 1 where nothing was."""
    measurements = [float(event["slowness"]) for event in history.of(events, "machine_measured")]
    return median(measurements) if measurements else 1.0


def stretched(seconds: float, events: list[history.Event], since: float) -> float:
    """How long what takes so many seconds on a machine of its own may take on this one, as it was
    from the wall time `since` on: longer by its slowness, and by what it stood still.
    """
    here = [event for event in events if float(event["at"]) >= since]
    return seconds * max(1.0, median_slowness(here)) + _stood_still(here)


def _stood_still(events: list[history.Event]) -> float:
    """The seconds by which measurements came later than they should."""
    measurements = list(history.of(events, "machine_measured"))
    late = (
        float(each["at"])
        - float(before["at"])
        - EVERY_SECONDS
        - CPU_SECONDS * float(each["slowness"])
        for before, each in pairwise(measurements)
    )
    return sum(max(0.0, seconds) for seconds in late)


def slowness() -> float:
    """Real time by CPU time of a piece of work; 1 where it need not wait."""
    began, spent = time.perf_counter(), time.thread_time()
    while time.thread_time() - spent < CPU_SECONDS:
        pass
    return (time.perf_counter() - began) / (time.thread_time() - spent)
