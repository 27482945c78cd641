"""The chatbot's instructions: Redis serves them, Postgres keeps them, and each restores the other's
losses.
"""

from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.instructions import (
    Instructions,
    InstructionsClient,
    LabelConflict,
    LabelMoved,
    UnknownVersion,
)
from backend.audit import service as audit
from backend.auth.dependencies import Caller
from backend.chat import repository
from backend.chat.schemas import LabelChange
from backend.database import transaction
from backend.errors import Conflict, NotFound
from backend.leader import run_once
from backend.state import State

AGENT = "chatbot"
MIRROR_SECONDS = 10.0


def client(redis: Redis) -> InstructionsClient:
    return InstructionsClient(redis, AGENT)


async def get(redis: Redis, version: int) -> Instructions:
    """Raises NotFound."""
    try:
        return await client(redis).get(version)
    except UnknownVersion as error:
        raise NotFound(str(error), code="version_not_found") from error


async def add(session: AsyncSession, redis: Redis, caller: Caller, text: str) -> Instructions:
    """The next version; no label points at it yet."""
    made = await client(redis).add(text, caller.login)
    await repository.keep_version(session, AGENT, made)
    actor = audit.Actor(caller.organisation, caller.login)
    subject = f"instructions:{AGENT}/{made.version}"
    await audit.record(session, actor, "instructions_added", subject, after={"text": text})
    return made


async def move(
    session: AsyncSession, redis: Redis, caller: Caller, label: str, change: LabelChange
) -> LabelMoved:
    """Point the label at a version if it is where the caller saw it. Raises NotFound, Conflict."""
    try:
        moved = await client(redis).move(label, change.version, change.expected)
    except UnknownVersion as error:
        raise NotFound(str(error), code="version_not_found") from error
    except LabelConflict as error:
        raise Conflict(str(error), code="label_moved") from error
    await repository.keep_label(session, AGENT, label, change.version, caller.login)
    await audit.record(
        session,
        audit.Actor(caller.organisation, caller.login),
        "label_moved",
        f"instructions:{AGENT}/{label}",
        before={"version": moved.previous},
        after={"version": moved.version},
    )
    return moved


async def mirror(state: State) -> None:
    """Keep both copies complete, once among all back ends, for ever."""
    await run_once(state, "instructions", compare, period_seconds=MIRROR_SECONDS)


async def compare(state: State) -> None:
    """Give Redis back what it lost, and Postgres what it has not kept yet."""
    redis = client(state.redis)
    async with transaction(state.sessions) as session:
        versions = {row.version: row for row in await repository.versions(session, AGENT)}
        labels = await repository.labels(session, AGENT)
        served = {one.version: one for one in await redis.versions()}
        served_labels = await redis.labels()
        for number in sorted(versions.keys() - served.keys()):
            row = versions[number]
            await redis.add(row.text, row.author, version=number)
        for number in served.keys() - versions.keys():
            await repository.keep_version(session, AGENT, served[number])
        for label in labels.keys() - served_labels.keys():
            await redis.move(label, labels[label], None)
        for label, number in served_labels.items():
            if labels.get(label) != number:
                await repository.keep_label(session, AGENT, label, number, "mirror")
