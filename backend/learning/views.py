"""Lines, policies, verdicts and replays as the API shows them."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy.ext.asyncio import AsyncSession

from backend.errors import NotFound
from backend.learning import repository
from backend.learning.repository import LineRow
from backend.learning.rules import Rules, rules_of
from backend.learning.schemas import (
    LineDetail,
    LineSettingsView,
    LineView,
    PolicyView,
    ReportView,
    RollbackTriggerView,
    ShadowView,
    StageView,
    VerdictView,
)
from backend.models import Policy, ShadowReport, Verdict
from backend.settings import Settings
from market.words import Interval

SHADOW = "shadow"


async def line_detail(
    session: AsyncSession, settings: Settings, organisation: str, line_id: str
) -> LineDetail:
    """Raises NotFound."""
    row = await repository.line(session, organisation, line_id)
    if row is None:
        raise NotFound(f"there is no policy line {line_id!r}", code="line_not_found")
    known = await repository.policies(session, line_id)
    reports = await repository.latest_reports(session, [(line_id, one.id) for one in known])
    rules = rules_of(row[0], settings)
    return LineDetail(
        **line_view(row).model_dump(),
        settings=LineSettingsView(
            shadow_sessions=rules.shadow_sessions,
            promotion=rules.promotion,
            rollback=RollbackTriggerView(**asdict(rules.rollback)),
        ),
        policies=[_policy(one, reports.get((line_id, one.id)), rules) for one in known],
    )


async def verdict_views(
    session: AsyncSession, settings: Settings, rows: Sequence[Verdict]
) -> list[VerdictView]:
    """Each with where its challenger stands by now."""
    judged = await repository.judged_by(session, [row.id for row in rows])
    keys = [(policy.policy_line, policy.id) for policy, _ in judged]
    reports = await repository.latest_reports(session, keys)
    stages = {
        policy.verdict_id: stage_view(policy, reports.get(key), rules_of(line, settings))
        for (policy, line), key in zip(judged, keys, strict=True)
    }
    plain = [{name: getattr(row, name) for name in _VERDICT} for row in rows]
    return [VerdictView(**one, stage=stages.get(one["id"])) for one in plain]


async def verdict_view(
    session: AsyncSession, settings: Settings, organisation: str, verdict_id: str
) -> VerdictView:
    """Raises NotFound."""
    row = await repository.verdict(session, organisation, verdict_id)
    if row is None:
        raise NotFound(f"there is no verdict {verdict_id!r}", code="verdict_not_found")
    return (await verdict_views(session, settings, [row]))[0]


_VERDICT = VerdictView.model_fields.keys() - {"stage"}


def line_view(row: LineRow) -> LineView:
    line, desks = row
    return LineView(
        id=line.id,
        pool=line.pool,
        instruments=line.instruments,
        interval=Interval(line.interval),
        risk_profile=line.risk_profile,
        champion=line.champion,
        trials=line.trials,
        revision=line.revision,
        desks=desks,
    )


def stage_view(policy: Policy, report: ShadowReport | None, rules: Rules) -> StageView:
    return StageView(
        state=policy.state,
        why=policy.why,
        changed_at=policy.changed_at,
        sessions=len(report.sessions) if report and report.kind == SHADOW else 0,
        of_sessions=rules.shadow_sessions,
    )


def report_view(row: ShadowReport) -> ReportView:
    shown = shadow_view(row).model_dump()
    return ReportView(**shown, id=row.id, policy=row.policy, by_session=row.sessions)


def shadow_view(row: ShadowReport) -> ShadowView:
    names = ShadowView.model_fields.keys() - {"sessions"}
    return ShadowView(**{name: getattr(row, name) for name in names}, sessions=len(row.sessions))


def _policy(policy: Policy, report: ShadowReport | None, rules: Rules) -> PolicyView:
    return PolicyView(
        id=policy.id,
        trial_id=policy.trial_id,
        sharpe=policy.sharpe,
        stage=stage_view(policy, report, rules),
        verdict_id=policy.verdict_id,
        against=policy.against,
        sealed_at=policy.sealed_at,
        shadow=shadow_view(report) if report else None,
        predecessor=policy.predecessor,
        promoted_at=policy.promoted_at,
    )
