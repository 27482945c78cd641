"""Users with desks, made straight in the database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import update

from ai_pod.contracts.seats import RiskProfile
from backend.auth.provision import create_organisation, create_user
from backend.database import transaction
from backend.desks.provision import NewDesk, create_desk
from backend.models import Desk, Role
from backend.pods import repository
from backend.pods.repository import Held
from backend.settings import Settings
from backend.state import State, open_state

NEW_DESK = NewDesk(pool="XNYS", instruments=("XNYS:AAPL", "XNYS:IBM"))


async def make_desks(
    state: State, names: list[str], *, automatic: bool = True, organisation: str = "Test"
) -> list[str]:
    """A desk for each name; the desks' ids. Their users have no usable password."""
    new = NewDesk(
        pool=NEW_DESK.pool,
        instruments=NEW_DESK.instruments,
        risk_profile=RiskProfile.BALANCED,
        automatic=automatic,
    )
    async with transaction(state.sessions) as session:
        owner = await create_organisation(session, organisation)
        made = []
        for name in names:
            user = await create_user(session, owner.id, name, Role.TRADER, "unusable")
            made.append((await create_desk(session, user, new)).id)
        return made


async def set_desks(state: State, desks: list[str], **values: object) -> None:
    async with transaction(state.sessions) as session:
        await session.execute(update(Desk).where(Desk.id.in_(desks)).values(**values))


async def seats_of(state: State) -> dict[str, Held]:
    """Desk → its seat."""
    async with transaction(state.sessions) as session:
        return {seat.desk_id: seat for seat in await repository.held(session)}


def by_pod(seats: dict[str, Held]) -> dict[str, int]:
    """Pod → how many desks sit there."""
    counts: dict[str, int] = {}
    for seat in seats.values():
        counts[seat.pod] = counts.get(seat.pod, 0) + 1
    return counts


@asynccontextmanager
async def opened(settings: Settings, count: int = 1) -> AsyncIterator[list[State]]:
    """Several back ends' states on the same stores, without their loops."""
    async with open_state(settings) as first:
        if count == 1:
            yield [first]
            return
        async with opened(settings, count - 1) as others:
            yield [first, *others]
