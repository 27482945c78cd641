"""A pod and its agents trace to one collector, and their logs name pod and request."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
from structlog.contextvars import bound_contextvars

from ai_pod.contracts import keys
from ai_pod.contracts.chat import ReplyRequest, RunEventKind
from ai_pod.contracts.client import PodClient, PodUnavailable
from ai_pod.contracts.plan import Phase
from ai_pod.contracts.signals import trace_of
from market import tracing
from tests.support.build_chat import DESK, ORGANISATION, write_demo
from tests.support.build_pod import (
    MINUTE,
    OPEN,
    POD,
    POOL,
    Stage,
    always,
    answered,
    bars,
    seat,
    until,
)
from tests.support.otlp_receiver import Collector, Received, collector, traced_here

SECRET = "a-secret-of-tests-that-is-long-enough"
QUESTION = ReplyRequest(
    run="run-1",
    thread="thread-1",
    desk=DESK,
    organisation=ORGANISATION,
    user="user-1",
    pool=POOL,
    text="How much cash do I have?",
)


@contextlib.asynccontextmanager
async def pod(stage: Stage, log: Path, otlp: str, **more: str) -> AsyncIterator[PodClient]:
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
        **more,
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
        async with httpx.AsyncClient(timeout=60.0) as http:
            line = await asyncio.wait_for(process.stdout.readline(), 120)
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


def _logged(log: Path, event: str) -> dict[str, object]:
    """The first such line."""
    lines: list[dict[str, object]] = [json.loads(line) for line in _read(log).splitlines()]
    return next(line for line in lines if line["event"] == event)


def _switches(there: Collector) -> list[Received]:
    """Those that came to their end: one that a busy machine fails is tried again."""
    return [one for one in there.named("switch") if not one.failed]


async def test_a_switch_and_a_decision_reach_the_collector(stage: Stage, tmp_path: Path) -> None:
    log = tmp_path / "pod.log"
    with collector() as there:
        async with pod(stage, log, there.url) as client:
            await stage.announce(always(Phase.TRADING))
            await asyncio.to_thread(
                there.wait_until, lambda: bool(_switches(there)), "a switch", 60.0
            )
            await stage.close(bars(OPEN - 40 * MINUTE))
            for minute in range(-39, 1):
                await stage.close(bars(OPEN + minute * MINUTE))
            await stage.sit(seat(lease_epoch=3))
            await answered(lambda: client.attach("desk-1"))
            await until(lambda: stage.redis.exists(keys.decided("desk-1")))
            await stage.close(bars(OPEN + MINUTE, (101.0, 190.0)))
            await asyncio.to_thread(there.wait_for, "decision", 30.0)
        switch, request = _switches(there)[0], there.wait_for("POST /v1/desks/{desk}")
        spans = {(one.trace, one.place) for one in there.named("decision")}
    assert (switch.service, switch.told["pod"]) == ("ai_pod", POD)
    assert (switch.told["to"], switch.told["from_phase"]) == ("trading", "paused")
    assert (request.service, request.told["http.response.status_code"]) == ("ai_pod", 202)
    assert {one.service for one in there.named("decision")} == {"ai_pod.trading"}
    published = [(trace_of(one.desk, one.bar_end), one) for one in await stage.decisions()]
    assert {(trace, one.traceparent[3:52]) for trace, one in published} <= spans
    assert published
    switched = _logged(log, "switched")
    assert (switched["service"], switched["pod"]) == ("ai_pod", POD)


async def test_an_answer_stands_in_its_questions_trace_and_its_log_names_the_request(
    stage: Stage, tmp_path: Path
) -> None:
    log, nobody = tmp_path / "pod.log", "http://127.0.0.1:9/v1#nobody"
    await write_demo(stage.redis)
    with collector() as there:
        async with pod(stage, log, there.url, LLM=nobody) as client:
            with traced_here(there):
                await until(lambda: _answered(client), 120.0)
        (answer,), spans = there.named("answer"), {span.id: span for span in there.spans}
    request = spans[answer.parent]
    asked = spans[request.parent]
    assert (asked.service, asked.name) == ("test", "question")
    assert (request.service, request.name) == ("ai_pod", "POST /v1/threads/{thread}/reply")
    assert answer.service == "ai_pod.chatbot"
    assert {asked.trace, request.trace, answer.trace} == {asked.trace}
    assert (answer.told["run"], answer.told["desk"], answer.told["pod"]) == ("run-1", DESK, POD)
    assert answer.events == ("first token",)
    failed = _logged(log, "model_failed")
    assert (failed["service"], failed["pod"]) == ("ai_pod.chatbot", POD)
    assert (failed["request_id"], failed["run"]) == ("request-1", "run-1")
    assert failed["trace_id"] == asked.trace


async def _answered(client: PodClient) -> bool:
    """False while the pod is too busy to have started its chatbot in time."""
    with bound_contextvars(request_id="request-1"), tracing.span("question"):
        try:
            kinds = [event.kind async for event in client.reply(QUESTION)]
        except PodUnavailable:
            return False
    return kinds[-1] is RunEventKind.DONE
