"""The night's Dask cluster, as one agent sees it: its own worker, its client, and, where no
scheduler was configured, perhaps the scheduler itself.

Imports distributed, so nothing that has to be quick imports this module.
"""

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from typing import Any

import dask
import msgspec
import structlog
from distributed import Client, Future, Reschedule, Scheduler, Status, Worker, get_worker
from distributed.client import ClosedClientError
from distributed.diagnostics.plugin import WorkerPlugin

from ai_pod.agents.learning.crew import Heard, TrialFailed
from ai_pod.agents.learning.trial import (
    Place,
    TrialProgressed,
    TrialResult,
    TrialSpec,
    run_trial,
)
from ai_pod.agents.learning.worlds import WorldLost
from market import tracing

TRIALS = "trials"
CONNECT_SECONDS = 5.0
CLOSE_SECONDS = 3.0
RETRIES = 2
"""Of a trial that raises."""

PAUSE_SECONDS = 3.0
"""A worker that cannot read what a trial needs waits so long before it gives the trial back."""

CONFIGURATION: Mapping[str, object] = {
    # Trials wait in the scheduler, not with a worker that may leave: one at a time goes out.
    "distributed.scheduler.worker-saturation": 1.0,
    # A worker that hangs, though its connection holds, keeps its trial no longer than that.
    "distributed.scheduler.worker-ttl": "30s",
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.profile.enabled": False,
    "distributed.diagnostics.nvml": False,
    "distributed.admin.low-level-log-length": 100,
    "distributed.admin.tick.interval": "1s",
    # A trial may hold the interpreter's lock for as long as a gradient step takes.
    "distributed.admin.tick.limit": "1 minute",
    "distributed.comm.timeouts.connect": f"{CONNECT_SECONDS}s",
}
"""What differs from Dask's own; TLS and the rest come from DASK_… variables as usual."""

# Workers come and go every night, and Dask warns of each; what matters is logged here.
logging.getLogger("distributed").setLevel(logging.ERROR)

logger = structlog.get_logger()


class NoHttp:
    """No dashboard and no other page: a Dask server opens the one port that it talks on."""

    def start_http_server(self, *_: object, **__: object) -> None:
        """Does nothing."""


# distributed ships no types to a strict checker
class QuietScheduler(NoHttp, Scheduler):  # type: ignore[misc]
    """Dask's scheduler without pages."""


# distributed ships no types to a strict checker
class QuietWorker(NoHttp, Worker):  # type: ignore[misc]
    """Dask's worker without pages."""


# distributed ships no types to a strict checker
class Bench(WorkerPlugin):  # type: ignore[misc]
    """A worker's place for trials. They poll its stop flag; `idle` says that none is running, and
    `ours` are the lines whose trials this process has submitted.
    """

    name = TRIALS

    def __init__(self, place: Place) -> None:
        self._place = place
        self.ours: set[str] = set()
        self._stop = threading.Event()
        self.idle = threading.Event()
        self.idle.set()

    def setup(self, worker: Worker) -> None:
        self._worker = worker

    def teardown(self, worker: Worker) -> None:
        """The worker closes, be it because its scheduler is gone: the trial stops, and is kept."""
        del worker
        self.stop()

    def stop(self) -> None:
        self._stop.set()

    def run(self, data: bytes) -> bytes:
        """Raises Reschedule when the trial was stopped, or cannot be run here now: Dask gives it to
        another worker. WorldLost where the world was sealed.
        """
        spec = msgspec.json.decode(data, type=TrialSpec)
        self.idle.clear()
        try:
            with _span(spec) as span:
                result = run_trial(spec, self._place, self._stop.is_set, self._progressed(spec))
                span.note(finished=result is not None)
        except (WorldLost, OSError) as reason:
            if isinstance(reason, WorldLost) and spec.line in self.ours:
                raise
            self._pause(spec, reason)
            raise Reschedule from reason
        finally:
            self.idle.set()
        if result is None:
            raise Reschedule
        return msgspec.json.encode(result)

    def _pause(self, spec: TrialSpec, reason: Exception) -> None:
        """A worker that fails at once would be given one trial after the other, and fail them all:
        its store may be away, or not be the one that the others share.
        """
        logger.warning("trial_given_back", trial=spec.key, line=spec.line, reason=str(reason))
        self._stop.wait(PAUSE_SECONDS)

    def _progressed(self, spec: TrialSpec) -> Callable[[TrialProgressed], None]:
        topic = _topic(spec)
        return lambda event: self._worker.log_event(topic, msgspec.json.encode(event))


def run_on_worker(data: bytes) -> bytes:
    """A trial as a Dask task, in the worker's one thread: spec and result as JSON.

    What a worker needs beside the spec it has of its own: no code and no secret travels.
    """
    bench: Bench = get_worker().plugins[TRIALS]
    return bench.run(data)


class Membership:
    """An agent in the cluster of one scheduler, as a worker and as a client, until it leaves or
    the scheduler is gone (`lost`).
    """

    def __init__(self, worker: QuietWorker, client: Client, bench: Bench) -> None:
        self._worker, self._client, self._bench = worker, client, bench
        self.lost = asyncio.Event()
        self._watching = asyncio.create_task(self._watch(), name="dask-membership")

    @classmethod
    async def join(cls, address: str, name: str, folder: str, place: Place) -> "Membership":
        """Raises OSError or TimeoutError when there is no scheduler."""
        bench = Bench(place)
        worker = QuietWorker(
            address,
            name=name,
            nthreads=1,
            memory_limit=0,
            host="127.0.0.1" if "127.0.0.1" in address else None,
            local_directory=folder,
            plugins=(bench,),
            death_timeout=CONNECT_SECONDS,
        )
        client: Client | None = None
        try:
            await worker
            client = Client(
                address, asynchronous=True, set_as_default=False, timeout=CONNECT_SECONDS, name=name
            )
            await client
        except BaseException as error:
            await close(worker.close(timeout=CLOSE_SECONDS, executor_wait=False))
            if client is not None:
                await close(client.close(CLOSE_SECONDS))
            if isinstance(error, RuntimeError):
                # Dask's word for any failure of a server's start; its cause says which.
                raise OSError(f"{address}: {error.__cause__ or error!r}") from error
            raise
        return cls(worker, client, bench)

    @property
    def address(self) -> str:
        """The scheduler's."""
        address: str = self._worker.scheduler.address
        return address

    async def run(self, specs: Sequence[TrialSpec]) -> AsyncGenerator[Heard, None]:
        """What the trials tell, until all results are there or the scheduler is lost."""
        heard: asyncio.Queue[Heard | TrialFailed | None] = asyncio.Queue()
        topic, keys = _topic(specs[0]), {spec.key for spec in specs}

        def told(event: tuple[float, bytes]) -> None:
            progress = msgspec.json.decode(event[1], type=TrialProgressed)
            # A trial that somebody stopped waiting for may still run, and tell.
            if progress.key in keys:
                heard.put_nowait(progress)

        self._client.subscribe_topic(topic, told)
        self._bench.ours.add(specs[0].line)
        lost = asyncio.create_task(self._when_lost(heard), name="trials-lost")
        futures = self._submit(specs)
        fetching = [asyncio.create_task(_fetch(future, heard)) for future in futures]
        left = len(specs)
        try:
            while left and (what := await heard.get()) is not None:
                if isinstance(what, TrialFailed):
                    raise what
                left -= isinstance(what, TrialResult)
                yield what
        finally:
            for task in (lost, *fetching):
                task.cancel()
            for future in futures:
                future.release()
            # Who left while somebody still waited has closed the client already.
            with contextlib.suppress(ClosedClientError):
                self._client.unsubscribe_topic(topic)
            self._bench.ours.discard(specs[0].line)

    async def leave(self, seconds: float) -> None:
        """Stop the trial that is running here, give it back, and go; within about `seconds`."""
        self._watching.cancel()
        if not self.lost.is_set():
            # From now on the scheduler sends nothing more, least of all what is given back.
            self._worker.status = Status.closing_gracefully
        self._bench.stop()
        await asyncio.to_thread(self._bench.idle.wait, seconds)
        await close(self._worker.close(timeout=CLOSE_SECONDS, executor_wait=False))
        await close(self._client.close(CLOSE_SECONDS))
        self.lost.set()

    def _submit(self, specs: Sequence[TrialSpec]) -> list[Future]:
        return [
            self._client.submit(
                run_on_worker, msgspec.json.encode(spec), key=spec.key, retries=RETRIES
            )
            for spec in specs
        ]

    async def _watch(self) -> None:
        await self._worker.finished()
        self.lost.set()

    async def _when_lost(self, heard: asyncio.Queue[Heard | TrialFailed | None]) -> None:
        await self.lost.wait()
        heard.put_nowait(None)


async def start_scheduler() -> QuietScheduler:
    """A scheduler in this process, on a port of the loopback."""
    scheduler = QuietScheduler(host="127.0.0.1", port=0, dashboard=False)
    await scheduler
    return scheduler


@contextlib.contextmanager
def configured(folder: str) -> Any:
    """Dask set up for trials; what it writes goes under `folder`."""
    with dask.config.set({**CONFIGURATION, "temporary-directory": folder}):
        yield


async def _fetch(future: Future, heard: asyncio.Queue[Heard | TrialFailed | None]) -> None:
    """The result, or what the trial raised; nothing when the scheduler went away."""
    data = await future._result(raiseit=False)
    if future.status == "finished":
        heard.put_nowait(msgspec.json.decode(data, type=TrialResult))
    elif future.status == "error":
        error = await future._exception()
        heard.put_nowait(TrialFailed(f"{type(error).__name__}: {error}"))


async def close(closing: Awaitable[object]) -> None:
    """Close what may be half closed already, within a bound."""
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await closing
    except (OSError, TimeoutError) as error:
        logger.warning("dask_not_closed", error=repr(error))


def _span(spec: TrialSpec) -> tracing.Span:
    """All trials of a line's night are one trace, on whichever pods they run."""
    night = tracing.trace_of("night", spec.line, spec.night)
    return tracing.span("trial", trace=night, line=spec.line, trial=spec.key, seed=spec.seed)


def _topic(spec: TrialSpec) -> str:
    """A line's, whatever the night: a scheduler remembers every topic that there ever was."""
    return f"{TRIALS}:{spec.line}"
