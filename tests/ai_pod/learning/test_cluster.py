"""Trials on a real Dask cluster of processes: workers leave and are killed, and nothing is lost."""

import asyncio
import contextlib
import os
import re
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import dask
import msgspec
import psutil
import pytest
from distributed import Client, Security
from redis.asyncio import Redis

from ai_pod.agents.learning import cluster
from ai_pod.agents.learning.cluster import TRIALS, Membership, QuietScheduler
from ai_pod.agents.learning.crew import Alone, Heard, TrialFailed
from ai_pod.agents.learning.dask_crew import Camp, DaskCrew
from ai_pod.agents.learning.judging.protocol import Fold
from ai_pod.agents.learning.meeting import Meeting
from ai_pod.agents.learning.training import Training
from ai_pod.agents.learning.trial import (
    FINISHED,
    MOVED,
    Place,
    TrialProgressed,
    TrialResult,
    TrialSpec,
)
from ai_pod.agents.learning.worlds import Worlds
from ai_pod.contracts.seats import RiskProfile
from market import tracing
from market.words import Interval
from tests.support.build_learning import panel
from tests.support.otlp_receiver import collector, traced_here
from tests.support.slow_learner import HELD_AT, SlowLearner

PATIENCE = 90.0
NOISE = panel(400, 2, seed=1)
FOLDS = (
    Fold(0, train=((0, 100),), tests=((140, 367),), paths=(0,)),
    Fold(1, train=((240, 367),), tests=((0, 200),), paths=(0,)),
)


@dataclass
class Ground:
    """What the pods of one machine share: a Redis, an artifact store, a learner to be held."""

    redis: Redis
    url: str
    root: Path
    counted: list[str] = field(default_factory=list)

    @property
    def learner(self) -> SlowLearner:
        return SlowLearner(self.root)

    @property
    def artifacts(self) -> str:
        return str(self.root / "artifacts")

    @property
    def hold(self) -> Path:
        return self.root / "hold"

    def crew(self, name: str, scheduler: str = "") -> DaskCrew:
        place = Place.at(self.artifacts, self.learner, self.counted.append)
        folder, meeting = str(self.root / "dask"), Meeting(self.redis, "XNYS")
        return DaskCrew(place, Camp(name, folder, meeting, scheduler))

    def specs(self, seeds: int = 2) -> list[TrialSpec]:
        world = Worlds(self.artifacts).seal("a", NOISE)
        return [
            TrialSpec(
                line="a",
                night="2012-01-10",
                world=world,
                fold=fold,
                seed=seed,
                profile=RiskProfile.BOLD,
                interval=Interval.QUARTER,
                training=Training(),
            )
            for seed in range(seeds)
            for fold in FOLDS
        ]

    @contextlib.asynccontextmanager
    async def helper(self, name: str = "pod-b") -> AsyncIterator[asyncio.subprocess.Process]:
        """Another pod, in a process of its own."""
        command = (sys.executable, "-m", "tests.support.slow_learner", self.url, str(self.root))
        process = await asyncio.create_subprocess_exec(
            *command, name, stdin=asyncio.subprocess.PIPE
        )
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def all_held(self, count: int) -> set[int]:
        """Wait until so many runs are held; the processes that they are in."""
        return {int(str(entry["pid"])) for entry in await self.noted("reached", count)}

    async def noted(self, what: str, count: int) -> list[dict[str, object]]:
        await until(lambda: len(self.learner.diary(what)) >= count)
        return self.learner.diary(what)


@pytest.fixture
async def ground(redis_url: str, tmp_path: Path) -> AsyncIterator[Ground]:
    async with Redis.from_url(redis_url) as redis:
        yield Ground(redis, redis_url, tmp_path)


def certificates(security: Security) -> dict[str, str]:
    """As Dask's configuration names them; inline instead of files."""
    tls = {"ca-file": security.tls_ca_file}
    for who in ("scheduler", "worker", "client"):
        tls[f"{who}.cert"] = getattr(security, f"tls_{who}_cert")
        tls[f"{who}.key"] = getattr(security, f"tls_{who}_key")
    return {f"distributed.comm.tls.{name}": value for name, value in tls.items()}


async def until(condition: Callable[[], object]) -> None:
    """Wait, with a bound, until the condition (plain or awaitable) holds."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = condition()
            if await found if asyncio.iscoroutine(found) else found:
                return
            await asyncio.sleep(0.02)


async def finished(crew: Alone | DaskCrew, specs: list[TrialSpec]) -> dict[str, TrialResult]:
    """All results by key."""
    async with asyncio.timeout(PATIENCE):
        heard = [what async for what in crew.run(specs)]
    return {what.key: what for what in heard if isinstance(what, TrialResult)}


async def undisturbed(ground: Ground) -> dict[str, str]:
    """The policies that the same trials end with when one process runs them without a pause."""
    alone = Ground(ground.redis, ground.url, ground.root / "undisturbed")
    results = await finished(Alone(Place.at(alone.artifacts, alone.learner)), alone.specs())
    return {key: result.policy for key, result in results.items()}


async def kill(process: asyncio.subprocess.Process) -> None:
    process.kill()
    await process.wait()


async def went_on(ground: Ground, results: dict[str, TrialResult]) -> None:
    """One of four trials went on elsewhere from its checkpoint; all others were begun once."""
    assert {key: result.policy for key, result in results.items()} == await undisturbed(ground)
    ended = [entry["trial"] for entry in ground.learner.diary("ended")]
    assert len(ended) == len(set(ended)) == 4
    began = [entry["step"] for entry in ground.learner.diary("began")]
    assert sorted(began) == [0, 0, 0, 0, HELD_AT]
    assert sorted(result.moves for result in results.values()) == [0, 0, 0, 1]
    assert ground.counted.count(MOVED) == 1
    assert ground.counted.count(FINISHED) == 4
    assert not list(ground.root.rglob("*.checkpoint"))


async def test_a_worker_is_killed_in_the_middle_and_its_trial_moves(ground: Ground) -> None:
    ground.hold.touch()
    async with ground.crew("pod-a") as crew, ground.helper() as helper:
        running = asyncio.create_task(finished(crew, ground.specs()))
        assert await ground.all_held(2) == {os.getpid(), helper.pid}
        await kill(helper)
        ground.hold.unlink()
        await went_on(ground, await running)


async def test_a_worker_leaves_in_the_middle_and_its_trial_moves(ground: Ground) -> None:
    ground.hold.touch()
    async with ground.crew("pod-a") as crew:
        # Else pod-b may host the scheduler, and all that is held would begin anew.
        await until(Meeting(ground.redis, "XNYS").address)
        async with ground.crew("pod-b"):
            running = asyncio.create_task(finished(crew, ground.specs()))
            await ground.all_held(2)
        ground.hold.unlink()
        await went_on(ground, await running)


async def test_the_pod_that_hosts_the_scheduler_is_killed_and_another_goes_on(
    ground: Ground,
) -> None:
    ground.hold.touch()
    async with ground.helper("host") as host:
        await until(Meeting(ground.redis, "XNYS").address)
        async with ground.crew("pod-a") as crew:
            running = asyncio.create_task(finished(crew, ground.specs()))
            assert host.pid in await ground.all_held(2)
            await kill(host)
            ground.hold.unlink()
            results = await running
    assert {key: result.policy for key, result in results.items()} == await undisturbed(ground)
    ended = [entry["trial"] for entry in ground.learner.diary("ended")]
    assert len(ended) == len(set(ended)) == 4
    assert sum(result.moves for result in results.values()) == 2


async def test_what_is_finished_is_found_again_and_progress_is_heard(ground: Ground) -> None:
    specs, ports = ground.specs(), listening()
    async with ground.crew("pod-a") as crew:
        first = await finished(crew, specs[:2])
        heard = [what async for what in crew.run(specs)]
    # The scheduler's port and the worker's are closed again.
    assert listening() == ports
    assert len(ground.learner.diary("began")) == 4
    results = {what.key: what for what in heard if isinstance(what, TrialResult)}
    assert results.keys() == {spec.key for spec in specs}
    assert {key: results[key] for key in first} == first
    progress = [what for what in heard if isinstance(what, TrialProgressed)]
    assert {what.key for what in progress} == {spec.key for spec in specs[2:]}
    assert all("train/loss" in what.metrics for what in progress)
    # Nothing was written outside the folders it was given, and nobody is said to host any more.
    assert {path.name for path in ground.root.iterdir()} <= {"artifacts", "dask", "diary"}
    assert await Meeting(ground.redis, "XNYS").address() is None


def listening() -> set[int]:
    """The ports that this process listens on."""
    known = psutil.Process().net_connections("tcp")
    return {one.laddr.port for one in known if one.status == psutil.CONN_LISTEN}


async def test_what_a_trial_of_yesterday_tells_is_nobodys_business(ground: Ground) -> None:
    specs = ground.specs(1)
    ground.hold.touch()
    async with ground.crew("pod-a") as crew:
        running = asyncio.create_task(_everything(crew, specs))
        await ground.all_held(1)
        late = TrialProgressed(key="trial-of-yesterday", step=1, metrics={"train/loss": 1.0})
        address = await Meeting(ground.redis, "XNYS").address()
        async with Client(address, asynchronous=True, set_as_default=False) as client:
            await client.log_event(f"{TRIALS}:a", msgspec.json.encode(late))
        ground.hold.unlink()
        assert {what.key for what in await running} == {spec.key for spec in specs}


async def _everything(crew: DaskCrew, specs: list[TrialSpec]) -> list[Heard]:
    return [what async for what in crew.run(specs)]


async def test_a_worker_whose_store_is_another_spoils_no_trial(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PAUSE_SECONDS", 0.05)
    stranger = Ground(ground.redis, ground.url, ground.root / "stranger")
    async with stranger.crew("pod-b"), ground.crew("pod-a") as crew:
        assert len(await finished(crew, ground.specs())) == 4


async def test_the_trials_of_a_lines_night_are_one_trace(ground: Ground) -> None:
    specs = ground.specs(1)
    with collector() as there:
        with traced_here(there):
            async with ground.crew("pod-a") as crew:
                await finished(crew, specs)
        spans = there.named("trial")
    assert {span.trace for span in spans} == {tracing.trace_of("night", "a", specs[0].night)}
    assert {span.told["trial"] for span in spans} == {spec.key for spec in specs}
    assert all(span.told["finished"] for span in spans)


async def test_a_trial_that_cannot_be_run_is_told(ground: Ground) -> None:
    specs = ground.specs(1)
    Worlds(ground.artifacts).drop_all("a")
    async with ground.crew("pod-a") as crew:
        with pytest.raises(TrialFailed, match="is gone or damaged"):
            await finished(crew, specs)


async def test_a_configured_scheduler_speaks_tls_and_only_with_who_has_a_certificate(
    ground: Ground,
) -> None:
    ours, theirs = Security.temporary(), Security.temporary()
    with dask.config.set(certificates(ours)):
        async with QuietScheduler(protocol="tls", host="127.0.0.1", port=0) as scheduler:
            async with ground.crew("pod-a", scheduler.address) as crew:
                assert len(await finished(crew, ground.specs(1))) == 2
            assert scheduler.address.startswith("tls://127.0.0.1:")
            assert await Meeting(ground.redis, "XNYS").address() is None
            place, folder = Place.at(ground.artifacts, ground.learner), str(ground.root / "dask")
            with dask.config.set(certificates(theirs)), pytest.raises(OSError, match="timed out"):
                await Membership.join(scheduler.address, "stranger", folder, place)


async def test_the_scheduler_of_many_pods_is_a_program_and_may_be_restarted(
    ground: Ground,
) -> None:
    security, variables = Security.temporary(), dict(os.environ)
    for name, text in certificates(security).items():
        path = ground.root / f"{name}.pem"
        path.write_text(text)
        variables[f"DASK_{name.upper().replace('.', '__').replace('-', '_')}"] = str(path)
    ground.hold.touch()
    with dask.config.set(certificates(security)):
        async with contextlib.AsyncExitStack() as first:
            address = await first.enter_async_context(scheduler("tls://127.0.0.1:0", variables))
            async with ground.crew("pod-a", address) as crew:
                running = asyncio.create_task(finished(crew, ground.specs(1)))
                await ground.all_held(1)
                await first.aclose()
                async with scheduler(address, variables):
                    ground.hold.unlink()
                    assert len(await running) == 2


@contextlib.asynccontextmanager
async def scheduler(where: str, variables: dict[str, str]) -> AsyncIterator[str]:
    """The scheduler as a process, at its address, until it is told to end."""
    command = (sys.executable, "-m", "ai_pod.agents.learning.scheduler", where)
    process = await asyncio.create_subprocess_exec(
        *command, env=variables, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE):
            said = b""
            while not (found := re.search(rb"tls://127\.0\.0\.1:[1-9]\d*", said)):
                said = await process.stdout.readline()
                assert said, "it ended"
        yield found[0].decode()
    finally:
        process.terminate()
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0


async def test_a_crew_of_one_stops_between_steps_and_goes_on(ground: Ground) -> None:
    ground.hold.touch()
    crew = Alone(Place.at(ground.artifacts, ground.learner))
    running = asyncio.create_task(finished(crew, ground.specs(1)))
    await ground.all_held(1)
    running.cancel()
    await asyncio.wait({running})
    ground.hold.unlink()
    results = await finished(crew, ground.specs(1))
    assert [result.moves for result in results.values()] == [1, 0]
    assert [entry["step"] for entry in ground.learner.diary("began")] == [0, HELD_AT, 0]
