"""What desks were worth when their market day began, and what has been booked since."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.desk import DayView
from backend.models import Desk, EquityPoint, Fill
from backend.trading.money import tidy
from backend.trading.repository import day_of

ZERO = Decimal(0)


@dataclass
class Day:
    """A desk's day so far; `opening` is None for a desk that was never marked before it."""

    opening: Decimal | None = None
    marked_at: datetime | None = None
    realised: dict[str, Decimal] = field(default_factory=dict)
    fees: Decimal = ZERO

    def view(self, starting_cash: Decimal) -> DayView:
        """For a desk that began with so much."""
        return DayView(
            opening=tidy(starting_cash if self.opening is None else self.opening),
            marked_at=self.marked_at,
            realised={name: tidy(amount) for name, amount in self.realised.items()},
            fees=tidy(self.fees),
        )


async def read(session: AsyncSession, desks: Sequence[str], now: datetime) -> Mapping[str, Day]:
    """The market day of `now`, of each of these desks."""
    began, days = day_of(now), defaultdict[str, Day](Day)
    last = (
        select(EquityPoint.bar_end, EquityPoint.equity)
        .where(EquityPoint.desk_id == Desk.id, EquityPoint.bar_end < began)
        .order_by(EquityPoint.bar_end.desc())
        .limit(1)
        .lateral()
    )
    marks = select(Desk.id, last.c.bar_end, last.c.equity).join(last, true())
    for desk, at, equity in await session.execute(marks.where(Desk.id.in_(desks))):
        days[desk].opening, days[desk].marked_at = equity, at
    booked = (
        select(Fill.desk_id, Fill.instrument, func.sum(Fill.realised), func.sum(Fill.fee))
        .where(Fill.desk_id.in_(desks), Fill.at >= began)
        .group_by(Fill.desk_id, Fill.instrument)
        .order_by(Fill.instrument)
    )
    for desk, instrument, realised, fees in await session.execute(booked):
        days[desk].realised[instrument] = realised
        days[desk].fees += fees
    return days
