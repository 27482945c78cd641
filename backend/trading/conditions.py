"""Conditions: what puts desks into REDUCING, begun and ended by whoever finds the cause.

A condition is one row from its beginning to its end. It counts at the risk check as soon as it is
committed; `settling` then brings the desks' orders in line with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.database import transaction
from backend.models import PLATFORM, Condition, new_id
from backend.state import State
from backend.trading import condition_rows, settling
from backend.trading.desk_states import Cause
from market.clock import Clock

Context = Mapping[str, str]

EVERYBODY = "all"
BY_ITSELF = "service:risk"


def desk_scope(desk: str) -> str:
    return f"desk:{desk}"


def organisation_scope(organisation: str) -> str:
    """Every desk of the organisation."""
    return f"organisation:{organisation}"


def pool_scope(pool: str) -> str:
    """Every desk of the pool, whosever it is."""
    return f"pool:{pool}"


@dataclass(frozen=True)
class Claim:
    """That a cause holds a scope. `source` tells apart finders of the same cause, so that one's end
    does not end the other's; `context` are the numbers behind it.
    """

    scope: str
    cause: Cause
    source: str = ""
    context: Context = field(default_factory=dict)
    actor: str = BY_ITSELF


async def begin(state: State, claim: Claim) -> bool:
    """Desks of the scope may only reduce from now on; False when that holds already."""
    async with transaction(state.sessions) as session:
        new = await begun(session, state.clock, claim)
    if new:
        await settling.settle(state, claim.scope)
    return new


async def end(state: State, claim: Claim) -> bool:
    """The claim's cause is gone; False when there was no such condition. Others may still hold."""
    async with transaction(state.sessions) as session:
        gone = await ended(session, state.clock, claim)
    if gone:
        await settling.settle(state, claim.scope)
    return gone


async def keep(state: State, cause: Cause, source: str, found: Mapping[str, Context]) -> None:
    """Make the open conditions of this cause and source exactly those that were found, by scope:
    what a finder that looks at everything calls with all it has seen.
    """
    async with transaction(state.sessions) as session:
        known = {row.scope for row in await condition_rows.open_of(session, cause, source)}
    for scope in known - found.keys():
        await end(state, Claim(scope, cause, source))
    for scope in found.keys() - known:
        await begin(state, Claim(scope, cause, source, found[scope]))


async def begun(session: AsyncSession, clock: Clock, claim: Claim) -> bool:
    """As `begin`, in the caller's transaction and without settling."""
    owner = await condition_rows.owner(session, claim.scope) or PLATFORM
    row = {
        "id": new_id("condition"),
        "organisation_id": owner,
        "scope": claim.scope,
        "cause": str(claim.cause),
        "source": claim.source,
        "context": dict(claim.context),
        "since": clock.now(),
    }
    if not await condition_rows.add(session, row):
        return False
    after = {"cause": claim.cause, "source": claim.source, "context": dict(claim.context)}
    actor = audit.Actor(owner, claim.actor)
    await audit.record(session, actor, "condition_began", claim.scope, after=after)
    return True


async def ended(session: AsyncSession, clock: Clock, claim: Claim) -> bool:
    """As `end`, in the caller's transaction and without settling."""
    row = await condition_rows.open_one(session, claim.scope, claim.cause, claim.source)
    if row is None:
        return False
    await close(session, clock, row, claim.actor)
    return True


async def close(session: AsyncSession, clock: Clock, row: Condition, actor: str) -> None:
    """End a condition that is locked."""
    row.cleared_at, row.cleared_by = clock.now(), actor
    before = {"cause": row.cause, "source": row.source, "since": row.since}
    who = audit.Actor(row.organisation_id, actor)
    await audit.record(session, who, "condition_ended", row.scope, before=before)
