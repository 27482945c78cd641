"""A judgement as the verdict that is announced and kept: what was tested, how, and the table."""

from dataclasses import asdict
from datetime import datetime

import numpy as np

from ai_pod.agents.learning.equity_lines import equity_lines
from ai_pod.agents.learning.evaluate import cost_bps
from ai_pod.agents.learning.judging.evidence import CHAMPION, Evidence
from ai_pod.agents.learning.judging.judgement import Judgement
from ai_pod.agents.learning.judging.measuring import drawdowns
from ai_pod.agents.learning.judging.outcomes import Record
from ai_pod.agents.learning.statistics import annualised, sharpe
from ai_pod.contracts.learning import Competitor, PolicyLine, VerdictReached
from ai_pod.policies.backtest import Terms
from market.calendars import from_ns

CHALLENGER = "challenger"


def verdict_of(
    line: PolicyLine, challenger: str, evidence: Evidence, judgement: Judgement, at: datetime
) -> VerdictReached:
    """The verdict on tonight's challenger. Its id and night are the caller's to set."""
    protocol = {name: float(value) for name, value in asdict(evidence.protocol).items()}
    return VerdictReached(
        id="",
        organisation=line.organisation,
        policy_line=line.id,
        night="",
        verdict=judgement.verdict,
        champion=line.champion,
        challenger=challenger,
        sentence=judgement.sentence,
        window_from=from_ns(int(evidence.ends[0])),
        window_to=from_ns(int(evidence.ends[-1])),
        bars=len(evidence.ends) - 1,
        seeds=judgement.seeds,
        trials=judgement.trials,
        sharpe_difference=judgement.sharpe_difference,
        interval_low=judgement.interval[0],
        interval_high=judgement.interval[1],
        cost_bps=cost_bps(Terms(profile=line.risk_profile)),
        competitors=_competitors(line, challenger, evidence, judgement),
        checks=judgement.checks,
        at=at,
        protocol=protocol,
        measures=judgement.measures,
        spa=judgement.spa,
        intervals=judgement.intervals,
        paths=judgement.paths,
        trial_records=evidence.protocol.records,
        equity=equity_lines(evidence, CHALLENGER),
    )


def _competitors(
    line: PolicyLine, challenger: str, evidence: Evidence, judgement: Judgement
) -> tuple[Competitor, ...]:
    """The challenger as it does as a rule over all seeds and paths, then its opponents."""
    mine = evidence.challengers
    first = Competitor(
        name=CHALLENGER,
        policy=challenger,
        sharpe=judgement.measures["sharpe_iqm"],
        total_return=float(np.expm1(mine.growth.sum(axis=-1)).mean()),
        max_drawdown=float(drawdowns(mine.growth).max()),
        turnover=float(mine.turnover.mean()),
    )
    others = (
        _competitor(name, line.champion if name == CHAMPION else None, record, evidence)
        for name, record in evidence.opponents.items()
    )
    return (first, *others)


def _competitor(name: str, policy: str | None, record: Record, evidence: Evidence) -> Competitor:
    """`turnover` is the share of equity traded per bar."""
    return Competitor(
        name=name,
        policy=policy,
        sharpe=annualised(sharpe(record.growth), evidence.ends),
        total_return=float(np.expm1(record.growth.sum())),
        max_drawdown=float(drawdowns(record.growth)),
        turnover=float(record.turnover.mean()),
    )
