"""Preparing, confirming and dismissing intents. The person who asked confirms, once, in time, with
the nonce that only this person has been told.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec
import structlog
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.chat import ReplyRequest, RunEvent, RunEventKind
from ai_pod.contracts.intents import Wanted
from backend.audit import service as audit
from backend.auth import repository as accounts
from backend.auth.dependencies import Caller
from backend.database import transaction
from backend.errors import Conflict, DomainError, NotFound
from backend.intents import repository
from backend.intents.acting import Acting, Action
from backend.intents.actions import action_of, invalid, settled
from backend.intents.schemas import IntentOutcome, IntentPreview, IntentView
from backend.models import Intent, IntentState, Role, new_id
from backend.state import State

LIFE = timedelta(minutes=5)

logger = structlog.get_logger()


async def announced(state: State, request: ReplyRequest, event: RunEvent) -> RunEvent:
    """The pod's event as the client gets it: a `confirm` becomes an intent of the run, kept and
    previewed, unless a program has asked; any other stays as it is.
    """
    if event.kind is not RunEventKind.CONFIRM:
        return event
    if not request.prepares:
        return _NOT_PREPARED
    try:
        wanted = msgspec.convert(event.data.get("wanted"), Wanted)
    except msgspec.ValidationError as error:
        logger.warning("unknown_intent", run=request.run, error=str(error))
        return _NOT_PREPARED
    async with transaction(state.sessions) as session:
        user = await accounts.active_user(session, request.user)
        if user is None:
            return _NOT_PREPARED
        role = Role(user.role)
        caller = Caller(user.id, user.organisation_id, role, user.name, user.login)
        acting = Acting(session, state, caller, request.desk or None)
        row = await _prepare(acting, request.run, wanted)
        return RunEvent(kind=RunEventKind.CONFIRM, data=view(row).model_dump(mode="json"))


_NOT_PREPARED = RunEvent(kind=RunEventKind.STEP, data={"name": "not_prepared"})


async def _prepare(acting: Acting, run: str, wanted: Wanted) -> Intent:
    wanted = await settled(acting.session, wanted, acting.desk)
    action, now = action_of(wanted), datetime.now(UTC)
    preview = await _preview(acting, action)
    values = {
        "id": new_id("intent"),
        "organisation_id": acting.caller.organisation,
        "user_id": acting.caller.id,
        "desk_id": acting.desk,
        "run_id": run,
        "kind": str(wanted.__struct_config__.tag),
        "says": action.says,
        "wanted": msgspec.to_builtins(wanted),
        "preview": preview.model_dump(),
        "outcome": {},
        "nonce": secrets.token_urlsafe(24),
        "created_at": now,
        "expires_at": now + LIFE,
    }
    return await repository.add(acting.session, values)


async def _preview(acting: Acting, action: Action) -> IntentPreview:
    try:
        return IntentPreview(allowed=True, detail=await action.check(acting))
    except ValidationError as error:
        refused: DomainError = invalid(error)
    except DomainError as error:
        refused = error
    return IntentPreview(allowed=False, code=refused.code, detail=refused.detail)


@dataclass(frozen=True)
class Decision:
    """What a person decides on an intent of this person's own."""

    session: AsyncSession
    state: State
    caller: Caller

    async def confirm(self, intent_id: str, nonce: str) -> IntentView:
        """Do what was prepared, checked again. One that our risk check denies has ended, like an
        order that is; any other refusal leaves it as it was.

        Raises NotFound, Conflict (`intent_ended`, `intent_expired`, `wrong_nonce`), and what the
        ordinary route would.
        """
        row = await self._open(intent_id)
        if not hmac.compare_digest(row.nonce.encode(), nonce.encode()):
            raise Conflict("that is not the nonce of this intent", code="wrong_nonce")
        wanted = msgspec.convert(row.wanted, Wanted)
        acting = Acting(self.session, self.state, self.caller, row.desk_id, key=row.id)
        try:
            outcome = await action_of(wanted).do(acting)
        except ValidationError as error:
            raise invalid(error) from error
        state = IntentState.CONFIRMED if outcome.code is None else IntentState.DENIED
        return await self._end(row, state, outcome)

    async def dismiss(self, intent_id: str) -> IntentView:
        """Nothing is done. Again does no harm. Raises NotFound, Conflict."""
        row = await self._own(intent_id)
        if row.state == IntentState.DISMISSED:
            return view(row)
        if row.state != IntentState.PREPARED:
            raise Conflict(f"the intent is {row.state} already", code="intent_ended")
        return await self._end(row, IntentState.DISMISSED, None)

    async def _own(self, intent_id: str) -> Intent:
        row = await repository.of_user(self.session, intent_id, self.caller.id, lock=True)
        if row is None:
            raise NotFound(f"there is no intent {intent_id!r}", code="intent_not_found")
        return row

    async def _open(self, intent_id: str) -> Intent:
        row = await self._own(intent_id)
        if row.state != IntentState.PREPARED:
            raise Conflict(f"the intent is {row.state} already", code="intent_ended")
        if row.expires_at <= datetime.now(UTC):
            raise Conflict("the intent has expired; ask again", code="intent_expired")
        return row

    async def _end(
        self, row: Intent, state: IntentState, outcome: IntentOutcome | None
    ) -> IntentView:
        row.state, row.ended_at = state, datetime.now(UTC)
        row.outcome = outcome.model_dump() if outcome else {}
        await self.session.flush()
        actor = audit.Actor(self.caller.organisation, self.caller.login)
        after = {"says": row.says, "wanted": row.wanted, "outcome": row.outcome}
        await audit.record(self.session, actor, f"intent_{state}", f"intent:{row.id}", after=after)
        return view(row)


def view(row: Intent) -> IntentView:
    """For its person."""
    prepared = row.state == IntentState.PREPARED
    alive = prepared and row.expires_at > datetime.now(UTC)
    return IntentView(
        id=row.id,
        kind=row.kind,
        says=row.says,
        state="expired" if prepared and not alive else IntentState(row.state).value,
        preview=IntentPreview.model_validate(row.preview),
        nonce=row.nonce if alive else None,
        desk=row.desk_id,
        run=row.run_id,
        created_at=row.created_at,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
        outcome=IntentOutcome.model_validate(row.outcome) if row.outcome else None,
    )
