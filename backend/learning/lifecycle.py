"""A policy's way from the gate to champion and back: who moves it, when, and on which record.

Every move is one transition of `states`, audited in the same transaction; a new champion is set by
compare-and-set, and told after the commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.learning import ShadowReported, VerdictReached, Watch, WatchKind
from backend.audit import service as audit
from backend.database import after_commit
from backend.errors import Conflict, NotFound
from backend.learning import lines, repository
from backend.learning.rules import Promotion, review_of, rules_of, shadow_of
from backend.learning.states import TRANSITIONS, WAITING, PolicyState, Trigger
from backend.models import Policy, PolicyLine, Verdict
from backend.state import State

PROMOTED = "promoted"
SERVICE = "service:learning"

ACTIONS = {Trigger.PROMOTED: "champion_promoted", Trigger.ROLLED_BACK: "champion_rolled_back"}
"""Moves of the champion have names of their own in the audit; others are `policy_TRIGGER`."""

logger = structlog.get_logger()


@dataclass(frozen=True)
class Lifecycle:
    """Moves the policies of one line, which stays locked until the transaction ends."""

    session: AsyncSession
    state: State
    line: PolicyLine
    actor: str = SERVICE

    async def judged(self, event: VerdictReached) -> None:
        """What follows from a verdict that is stored; a policy is judged once in its life."""
        policy = await self._policy(event.challenger, PolicyState.CANDIDATE)
        if policy.state != PolicyState.CANDIDATE:
            logger.warning("judged_before", line=self.line.id, policy=policy.id, now=policy.state)
            return
        policy.verdict_id, policy.against = event.id, event.champion
        if event.verdict != PROMOTED:
            await self._move(policy, Trigger.FAILED_GATE, event.sentence)
            return
        await self._move(policy, Trigger.PASSED_GATE, event.sentence)
        rules = rules_of(self.line, self.state.settings)
        if self.line.champion != event.champion:
            await self._overtake([policy], self.line.champion)
        elif rules.shadow_sessions:
            policy.sealed_at = max(event.at, self.state.clock.now())
            why = f"replayed over {rules.shadow_sessions} sessions to come, beside {policy.against}"
            await self._move(policy, Trigger.SHADOW_BEGUN, why)
        else:
            await self._settle(policy, "no shadow sessions are asked for")
        self._tell()

    async def reported(self, event: ShadowReported) -> None:
        """What follows from a replay, if it is of what the line watches, and of sealed bars only;
        another one is refused, on record.
        """
        policy = await repository.policy(self.session, self.line.id, event.policy)
        watched = None if policy is None else self._watch(policy, event.kind)
        if policy is None or watched is None or await repository.has_report(self.session, event.id):
            return
        refusal = refusal_of(event, watched.against, watched.since)
        if refusal:
            logger.warning("shadow_report_refused", line=self.line.id, reason=refusal)
            refused = {"policy": policy.id, "report": event.id, "reason": refusal}
            await self._record("shadow_report_refused", {}, refused)
            return
        await repository.add_report(self.session, event, self.line.organisation_id)
        if event.refuted:
            await self._refute(policy, event)
        elif event.kind is WatchKind.SHADOW and len(event.sessions) >= watched.sessions:
            await self._settle(policy, event.sentence)
        else:
            return
        self._tell()

    async def approve(self, policy_id: str, reason: str) -> None:
        """A person promotes what awaits it; again does no harm. Raises NotFound, Conflict."""
        policy = await self._known(policy_id)
        if policy.state == PolicyState.CHAMPION:
            return
        if policy.state != PolicyState.AWAITING_APPROVAL:
            raise Conflict(
                f"{policy_id} is {_words(policy.state)} ({policy.why}); what awaits approval can be"
                " approved",
                code="not_awaiting_approval",
            )
        await self._move(policy, Trigger.APPROVED, reason)
        await self._promote(policy, reason)
        self._tell()

    async def decline(self, policy_id: str, reason: str) -> None:
        """A person rejects what is in shadow or awaits approval; again does no harm. Raises
        NotFound, Conflict.
        """
        policy = await self._known(policy_id)
        if policy.state == PolicyState.REJECTED:
            return
        if policy.state not in WAITING:
            raise Conflict(
                f"{policy_id} is {_words(policy.state)}; what is in shadow or awaits approval can"
                " be rejected",
                code="not_waiting",
            )
        await self._move(policy, Trigger.DECLINED, reason)
        self._tell()

    async def roll_back(self, champion_id: str, reason: str) -> None:
        """Back to the champion's predecessor. Raises Conflict."""
        if self.line.champion != champion_id:
            raise Conflict(f"the champion is {self.line.champion!r} by now", code="champion_moved")
        champion = await self._policy(champion_id, PolicyState.CHAMPION)
        if champion.predecessor is None:
            raise Conflict(f"{champion_id!r} has no predecessor here", code="no_predecessor")
        before = await self._policy(champion.predecessor, PolicyState.REPLACED)
        await self._set_champion(champion_id, before.id)
        await self._move(champion, Trigger.ROLLED_BACK, reason, champion=before.id)
        await self._move(before, Trigger.REINSTATED, f"{champion_id} was rolled back: {reason}")
        await self._overtake(await repository.waiting(self.session, self.line.id), before.id)
        self._tell()

    def _watch(self, policy: Policy, kind: WatchKind) -> Watch | None:
        rules = rules_of(self.line, self.state.settings)
        if kind is WatchKind.SHADOW and policy.state == PolicyState.SHADOW:
            return shadow_of(policy, rules)
        if kind is WatchKind.REVIEW and policy.state == PolicyState.CHAMPION:
            return review_of(policy, rules)
        return None

    async def _refute(self, policy: Policy, event: ShadowReported) -> None:
        if event.kind is WatchKind.SHADOW:
            await self._move(policy, Trigger.REFUTED, event.sentence)
        else:
            await self.roll_back(policy.id, event.sentence)

    async def _settle(self, policy: Policy, why: str) -> None:
        """The gate and the shadow are passed: to a person, or at once."""
        if rules_of(self.line, self.state.settings).promotion is Promotion.APPROVAL:
            await self._move(policy, Trigger.APPROVAL_ASKED, why)
            return
        await self._move(policy, Trigger.APPROVED, f"by the line's setting; {why}")
        await self._promote(policy, why)

    async def _promote(self, policy: Policy, why: str) -> None:
        """Raises Conflict when another champion stands than the one it was judged against."""
        replaced = await self._policy(policy.against or "", PolicyState.CHAMPION)
        await self._set_champion(replaced.id, policy.id)
        policy.predecessor, policy.promoted_at = replaced.id, self.state.clock.now()
        await self._move(replaced, Trigger.REPLACED, f"by {policy.id}")
        await self._move(policy, Trigger.PROMOTED, why, champion=policy.id)
        verdict = await self.session.get_one(Verdict, policy.verdict_id)
        verdict.moved = True
        await self._overtake(await repository.waiting(self.session, self.line.id), policy.id)

    async def _overtake(self, waiting: Sequence[Policy], champion: str) -> None:
        """Who was judged against another champion than the present one has to be judged anew."""
        for policy in waiting:
            why = f"it was judged against {policy.against}; the champion is {champion} by now"
            await self._move(policy, Trigger.OVERTAKEN, why)

    async def _set_champion(self, expected: str, wanted: str) -> None:
        if not await repository.move_champion(self.session, self.line.id, expected, wanted):
            raise Conflict(f"the champion is {self.line.champion!r} by now", code="champion_moved")

    async def _move(
        self, policy: Policy, trigger: Trigger, why: str, *, champion: str | None = None
    ) -> None:
        """One transition and its audit row, which names a new `champion`. Raises
        IllegalTransition.
        """
        before: audit.Fields = {"policy": policy.id, "state": policy.state}
        policy.state = TRANSITIONS.after(PolicyState(policy.state), trigger)
        policy.why, policy.changed_at = why, self.state.clock.now()
        told: audit.Fields = {"state": policy.state, "reason": why, "verdict": policy.verdict_id}
        if champion is not None:
            told["champion"] = champion
            before["champion"] = policy.predecessor if champion == policy.id else policy.id
        await self._record(ACTIONS.get(trigger, f"policy_{trigger}"), before, told)

    async def _record(self, action: str, before: audit.Fields, told: audit.Fields) -> None:
        who = audit.Actor(self.line.organisation_id, self.actor)
        await self.session.flush()
        subject = f"line:{self.line.id}"
        await audit.record(self.session, who, action, subject, before=before, after=told)

    async def _known(self, policy_id: str) -> Policy:
        found = await repository.policy(self.session, self.line.id, policy_id)
        if found is None:
            raise NotFound(f"{self.line.id} knows no {policy_id!r}", code="policy_not_found")
        return found

    async def _policy(self, policy_id: str, state: PolicyState) -> Policy:
        """The line's policy; one that no trial brought (a rule) is made in that state."""
        found = await repository.policy(self.session, self.line.id, policy_id)
        if found is None:
            owner = self.line.organisation_id
            found = Policy(
                policy_line=self.line.id, id=policy_id, organisation_id=owner, state=state, why=""
            )
            self.session.add(found)
        return found

    def _tell(self) -> None:
        after_commit(self.session, lambda: lines.tell(self.state, self.line.id))


def refusal_of(event: ShadowReported, against: str, since: datetime) -> str:
    """Why a replay proves nothing; empty when it may be believed."""
    days = {one.day for one in event.sessions}
    if event.against != against:
        return f"it is compared with {event.against}, not with {against}"
    if not event.sessions or len(days) < len(event.sessions):
        return "a market session is missing, or there twice"
    early = min(event.sessions, key=lambda one: one.opens)
    if early.opens < since:
        return f"the market session of {early.day} opened before the seal, {since:%Y-%m-%d %H:%M}Z"
    if max(one.closes for one in event.sessions) > event.at:
        return "a market session had not closed when it was reported"
    return ""


def _words(state: str) -> str:
    return state.replace("_", " ")
