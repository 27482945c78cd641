"""The chatbot's instructions: versions that never change, and labels that move by compare-and-set
and back again.
"""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.instructions import CANARY, PRODUCTION, Instructions, tenant
from backend.audit import service as audit
from backend.auth.dependencies import Caller
from backend.chat import instruction_repository as repository
from backend.chat.instruction_schemas import (
    LabelChange,
    LabelRollback,
    LabelView,
    ShareChange,
    ShareView,
)
from backend.chat.instruction_serving import AGENT, opened, tell
from backend.chat.instruction_text import faults
from backend.errors import Conflict, Invalid, NotFound
from backend.models import PLATFORM, InstructionMove, InstructionServing, MoveKind
from backend.state import State

Json = dict[str, object]

TENANT = "tenant"
"""How callers name the label of their own organisation; nobody names another's."""


def stored_label(label: str, organisation: str) -> str:
    """The label as it is stored. Raises NotFound for one that would answer nobody."""
    names = {PRODUCTION: PRODUCTION, CANARY: CANARY, TENANT: tenant(organisation)}
    if label not in names:
        raise NotFound(
            f"there is no label {label!r}; labels are {', '.join(names)}", code="label_not_found"
        )
    return names[label]


def shown_labels(labels: dict[str, int], organisation: str) -> dict[str, int]:
    """The labels that concern the organisation, by the names that its callers use."""
    stored = {name: stored_label(name, organisation) for name in (PRODUCTION, CANARY, TENANT)}
    return {name: labels[its] for name, its in stored.items() if its in labels}


async def get(session: AsyncSession, version: int) -> Instructions:
    """Raises NotFound."""
    found = await repository.version(session, AGENT, version)
    if found is None:
        raise NotFound(f"there is no version {version}", code="version_not_found")
    return found


@dataclass(frozen=True)
class Editor:
    """Changes what the chatbot is told on a person's behalf, on record; Redis is told after the
    commit.
    """

    session: AsyncSession
    state: State
    caller: Caller

    async def add(self, text: str) -> Instructions:
        """The next version; no label points at it yet. Raises Invalid for what cannot be kept."""
        if wrong := faults(text):
            said = "; ".join(wrong)
            raise Invalid(f"these instructions cannot be kept: {said}", code="instructions_refused")
        row = await opened(self.session)
        made = await repository.add_version(self.session, AGENT, text, self.caller.login)
        await tell(self.session, self.state, row)
        await self.record("instructions_added", str(made.version), {}, {"text": text})
        return made

    async def move(self, label: str, change: LabelChange) -> LabelView:
        """Point the label at a version if it is where the caller saw it; where it stands already,
        nothing happens. Raises NotFound, Conflict.
        """
        await get(self.session, change.version)
        changing = await _Changing.of(self, label, change.expected)
        if change.version == change.expected:
            return LabelView(label=label, version=change.version, previous=change.version)
        return await changing.to(
            MoveKind.MOVED, change.version, before=changing.last_revision, reason=change.reason
        )

    async def roll_back(self, label: str, body: LabelRollback) -> LabelView:
        """Put the label back to where it was before its last move; again, to where it was before
        that. Raises NotFound, Conflict when it has moved by now or was nowhere before.
        """
        changing = await _Changing.of(self, label, body.expected)
        before = await changing.before()
        if before is None or (before.version is None and label == PRODUCTION):
            raise Conflict(
                f"label {label!r} was nowhere before; remove it, or point it at another version",
                code="nothing_before",
            )
        return await changing.to(
            MoveKind.ROLLED_BACK, before.version, before=before.before, reason=body.reason
        )

    async def remove(self, label: str, expected: int) -> LabelView:
        """Take the label away: who had it is answered by production. Raises NotFound, Conflict."""
        changing = await _Changing.of(self, label, expected)
        if label == PRODUCTION:
            raise Conflict(
                "production answers everybody; point it at another version", code="label_needed"
            )
        return await changing.to(MoveKind.REMOVED, None, before=changing.last_revision, reason="")

    async def share(self, change: ShareChange) -> ShareView:
        """Let so many per cent of the users be answered by the canary. Raises Conflict."""
        row = await opened(self.session)
        before = row.canary_percent
        if before != change.expected:
            raise Conflict(
                f"the canary has {before} %, not {change.expected} %; look again",
                code="share_moved",
            )
        if CANARY not in await repository.labels(self.session, AGENT):
            raise Conflict(
                "no version is the canary; point the label at one first", code="no_canary"
            )
        row.revision += 1
        row.canary_percent = change.percent
        await tell(self.session, self.state, row)
        after: Json = {"percent": change.percent}
        await self.record("canary_share_changed", CANARY, {"percent": before}, after)
        return ShareView(percent=change.percent, previous=before)

    async def record(self, action: str, what: str, before: Json, after: Json) -> None:
        actor = audit.Actor(self.caller.organisation, self.caller.login)
        subject = f"instructions:{AGENT}/{what}"
        await audit.record(self.session, actor, action, subject, before=before or None, after=after)


@dataclass(frozen=True)
class _Changing:
    """One change of a label, under the lock, after the comparison with what the caller saw."""

    editor: Editor
    label: str
    row: InstructionServing
    last: InstructionMove | None

    @classmethod
    async def of(cls, editor: Editor, label: str, expected: int | None) -> "_Changing":
        stored = stored_label(label, editor.caller.organisation)
        row = await opened(editor.session)
        last = await repository.last_move(editor.session, AGENT, stored)
        found = last.version if last else None
        if found != expected:
            raise Conflict(
                f"label {label!r} is at {_said(found)}, not at {_said(expected)}; look again",
                code="label_moved",
            )
        return cls(editor, label, row, last)

    @property
    def last_revision(self) -> int | None:
        return self.last.revision if self.last else None

    async def before(self) -> InstructionMove | None:
        """The move to which a rollback goes back."""
        if self.last is None or not self.last.before:
            return None
        return await repository.move_at(self.editor.session, AGENT, self.last.before)

    async def to(
        self, kind: MoveKind, version: int | None, *, before: int | None, reason: str
    ) -> LabelView:
        row, session, caller = self.row, self.editor.session, self.editor.caller
        row.revision += 1
        previous = self.last.version if self.last else None
        made = InstructionMove(
            agent=AGENT,
            revision=row.revision,
            organisation_id=PLATFORM,
            label=stored_label(self.label, caller.organisation),
            kind=kind,
            version=version,
            previous=previous,
            before=before,
            reason=reason,
            moved_by=caller.login,
        )
        await repository.point(session, made)
        if version is None and self.label == CANARY:
            row.canary_percent = 0
        await tell(session, self.editor.state, row)
        after: Json = {"version": version, "reason": reason}
        await self.editor.record(f"label_{kind}", made.label, {"version": previous}, after)
        return LabelView(label=self.label, version=version, previous=previous)


def _said(version: int | None) -> str:
    return "no version" if version is None else f"version {version}"
