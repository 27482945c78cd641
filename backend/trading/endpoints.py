"""`/orders`, `/fills`, `/positions`, `/equity`, and the kill switch."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from pydantic import AwareDatetime

from backend import quotes
from backend.auth.dependencies import Caller, CurrentUser
from backend.dependencies import CurrentState, Session
from backend.desks.access import RUN_ALL, CurrentDesk, RunDesk, runnable_desk
from backend.errors import Forbidden, NotFound
from backend.problems import refusal
from backend.schemas import Page
from backend.trading import repository, service, views
from backend.trading.money import tidy
from backend.trading.schemas import (
    EquityView,
    FillView,
    KillSwitchRequest,
    KillSwitchView,
    OrderRequest,
    OrderView,
    PositionView,
)

router = APIRouter(tags=["trading"])

Cursor = Annotated[str | None, Query(max_length=80)]
Limit = Annotated[int, Query(ge=1, le=200)]
IdempotencyKey = Annotated[str | None, Header(min_length=1, max_length=64)]


@router.get("/orders")
async def get_orders(
    desk: CurrentDesk,
    session: Session,
    cursor: Cursor = None,
    limit: Limit = 50,
    only_open: Annotated[bool, Query(alias="open")] = False,
) -> Page[OrderView]:
    """Newest first, denied ones too."""
    rows = await repository.order_page(
        session, desk.id, before=cursor, only_open=only_open, limit=limit + 1
    )
    items = [views.order_view(row) for row in rows[:limit]]
    return Page(items=items, next_cursor=items[-1].id if len(rows) > limit else None)


@router.post("/orders", status_code=201, response_model=OrderView)
async def post_order(
    body: OrderRequest,
    desk: RunDesk,
    session: Session,
    state: CurrentState,
    idempotency_key: IdempotencyKey = None,
) -> OrderView | Response:
    """Order by hand. A denial is 422 with the reason as its code, and stays on record."""
    order = await service.place_order(session, state, desk.id, body, idempotency_key)
    denial = service.denial_of(order)
    # Raised, it would roll the record back.
    return views.order_view(order) if denial is None else refusal(denial)


@router.get("/orders/{order_id}")
async def get_order(order_id: str, desk: CurrentDesk, session: Session) -> OrderView:
    """One order; somebody else's is 404."""
    order = await repository.order(session, desk.id, order_id)
    if order is None:
        raise NotFound(f"there is no order {order_id!r}", code="order_not_found")
    return views.order_view(order)


@router.delete("/orders/{order_id}")
async def delete_order(
    order_id: str, desk: RunDesk, session: Session, state: CurrentState
) -> OrderView:
    """Cancel what is not filled yet. Again does no harm."""
    return views.order_view(await service.cancel_order(session, state, desk.id, order_id))


@router.get("/fills")
async def get_fills(
    desk: CurrentDesk, session: Session, cursor: Cursor = None, limit: Limit = 50
) -> Page[FillView]:
    """Newest first."""
    rows = await repository.fill_page(session, desk.id, before=cursor, limit=limit + 1)
    items = [views.fill_view(row) for row in rows[:limit]]
    return Page(items=items, next_cursor=items[-1].id if len(rows) > limit else None)


@router.get("/positions")
async def get_positions(
    desk: CurrentDesk, session: Session, state: CurrentState
) -> list[PositionView]:
    """At the market's last prices; an instrument that was sold stays, with what it earned."""
    prices = await quotes.last_prices(state.redis)
    rows = await repository.positions(session, [desk.id])
    return [views.position_view(row, prices.get(row.instrument)) for row in rows]


@router.get("/equity")
async def get_equity(
    desk: CurrentDesk,
    session: Session,
    start: Annotated[AwareDatetime | None, Query(alias="from")] = None,
    end: Annotated[AwareDatetime | None, Query(alias="to")] = None,
    limit: Annotated[int, Query(ge=1, le=2_000)] = 500,
) -> EquityView:
    """One point per bar that was decided on, ascending; the last of each bucket where there are
    more than `limit`.
    """
    rows = await repository.equity(session, desk.id, start, end, limit)
    return EquityView(
        points=[views.equity_view(row) for row in rows],
        starting_cash=tidy(desk.starting_cash),
        currency=desk.currency,
    )


@router.post("/killswitch")
async def pull_kill_switch(
    body: KillSwitchRequest, caller: CurrentUser, session: Session, state: CurrentState
) -> KillSwitchView:
    """Cancel what is open and block every new order, until it is lifted."""
    switch = await _switch(session, caller, body.scope, body.reason)
    return await switch.pull(session, state)


@router.delete("/killswitch")
async def lift_kill_switch(
    caller: CurrentUser,
    session: Session,
    state: CurrentState,
    scope: Annotated[str, Query(pattern=r"^(desk|all|desk:[\w-]+)$")] = "desk",
) -> KillSwitchView:
    """Let orders pass again. Lifting `all` leaves a desk halted that was halted by itself."""
    switch = await _switch(session, caller, scope, "")
    return await switch.lift(session, state)


async def _switch(session: Session, caller: Caller, scope: str, reason: str) -> service.KillSwitch:
    if scope == "all":
        if caller.role not in RUN_ALL:
            raise Forbidden("the kill switch for all desks takes the role operator or risk")
        return service.KillSwitch(caller, None, reason)
    named = scope.partition(":")[2] or None
    desk = await runnable_desk(session, caller, named)
    return service.KillSwitch(caller, desk.id, reason)
