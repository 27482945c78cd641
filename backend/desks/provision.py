"""Creating desks: for `backend.provision` and the demo, no public API."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.seats import RiskProfile
from backend.audit import service as audit
from backend.desks import lines, repository
from backend.models import Desk, User, new_id
from market.words import Interval


@dataclass(frozen=True)
class NewDesk:
    """What a desk starts with. `champion` counts only where the policy line is new."""

    pool: str
    instruments: Sequence[str]
    interval: Interval = Interval.QUARTER
    risk_profile: RiskProfile = RiskProfile.BALANCED
    champion: str = lines.FIRST_CHAMPION
    starting_cash: Decimal = Decimal(100_000)
    automatic: bool = True


async def create_desk(session: AsyncSession, user: User, new: NewDesk) -> Desk:
    """The user's desk, made if there is none. One that exists stays as it is."""
    found = await repository.desk_of_user(session, user.id)
    if found is not None:
        return found
    key = lines.LineKey(
        organisation=user.organisation_id,
        pool=new.pool,
        instruments=new.instruments,
        interval=new.interval,
        risk_profile=new.risk_profile,
    )
    line = await lines.line_for(session, key, champion=new.champion)
    desk = _desk(user, new, line.id)
    session.add(desk)
    await session.flush()
    after = {"line": line.id, "starting_cash": desk.starting_cash, "automatic": desk.automatic}
    actor = audit.Actor(user.organisation_id, "provision")
    await audit.record(session, actor, "desk_created", f"desk:{desk.id}", after=after)
    return desk


def _desk(user: User, new: NewDesk, line: str) -> Desk:
    return Desk(
        id=new_id("desk"),
        organisation_id=user.organisation_id,
        user_id=user.id,
        name=f"{user.name}'s desk",
        automatic=new.automatic,
        pool=new.pool,
        instruments=sorted(new.instruments),
        interval=str(new.interval),
        risk_profile=str(new.risk_profile),
        policy_line=line,
        starting_cash=new.starting_cash,
        cash=new.starting_cash,
        peak_equity=new.starting_cash,
        max_order_value=new.starting_cash * Decimal("1.5"),
        max_position_weight=1.0,
        max_gross_exposure=1.05,
        max_daily_loss=0.1,
        max_orders_per_minute=120,
    )
