"""A verdict's tear sheet: its numbers with units, and how its competitors did."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from backend.learning import repository
from backend.learning.metrics import METRICS, UNKNOWN
from backend.learning.schemas import EquityLinesView, MetricView, SheetView, VerdictView


async def sheet(session: AsyncSession, verdict: VerdictView) -> SheetView:
    """The sheet of a verdict that the caller may see."""
    equity = await repository.equity(session, verdict.id)
    return SheetView(
        verdict=verdict,
        measures=_metrics(verdict.measures),
        protocol=_metrics(verdict.protocol),
        equity=None if equity is None else EquityLinesView.model_validate(equity, extra="ignore"),
    )


def _metrics(values: Mapping[str, float]) -> list[MetricView]:
    """In the order of METRICS; what a newer judge measures besides comes last."""
    names = [*(name for name in METRICS if name in values), *(values.keys() - METRICS.keys())]
    return [
        MetricView(name=name, value=values[name], **METRICS.get(name, UNKNOWN)._asdict())
        for name in names
    ]
