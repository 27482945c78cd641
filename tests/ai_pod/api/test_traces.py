"""A pod and its agents trace to one collector, and their logs name pod and request."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx

from ai_pod.contracts import keys
from ai_pod.contracts.client import PodClient
from ai_pod.contracts.plan import Phase
from ai_pod.contracts.signals import trace_of
from tests.support.build_pod import MINUTE, OPEN, POD, POOL, Stage, always, bars, seat, until
from tests.support.otlp_receiver import collector

SECRET = "a-secret-of-tests-that-is-long-enough"


@contextlib.asynccontextmanager
async def pod(stage: Stage, log: Path, otlp: str) -> AsyncIterator[PodClient]:
    """`python -m ai_pod`, traced, with its log in a file; ended by SIGTERM, in order."""
    context = stage.context()
    told = {
        "POD": POD,
        "POOL": POOL,
        "REDIS_URL": stage.url,
        "CLOCK": stage.clock,
        "SECRET": SECRET,
        "STATE": context.state,
        "ARTIFACTS": context.artifacts,
        "HISTORY": context.history,
        "CHAT_WARM": "0",
        "LEAVE_SECONDS": "3",
        "LOG_FORMAT": "json",
        "OTLP_ENDPOINT": otlp,
    }
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "ai_pod"),
            env=os.environ
            | {f"SHIFTDESK_{name}": value for name, value in told.items()}
            | {"OTEL_BSP_SCHEDULE_DELAY": "100"},
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
        )
    assert process.stdout is not None
    try:
        async with httpx.AsyncClient() as http:
            line = await asyncio.wait_for(process.stdout.readline(), 30)
            yield PodClient(http, json.loads(line)["listening"], SECRET, "backend")
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 30) == 0, _read(log)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        # The transport of a pipe is closed in a later turn of the loop.
        process._transport.close()  # type: ignore[attr-defined]
        await asyncio.sleep(0)


def _read(log: Path) -> str:
    return log.read_text()


async def test_a_switch_and_a_decision_reach_the_collector(stage: Stage, tmp_path: Path) -> None:
    log = tmp_path / "pod.log"
    with collector() as there:
        async with pod(stage, log, there.url) as client:
            await stage.announce(always(Phase.TRADING))
            await asyncio.to_thread(there.wait_for, "switch", 30.0)
            await stage.close(bars(OPEN - 40 * MINUTE))
            for minute in range(-39, 1):
                await stage.close(bars(OPEN + minute * MINUTE))
            await stage.sit(seat(lease_epoch=3))
            await client.attach("desk-1")
            await until(lambda: stage.redis.exists(keys.decided("desk-1")))
            await stage.close(bars(OPEN + MINUTE, (101.0, 190.0)))
            await asyncio.to_thread(there.wait_for, "decision", 30.0)
        switch, request = there.named("switch")[0], there.wait_for("POST /v1/desks/{desk}")
        spans = {(one.trace, one.place) for one in there.named("decision")}
    assert (switch.service, switch.told["pod"]) == ("ai_pod", POD)
    assert (switch.told["to"], switch.told["from_phase"]) == ("trading", "paused")
    assert (request.service, request.told["http.response.status_code"]) == ("ai_pod", 202)
    assert {one.service for one in there.named("decision")} == {"ai_pod.trading"}
    published = [(trace_of(one.desk, one.bar_end), one) for one in await stage.decisions()]
    assert {(trace, one.traceparent[3:52]) for trace, one in published} <= spans
    assert published
    lines = [json.loads(line) for line in _read(log).splitlines()]
    switched = next(line for line in lines if line["event"] == "switched")
    assert (switched["service"], switched["pod"]) == ("ai_pod", POD)
