"""One chat turn: the seated pod answers, or once another if it fails; every event goes to the run's
stream, and the answer to Postgres before its last event.
"""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import structlog

from ai_pod.contracts import keys
from ai_pod.contracts.agents import PodHeartbeat, PodState
from ai_pod.contracts.chat import ReplyRequest, RunEvent, RunEventKind
from ai_pod.contracts.client import PodUnavailable
from backend import keys as our_keys
from backend import telemetry
from backend.chat import events, repository
from backend.database import transaction
from backend.models import Message, RunState, new_id
from backend.pods.look import look
from backend.pods.service import pod_client
from backend.state import State
from market import tracing

MOST_PODS = 2
LONGEST_SECONDS = 120.0
CANCEL_GRACE_SECONDS = 3.0
POLL_SECONDS = 0.25
ALIVE_SECONDS = 15

logger = structlog.get_logger()


@dataclass
class Answer:
    """What the events so far amount to."""

    citations: list[dict[str, Any]] = field(default_factory=list)
    tools: list[dict[str, Any]] = field(default_factory=list)
    end: RunEvent | None = None

    def take(self, event: RunEvent) -> None:
        if event.kind is RunEventKind.CITATION:
            self.citations.append(event.data)
        elif event.kind is RunEventKind.TOOL:
            self.tools.append(event.data)
        elif event.kind in events.TERMINAL:
            self.end = event


class Turn:
    """The work on one run. `run` is a task of its own, so no client's going ends it."""

    def __init__(self, state: State, request: ReplyRequest) -> None:
        self._state = state
        self._request = request
        self._run = request.run
        self._tried: list[str] = []
        self._cancelled = False

    async def run(self) -> None:
        """Answer, whatever happens with an event that says how it ended."""
        run, desk = self._run, self._request.desk
        with (
            structlog.contextvars.bound_contextvars(run=run, desk=desk),
            tracing.span("chat turn", run=run, desk=desk),
        ):
            await self._run_traced()

    async def _run_traced(self) -> None:
        try:
            async with asyncio.timeout(LONGEST_SECONDS) as limit:
                watch = asyncio.create_task(self._watch(limit), name=f"watch-{self._run}")
                try:
                    answer = await self._answer()
                finally:
                    watch.cancel()
        except TimeoutError:
            code = "cancelled" if self._cancelled else "too_long"
            answer = _failed(code, "the answer was stopped")
        except asyncio.CancelledError:
            await self._finish(_failed("backend_stopped", "the service restarts; ask again"))
            raise
        except Exception:
            logger.exception("chat_run_failed", run=self._run)
            answer = _failed("internal_error", "something here went wrong")
        await self._finish(answer)

    async def _answer(self) -> Answer:
        """Ask one pod, and if it fails visibly another."""
        while len(self._tried) < MOST_PODS:
            pod = await self._choose()
            if pod is None:
                break
            if self._tried:
                await self._say("restarted", pod=pod.pod, reason="the pod stopped answering")
            self._tried.append(pod.pod)
            answer = await self._ask(pod)
            if answer is not None:
                return answer
        if not self._tried:
            return _failed("no_pod", "no pod is ready to answer; try again in a moment")
        return _failed(
            "pod_unavailable", "the pod stopped answering, and no other could; ask again"
        )

    async def _ask(self, pod: PodHeartbeat) -> Answer | None:
        """The pod's answer, relayed as it comes; None when the pod fails before the end."""
        answer = Answer()
        try:
            events_of_pod = pod_client(self._state, pod).reply(self._request)
            # An async generator, which its annotation as an iterator does not say.
            async with aclosing(events_of_pod) as reply:  # type: ignore[type-var]
                async for event in reply:
                    answer.take(event)
                    if answer.end is not None:
                        return answer
                    await events.append(self._state.redis, self._run, event)
        except PodUnavailable as error:
            logger.warning("pod_failed_in_chat", pod=pod.pod, run=self._run, error=str(error))
            return None
        logger.warning("pod_ended_chat_early", pod=pod.pod, run=self._run)
        return None

    async def _choose(self) -> PodHeartbeat | None:
        """The pod on which the desk sits, else any of the pool that is ready; none twice."""
        async with transaction(self._state.sessions) as session:
            seated = await repository.pod_of(session, self._request.desk)
        pods = (await look(self._state.redis)).of_pool(self._request.pool)
        able = [
            pod for pod in pods if pod.pod not in self._tried and pod.state is not PodState.STARTING
        ]
        ready = [pod for pod in able if pod.state is PodState.READY]
        return next((pod for pod in able if pod.pod == seated), next(iter(ready), None))

    async def _watch(self, limit: asyncio.Timeout) -> None:
        """Say that we are alive; when the run is to stop, give the pod a moment to end it."""
        loop = asyncio.get_running_loop()
        while True:
            await self._state.redis.set(our_keys.run_alive(self._run), b"1", ex=ALIVE_SECONDS)
            until = loop.time() + ALIVE_SECONDS / 3
            while loop.time() < until:
                asked = await self._state.redis.exists(keys.run_cancel(self._run))
                if asked and not self._cancelled:
                    self._cancelled = True
                    limit.reschedule(loop.time() + CANCEL_GRACE_SECONDS)
                await asyncio.sleep(POLL_SECONDS)

    async def _say(self, step: str, **fields: str) -> None:
        event = RunEvent(kind=RunEventKind.STEP, data={"name": step, **fields})
        await events.append(self._state.redis, self._run, event)

    async def _finish(self, answer: Answer) -> None:
        pod = self._tried[-1] if self._tried else None
        await finish(self._state, self._run, answer, pod=pod, attempts=len(self._tried))


async def finish(
    state: State, run_id: str, answer: Answer, *, pod: str | None = None, attempts: int = 0
) -> None:
    """End the run: its state and message first, then its last event. A second end is none."""
    end = answer.end
    assert end is not None
    async with transaction(state.sessions) as session:
        run = await repository.lock_run(session, run_id)
        if run.state != RunState.RUNNING:
            return
        run.state = _state_of(end)
        run.pod, run.attempts, run.ended_at = pod, attempts, datetime.now(UTC)
        run.error_code = end.data.get("code")
        if end.kind is RunEventKind.DONE:
            session.add(_message(run.organisation_id, run.thread_id, run_id, answer))
    telemetry.chat_runs.labels(state=run.state).inc()
    await events.append(state.redis, run_id, end)
    await state.redis.delete(our_keys.run_alive(run_id))


def _failed(code: str, detail: str) -> Answer:
    return Answer(end=RunEvent(kind=RunEventKind.ERROR, data={"code": code, "detail": detail}))


def _state_of(end: RunEvent) -> RunState:
    if end.kind is RunEventKind.DONE:
        return RunState.DONE
    return RunState.CANCELLED if end.data.get("code") == "cancelled" else RunState.FAILED


def _message(organisation: str, thread: str, run: str, answer: Answer) -> Message:
    assert answer.end is not None
    done = answer.end.data
    return Message(
        id=new_id("message"),
        organisation_id=organisation,
        thread_id=thread,
        run_id=run,
        role="assistant",
        text=str(done.get("text", "")),
        data={
            "citations": answer.citations,
            "tools": answer.tools,
            "instructions": done.get("instructions"),
            "grounded": done.get("grounded"),
            "trace_id": tracing.trace_id() or None,
        },
    )
