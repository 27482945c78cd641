"""Saved questions answered under two versions side by side, on a pod, before one is promoted.

Nothing is stored: no thread, no message, no run. The work counts as the desk's, and what a model
costs as the operator's.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.agents import PodHeartbeat
from ai_pod.contracts.budgets import Allowance
from ai_pod.contracts.chat import ReplyRequest, RunEvent, RunEventKind
from ai_pod.contracts.client import PodUnavailable
from backend.auth.dependencies import Caller
from backend.budgets import service as budgets
from backend.chat import instructions, questions
from backend.chat.instruction_schemas import (
    MOST_QUESTIONS_AT_ONCE,
    AnswerPair,
    InstructionPreview,
    PreviewEnd,
    PreviewFailure,
    VersionAnswer,
)
from backend.chat.instruction_serving import client
from backend.chat.pods import able_pods
from backend.database import transaction
from backend.desks import repository as desks
from backend.errors import STORE_AWAY, Invalid, NotFound, Unavailable
from backend.models import Desk, new_id
from backend.pods.service import pod_client
from backend.schemas import Schema
from backend.state import State
from market.zones import zone_of

LONGEST_ANSWER_SECONDS = 60.0
PREVIEW = "preview"
"""Stands for the label, and begins the ids of run and thread."""

logger = structlog.get_logger()


@dataclass(frozen=True)
class Asked:
    """A question, saved or not."""

    id: str | None
    text: str


@dataclass(frozen=True)
class Preview:
    """What is to be asked, on which desk, of which versions, and who pays."""

    state: State
    caller: Caller
    body: InstructionPreview
    asked: Sequence[Asked]
    desk: Desk
    allowance: Allowance

    async def stream(self) -> AsyncIterator[bytes]:
        """A `pair` for each question, and `done`; or `error`, when no pod can be asked."""
        try:
            pod = await self._pod()
            for one in self.asked:
                pair = await self._pair(pod, one)
                yield _encoded("pair", pair)
        except Unavailable as error:
            yield _encoded("error", PreviewFailure(code=error.code, detail=error.detail))
            return
        end = PreviewEnd(desk=self.desk.id, pod=pod.pod, pairs=len(self.asked))
        yield _encoded("done", end)

    async def _pair(self, pod: PodHeartbeat, one: Asked) -> AnswerPair:
        # A group cancels its tasks once, so that their connections close: whoever goes away is
        # cancelled again and again, which `gather` would pass on.
        async with asyncio.TaskGroup() as both:
            before = both.create_task(self._answer(pod, one, self.body.before), name="before")
            after = both.create_task(self._answer(pod, one, self.body.after), name="after")
        return AnswerPair(
            question_id=one.id, question=one.text, before=before.result(), after=after.result()
        )

    async def _answer(self, pod: PodHeartbeat, one: Asked, version: int) -> VersionAnswer:
        """What the version answers; a failure is told in its place."""
        answer, began = VersionAnswer(version=version), time.monotonic()
        try:
            async with asyncio.timeout(LONGEST_ANSWER_SECONDS):
                reply = pod_client(self.state, pod).reply(self._request(one, version))
                # An async generator, which its annotation as an iterator does not say.
                async with aclosing(reply) as events:  # type: ignore[type-var]
                    async for event in events:
                        _take(answer, event)
        except TimeoutError:
            answer.error = f"no whole answer within {LONGEST_ANSWER_SECONDS:.0f} s"
        except PodUnavailable as error:
            logger.warning("preview_failed", pod=pod.pod, error=str(error))
            answer.error = "the pod stopped answering; preview again"
        if not answer.text and not answer.error:
            answer.error = "the pod ended before the answer did; preview again"
        answer.seconds = round(time.monotonic() - began, 3)
        return answer

    def _request(self, one: Asked, version: int) -> ReplyRequest:
        name = new_id(PREVIEW)
        return ReplyRequest(
            run=name,
            thread=name,
            desk=self.desk.id,
            organisation=self.desk.organisation_id,
            user=self.caller.id,
            pool=self.desk.pool,
            text=one.text,
            instructions=version,
            label=PREVIEW,
            allowance=self.allowance,
            zone=zone_of(self.desk.pool),
        )

    async def _pod(self) -> PodHeartbeat:
        """Raises Unavailable."""
        try:
            able = await able_pods(self.state, self.desk.id, self.desk.pool)
        except STORE_AWAY as error:
            logger.warning("preview_without_store", error=repr(error))
            says = "a store does not answer; preview again"
            raise Unavailable(says, code="store_away") from error
        if not able:
            raise Unavailable("no pod is ready to answer; try again in a moment", code="no_pod")
        return able[0]


async def prepare(state: State, caller: Caller, body: InstructionPreview) -> Preview:
    """All that can be refused is refused here. Raises NotFound, Invalid.

    In a transaction of its own: a preview lasts longer than one should.
    """
    async with transaction(state.sessions) as session:
        versions = [await instructions.get(session, at) for at in (body.before, body.after)]
        if body.text is not None:
            asked = [Asked(None, body.text)]
        else:
            found = await questions.chosen(session, caller, body.questions, MOST_QUESTIONS_AT_ONCE)
            asked = [Asked(one.id, one.text) for one in found]
        if not asked:
            raise Invalid("no question is saved; save one, or send a text", code="no_question")
        desk = await _desk(session, caller, body.desk)
        allowance = await budgets.allowance(
            session, state.redis, user=caller.id, organisation=caller.organisation
        )
    # A pod reads a version that no label points at when it is asked for it.
    await client(state).put(versions)
    return Preview(state, caller, body, asked, desk, allowance)


async def _desk(session: AsyncSession, caller: Caller, desk_id: str | None) -> Desk:
    """The desk named, else the caller's own, else the organisation's first. Raises NotFound."""
    if desk_id is not None:
        desk = await desks.desk(session, desk_id, caller.organisation)
        if desk is None:
            raise NotFound(f"there is no desk {desk_id!r}", code="desk_not_found")
        return desk
    own = await desks.desk_of_user(session, caller.id)
    if own is not None:
        return own
    first = await desks.page(session, caller.organisation, after=None, limit=1)
    if not first:
        raise NotFound("your organisation has no desk to answer about", code="no_desk")
    return first[0].desk


def _take(answer: VersionAnswer, event: RunEvent) -> None:
    data = event.data
    match event.kind:
        case RunEventKind.TOOL:
            answer.tools.append(str(data.get("name", "")))
        case RunEventKind.USAGE:
            answer.written_by = str(data.get("model", ""))
        case RunEventKind.ERROR:
            answer.error = str(data.get("detail", "it failed"))
        case RunEventKind.DONE:
            answer.text = str(data.get("text", ""))
            answer.grounded = bool(data.get("grounded"))
        case _:
            pass


def _encoded(kind: str, data: Schema) -> bytes:
    return f"event: {kind}\ndata: {data.model_dump_json()}\n\n".encode()
