"""One chat turn: the seated pod answers, or another if it fails; every event goes to the run's
stream. Whoever holds the run does it, and lets go of it when it cannot go on.
"""

import asyncio
import contextlib
from contextlib import aclosing

import structlog
from msgspec.structs import replace

from ai_pod.contracts.agents import PodHeartbeat
from ai_pod.contracts.chat import ReplyRequest, RunEvent, RunEventKind
from ai_pod.contracts.client import PodUnavailable
from backend.chat import answers, runs
from backend.chat.answers import Answer, failed
from backend.chat.bound import bound
from backend.chat.events import RunLost, RunWriter
from backend.chat.pods import able_pods
from backend.database import transaction
from backend.errors import STORE_AWAY
from backend.intents import service as intents
from backend.pods.service import pod_client
from backend.state import State
from market import tracing

MOST_ASKED = 3
MOST_HOLDERS = 5
"""A run that so many back ends have not survived is not begun again."""

LONGEST_SECONDS = 120.0
LET_GO_SECONDS = 2.0
LOOK_SECONDS = 2.0
"""How often a pod that is silent is looked for."""

PROCESS_ENDED = "chatbot_ended"
"""The pod is there, only its chatbot's process has died: it is asked again, if no other can be."""

RESTARTED = "restarted"
"""The step after which the answer begins anew: what came before it counts no more."""

logger = structlog.get_logger()


def start(state: State, held: runs.Held) -> None:
    """Work on the run in a task of its own, so no client's going ends it."""
    state.tasks.start(Turn(state, held).run(), name=f"chat-{held.run}")


class Turn:
    """The work on one run by one of its holders."""

    def __init__(self, state: State, held: runs.Held) -> None:
        self._state = state
        self._held = held
        self._writer = RunWriter(state.redis, held.run, held.epoch)
        self._asked: list[str] = []
        self._broken: set[tuple[str, float]] = set()

    async def run(self) -> None:
        """Answer, whatever happens: with an event that says how it ended, or by letting go."""
        run, request = self._held.run, self._held.request
        desk = request.desk if request else ""
        with (
            structlog.contextvars.bound_contextvars(run=run, desk=desk),
            tracing.span("chat turn", run=run, desk=desk),
        ):
            await self._run_traced()

    async def _run_traced(self) -> None:
        try:
            answer = await self._unless_stopped()
            if answer is not None:
                await answers.finish(self._state, self._held, answer, asked=self._asked)
        except asyncio.CancelledError:
            await self._let_go()
            raise
        except RunLost:
            logger.warning("chat_run_lost", epoch=self._held.epoch)
            await self._let_go()
        except STORE_AWAY as error:
            logger.warning("chat_run_left", epoch=self._held.epoch, error=repr(error))
        # A task's boundary: the run's lease runs out, and another tries.
        except Exception:
            logger.exception("chat_run_not_ended", epoch=self._held.epoch)

    async def _unless_stopped(self) -> Answer | None:
        """The answer; None when the run has been ended, or taken, by somebody else."""
        work = asyncio.create_task(self._answer_in_time(), name=f"answer-{self._held.run}")
        over = asyncio.Event()
        holding = asyncio.create_task(self._hold(work, over), name=f"hold-{self._held.run}")
        try:
            with self._state.stops.listening(self._held.run, work.cancel):
                await asyncio.wait({work})
        finally:
            over.set()
            work.cancel()
            await asyncio.wait({work, holding})
        return None if work.cancelled() else work.result()

    async def _hold(self, work: asyncio.Task[Answer], over: asyncio.Event) -> None:
        """Renew the lease until `over`; work on a run that is not ours any more ends."""
        while not over.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(runs.RENEW_SECONDS):
                    await over.wait()
                return
            try:
                async with transaction(self._state.sessions) as session:
                    held = await runs.lease(session, self._held)
            except STORE_AWAY as error:
                logger.warning("chat_lease_not_renewed", error=repr(error))
                continue
            if not held:
                work.cancel()

    async def _let_go(self) -> None:
        """Let another take the run at once, if it is ours to give; else its lease runs out."""
        with contextlib.suppress(*STORE_AWAY):
            async with (
                asyncio.timeout(LET_GO_SECONDS),
                transaction(self._state.sessions) as session,
            ):
                await runs.lease(session, self._held, seconds=0.0)

    async def _answer_in_time(self) -> Answer:
        """Raises RunLost, and what a store's absence raises."""
        request, left = self._held.request, LONGEST_SECONDS - self._held.age_seconds
        if request is None or self._held.epoch > MOST_HOLDERS:
            return failed("backend_gone", "the service broke off while it answered; ask again")
        if left <= 0:
            return failed("too_long", "the answer took too long and was stopped; ask again")
        try:
            async with asyncio.timeout(left) as limit:
                return await self._answer(replace(request, epoch=self._held.epoch))
        except (RunLost, *STORE_AWAY):
            if limit.expired():
                return failed("too_long", "the answer took too long and was stopped; ask again")
            raise
        except Exception:
            logger.exception("chat_run_failed", run=self._held.run)
            return failed("internal_error", "something here went wrong; ask again")

    async def _answer(self, request: ReplyRequest) -> Answer:
        """Ask one pod, and if it fails visibly another."""
        if self._held.epoch > 1:
            await self._restarted("the service restarted")
            request = await bound(self._state.redis, request)
        while len(self._asked) < MOST_ASKED and (pod := await self._choose(request)):
            if self._asked:
                await self._restarted("the pod stopped answering", pod=pod.pod)
                request = await bound(self._state.redis, request)
            self._asked.append(pod.pod)
            answer = await self._ask(pod, request)
            if answer is not None:
                return answer
        if not self._asked:
            return failed("no_pod", "no pod is ready to answer; try again in a moment")
        return failed("pod_unavailable", "the pod stopped answering, and no other could; ask again")

    async def _ask(self, pod: PodHeartbeat, request: ReplyRequest) -> Answer | None:
        """The pod's answer, relayed as it comes; None when the pod fails before the end."""
        relaying = asyncio.create_task(self._relay(pod, request), name=f"relay-{request.run}")
        try:
            while not relaying.done():
                await asyncio.wait({relaying}, timeout=LOOK_SECONDS)
                if not relaying.done() and not await self._beats(pod):
                    logger.warning("pod_gone_in_chat", pod=pod.pod)
                    self._broken.add((pod.pod, pod.started_at))
                    return None
            return relaying.result()
        finally:
            relaying.cancel()
            await asyncio.wait({relaying})

    async def _relay(self, pod: PodHeartbeat, request: ReplyRequest) -> Answer | None:
        answer = Answer()
        try:
            events_of_pod = pod_client(self._state, pod).reply(request)
            # An async generator, which its annotation as an iterator does not say.
            async with aclosing(events_of_pod) as reply:  # type: ignore[type-var]
                async for told in reply:
                    event = await intents.announced(self._state, request, told)
                    answer.take(event)
                    if answer.end is None:
                        await self._writer.append(event)
                    elif answer.end.data.get("code") == PROCESS_ENDED:
                        logger.warning("chatbot_ended_in_chat", pod=pod.pod)
                        return None
                    else:
                        return answer
        except PodUnavailable as error:
            logger.warning("pod_failed_in_chat", pod=pod.pod, error=str(error))
        else:
            logger.warning("pod_ended_chat_early", pod=pod.pod)
        self._broken.add((pod.pod, pod.started_at))
        return None

    async def _beats(self, pod: PodHeartbeat) -> bool:
        """Whether the pod's heart still beats, as far as one can tell."""
        try:
            living = (await self._state.living_pods.get()).pods.get(pod.pod)
        except STORE_AWAY:
            return True
        return living is not None and living.started_at == pod.started_at

    async def _choose(self, request: ReplyRequest) -> PodHeartbeat | None:
        """The first that is able; rather one that has not been asked, and none that broke off."""
        able = await able_pods(self._state, request.desk, request.pool)
        whole = [pod for pod in able if (pod.pod, pod.started_at) not in self._broken]
        return min(whole, key=lambda pod: pod.pod in self._asked, default=None)

    async def _restarted(self, reason: str, **about: str) -> None:
        data = {"name": RESTARTED, "reason": reason, **about}
        await self._writer.append(RunEvent(kind=RunEventKind.STEP, data=data))
