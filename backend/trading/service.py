"""Orders by hand, what would become of one, and their cancellation."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from backend import quotes
from backend.database import after_commit
from backend.errors import Conflict, DomainError, Invalid, NotFound
from backend.models import Desk, Order, new_id
from backend.state import State
from backend.trading import repository
from backend.trading.announce import announce
from backend.trading.brokers.choice import broker_of
from backend.trading.cancelling import cancel
from backend.trading.denials import sentence
from backend.trading.ledger import Changes, Ledger
from backend.trading.placing import OpenDesk, Origin
from backend.trading.preview import previewed
from backend.trading.risk import Limits, OrderRequest, RiskBook
from backend.trading.schemas import OrderPreview
from backend.trading.schemas import OrderRequest as OrderBody
from backend.trading.states import OPEN, OrderState
from backend.trading.switches import opened
from backend.trading.terms import standing
from backend.trading.words import OrderSource
from market.words import Instrument

_COLUMNS = {"kind": "type"}
"""Terms whose column has another name."""


class Denied(DomainError):
    """Our own risk check refused the order; `code` is the reason."""

    status = 422
    code = "denied"
    title = "Denied by the risk check"


async def place_order(
    session: AsyncSession, state: State, desk_id: str, body: OrderBody, key: str | None
) -> Order:
    """The order, recorded also when it is denied; the same one for a `client_order_id` (or else
    Idempotency-Key) that was seen. Raises Conflict when that stands for another order, Invalid when
    it is of the form that decisions use.
    """
    market = await _quoted(state)
    stands = await standing(body.terms, body.instrument, market.served, state.clock.now())
    ledger, now = await opened(session, desk_id), state.clock.now()
    client_order_id = body.client_order_id or key or new_id("manual")
    if client_order_id.startswith(f"{desk_id}:"):
        raise Invalid("ids of this form are the decisions'", code="client_order_id_reserved")
    known = await repository.order_by_client(session, desk_id, client_order_id)
    if known is not None:
        return _same(known, body)
    await _check_group(session, desk_id, body)
    limits, book = await _at_risk(session, ledger, now, market, body.oco_group)
    broker = broker_of(state.settings, ledger.desk)
    desk = OpenDesk(ledger=ledger, limits=limits, book=book, broker=broker, now=now)
    order = desk.place(_request(body), Origin(OrderSource.MANUAL, client_order_id, stands))
    await session.flush()
    _announce(session, state, [ledger.changes])
    return order


async def preview_order(
    session: AsyncSession, state: State, desk: Desk, body: OrderBody
) -> OrderPreview:
    """What the risk check would say now, by the same functions; nothing is locked or written, so
    the order itself is checked again. Raises what `place_order` raises of terms and groups.
    """
    market, now = await _quoted(state), state.clock.now()
    stands = await standing(body.terms, body.instrument, market.served, now)
    await _check_group(session, desk.id, body)
    ledger = await Ledger.of(session, desk)
    limits, book = await _at_risk(session, ledger, now, market, body.oco_group)
    return previewed(_request(body), book, limits, stands)


@dataclass(frozen=True)
class _Market:
    """What is served, and its last prices."""

    served: Mapping[str, Instrument]
    prices: Mapping[str, Decimal]


async def _quoted(state: State) -> _Market:
    served = await quotes.instruments(state.redis)
    return _Market(served, await quotes.last_prices(state.redis, served))


async def _at_risk(
    session: AsyncSession, ledger: Ledger, now: datetime, market: _Market, group: str | None
) -> tuple[Limits, RiskBook]:
    """The desk as the risk check sees it, for an order of that group."""
    facts = await repository.facts(session, ledger.desk, now)
    return ledger.limits(facts), ledger.risk_book(facts, market.prices, market.served, group)


def _request(body: OrderBody) -> OrderRequest:
    return OrderRequest(body.instrument, body.side, body.quantity, body.terms)


async def _check_group(session: AsyncSession, desk_id: str, body: OrderBody) -> None:
    """Raises Conflict for an order that would join a group it cannot belong to."""
    if body.oco_group is None:
        return
    for other in await repository.group(session, desk_id, body.oco_group):
        if other.instrument != body.instrument:
            raise Conflict(
                f"the group {body.oco_group!r} is of {other.instrument}; one group excludes orders "
                "of one instrument, so give this one another oco_group",
                code="oco_group_instrument",
            )
        if other.filled:
            raise Conflict(
                f"the order {other.id} of the group {body.oco_group!r} has been filled, which "
                "excludes this one; give another oco_group",
                code="oco_group_filled",
            )


def denial_of(order: Order) -> Denied | None:
    """The refusal that a denied order is answered with."""
    if order.state != OrderState.DENIED:
        return None
    why = sentence(order.reason, order.context)
    return Denied(f"order {order.id} was denied: {why}", code=order.reason)


async def cancel_order(session: AsyncSession, state: State, desk_id: str, order_id: str) -> Order:
    """Raises NotFound, Conflict for an order that has ended otherwise than cancelled."""
    ledger = await opened(session, desk_id)
    order = await repository.order(session, desk_id, order_id)
    if order is None:
        raise NotFound(f"there is no order {order_id!r}", code="order_not_found")
    await session.refresh(order)
    if order.state == OrderState.CANCELLED:
        return order
    if order.state not in OPEN:
        raise Conflict(f"the order is {order.state} and cannot be cancelled", code="order_ended")
    cancel(ledger, order, state.clock.now(), reason="by_hand")
    await session.flush()
    _announce(session, state, [ledger.changes])
    return order


def _same(order: Order, body: OrderBody) -> Order:
    terms = body.terms
    asked = (body.instrument, body.side, body.quantity, *astuple(terms))
    placed = tuple(getattr(order, _COLUMNS.get(one.name, one.name)) for one in fields(terms))
    stored = (order.instrument, order.side, order.quantity, *placed)
    if asked != stored:
        raise Conflict(
            f"the client order id {order.client_order_id!r} stands for another order",
            code="client_order_id_taken",
        )
    return order


def _announce(session: AsyncSession, state: State, changes: list[Changes]) -> None:
    after_commit(session, lambda: announce(state, changes))
