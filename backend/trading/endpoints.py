"""`/orders`, `/fills`, `/positions`, `/equity`; the kill switch, and what else holds a desk."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from pydantic import AwareDatetime

from backend import quotes
from backend.auth.dependencies import Caller, CurrentUser, Overseer, RiskOfficer
from backend.dependencies import CurrentState, Session
from backend.desks.access import RUN_ALL, CurrentDesk, RunDesk, runnable_desk
from backend.errors import Forbidden, NotFound
from backend.models import PLATFORM
from backend.problems import refusal
from backend.schemas import Page
from backend.trading import condition_rows, repository, service, switches, views
from backend.trading.money import tidy
from backend.trading.schemas import (
    ConditionView,
    DeskStateView,
    EquityView,
    FillView,
    KillSwitchView,
    OrderPreview,
    OrderRequest,
    OrderView,
    PositionView,
    ReducingView,
    SwitchRequest,
)

router = APIRouter(tags=["trading"])

Cursor = Annotated[str | None, Query(max_length=80)]
Limit = Annotated[int, Query(ge=1, le=200)]
ScopeQuery = Annotated[str, Query(pattern=r"^(desk|all|desk:[\w-]+)$")]
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
    return Page.cut([views.order_view(row) for row in rows], limit)


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


@router.post("/orders/preview")
async def preview_order(
    body: OrderRequest, desk: RunDesk, session: Session, state: CurrentState
) -> OrderPreview:
    """What the risk check would say of an order, and what the order would do. Nothing is made."""
    return await service.preview_order(session, state, desk, body)


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
    return Page.cut([views.fill_view(row) for row in rows], limit)


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
    body: SwitchRequest, caller: CurrentUser, session: Session, state: CurrentState
) -> KillSwitchView:
    """Cancel what is open and block every new order, until it is lifted."""
    desk = await _scope(session, caller, body.scope)
    return await switches.KillSwitch(caller, desk, body.reason).pull(session, state)


@router.delete("/killswitch")
async def lift_kill_switch(
    caller: CurrentUser, session: Session, state: CurrentState, scope: ScopeQuery = "desk"
) -> KillSwitchView:
    """Let orders pass again. Lifting `all` leaves a desk halted that was halted by itself."""
    desk = await _scope(session, caller, scope)
    return await switches.KillSwitch(caller, desk).lift(session, state)


@router.post("/reducing")
async def begin_reducing(
    body: SwitchRequest, caller: CurrentUser, session: Session, state: CurrentState
) -> ReducingView:
    """Let only orders pass that make a position smaller, and cancel the others, until it ends."""
    desk = await _scope(session, caller, body.scope)
    return await switches.Reducing(caller, desk, body.reason).begin(session, state)


@router.delete("/reducing")
async def end_reducing(
    caller: CurrentUser, session: Session, state: CurrentState, scope: ScopeQuery = "desk"
) -> ReducingView:
    """End what was begun by hand. Other conditions hold on."""
    desk = await _scope(session, caller, scope)
    return await switches.Reducing(caller, desk).end(session, state)


@router.get("/desk/state")
async def get_desk_state(desk: CurrentDesk, session: Session) -> DeskStateView:
    """Active, reducing or halted, and why."""
    standing = await condition_rows.standing(session, desk)
    rows = await condition_rows.open_on(session, desk)
    return DeskStateView(
        desk=desk.id,
        state=standing.state,
        halt_reason=standing.halt_reason,
        conditions=[views.condition_view(row) for row in rows],
    )


@router.get("/conditions")
async def get_conditions(
    caller: Overseer, session: Session, cursor: Cursor = None, limit: Limit = 50
) -> Page[ConditionView]:
    """What has put desks of the organisation into reducing, newest first, ended ones too."""
    organisations = [caller.organisation, PLATFORM]
    rows = await condition_rows.page(session, organisations, before=cursor, limit=limit + 1)
    return Page.cut([views.condition_view(row) for row in rows], limit)


@router.delete("/conditions/{condition_id}", status_code=204)
async def delete_condition(
    condition_id: str, caller: RiskOfficer, session: Session, state: CurrentState
) -> None:
    """End a condition of the organisation's own; it begins again if its cause is still there."""
    await switches.end_condition(session, state, caller, condition_id)


async def _scope(session: Session, caller: Caller, scope: str) -> str | None:
    """The desk that is meant, which the caller may run; None for the whole organisation."""
    if scope == "all":
        if caller.role not in RUN_ALL:
            raise Forbidden("for all desks it takes the role operator or risk")
        return None
    return (await runnable_desk(session, caller, scope.partition(":")[2] or None)).id
