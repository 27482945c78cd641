"""Our books held against the venue's: at start, and again and again. While they differ, no order
goes out that does not reduce a position.

A difference must be seen twice in a row, with every order looked at in between: what was merely on
its way has then arrived.
"""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import structlog
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import transaction
from backend.models import PLATFORM, VenueDifference, VenueHolding, new_id
from backend.models.venue_holding import CASH
from backend.state import State
from backend.trading.brokers.port import Account, Venue
from backend.trading.venues import agreement, repository
from backend.trading.venues.differences import Difference, Ours, claimable, differences
from backend.trading.venues.orders import VenueOrders

MOST_LOOKS = 3
LATE = timedelta(days=1)
"""An execution may be reported so long after its order was sent."""

logger = structlog.get_logger()


class Reconciler:
    """Compares, records and, where the policy is to claim, takes what is beyond our books as held
    beside them.
    """

    def __init__(
        self,
        state: State,
        venue: Venue,
        orders: VenueOrders,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._state = state
        self._venue = venue
        self._orders = orders
        self._wall = wall

    async def step(self) -> bool:
        """True when the books agree. Raises VendorAway."""
        missing = await self._orders.look_around()
        before = await self._compare([one.id for one in missing])
        for _ in range(MOST_LOOKS):
            if not before:
                break
            missing = await self._orders.look_around(LATE)
            found = await self._compare([one.id for one in missing])
            if set(found) == set(before):
                break
            before = found
        return await self._record(before)

    async def _compare(self, missing: Sequence[str]) -> list[Difference]:
        account = await self._venue.account()
        reports = await self._venue.open_orders()
        async with transaction(self._state.sessions) as session:
            theirs = {one.client_order_id or one.venue_order for one in reports}
            foreign = theirs - await repository.ours(session, self._venue.name, sorted(theirs))
            ours = await self._ours(session, account, missing)
        return differences(ours, account, foreign, self._tolerance)

    async def _ours(self, session: AsyncSession, account: Account, missing: Sequence[str]) -> Ours:
        """The first look at an account takes its cash beyond the desks' as held beside them."""
        cash, positions = await repository.sums(session)
        beside = await repository.holdings(session, self._venue.name)
        if CASH not in beside and account.cash >= cash:
            beside[CASH] = account.cash - cash
            await self._hold(session, CASH, beside[CASH])
        doubted = [one for one in missing if not await self._may_come(session, one)]
        return Ours(cash, positions, beside, doubted)

    async def _may_come(self, session: AsyncSession, order_id: str) -> bool:
        """It was never answered: it is on its way, or will be sent again."""
        order = await repository.order(session, self._venue.name, order_id)
        return order is not None and order.venue_order_id is None

    async def _record(self, found: Sequence[Difference]) -> bool:
        now = datetime.fromtimestamp(self._wall(), UTC)
        async with transaction(self._state.sessions) as session:
            left = [one for one in found if not await self._claim(session, one, now)]
            known = await repository.open_differences(session, self._venue.name)
            stays = {(one.kind, one.subject): one for one in known}
            for one in left:
                row = stays.pop((one.kind, one.subject), None) or self._row(one, now)
                row.ours, row.theirs = one.ours, one.theirs
                session.add(row)
            for gone in stays.values():
                gone.action, gone.resolved_at = "resolved", now
            desks = [desk.id for desk in await repository.desks(session)]
        await agreement.tell(self._state, self._venue.name, desks, left)
        if left:
            logger.error("books_differ", venue=self._venue.name, differences=left)
        return not left

    async def _claim(self, session: AsyncSession, one: Difference, now: datetime) -> bool:
        """True when it is a difference no more."""
        if self._state.settings.venue_unknown != "claim":
            return False
        beside = await repository.holdings(session, self._venue.name)
        if not claimable(one, beside[one.subject]):
            return False
        if one.kind != "order":
            await self._hold(session, one.subject, beside[one.subject] + one.gap)
            session.add(self._row(one, now, resolved_at=now))
        return True

    async def _hold(self, session: AsyncSession, subject: str, quantity: Decimal) -> None:
        values = {
            "quantity": quantity,
            "claimed_at": datetime.fromtimestamp(self._wall(), UTC),
        }
        row = insert(VenueHolding).values(
            venue=self._venue.name, subject=subject, organisation_id=PLATFORM, **values
        )
        keyed = row.on_conflict_do_update(index_elements=["venue", "subject"], set_=values)
        await session.execute(keyed)

    def _row(
        self, one: Difference, now: datetime, resolved_at: datetime | None = None
    ) -> VenueDifference:
        return VenueDifference(
            id=new_id("difference"),
            organisation_id=PLATFORM,
            venue=self._venue.name,
            kind=one.kind,
            subject=one.subject,
            ours=one.ours,
            theirs=one.theirs,
            action="refused" if resolved_at is None else "claimed",
            found_at=now,
            resolved_at=resolved_at,
        )

    @property
    def _tolerance(self) -> Decimal:
        return self._state.settings.venue_cash_tolerance
