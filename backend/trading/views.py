"""Rows as they are shown: the same for answers of the API and for live frames."""

from decimal import Decimal

from ai_pod.contracts.signals import trace_of
from backend.models import Condition, EquityPoint, Fill, Order, Position
from backend.trading.desk_states import Cause
from backend.trading.money import QUANTUM, tidy, tidy_quantity
from backend.trading.schemas import (
    ConditionView,
    EquityPointView,
    FillView,
    OrderView,
    PositionView,
)
from backend.trading.states import OrderState
from backend.trading.words import OrderSource, OrderType, Side, TimeInForce
from market import tracing


def order_view(order: Order) -> OrderView:
    return OrderView(
        id=order.id,
        client_order_id=order.client_order_id,
        instrument=order.instrument,
        side=Side(order.side),
        kind=OrderType(order.type),
        quantity=tidy_quantity(order.quantity),
        limit_price=_tidy(order.limit_price),
        stop_price=_tidy(order.stop_price),
        trail_amount=_tidy(order.trail_amount),
        time_in_force=TimeInForce(order.time_in_force),
        expires_at=order.expires_at,
        reduce_only=order.reduce_only,
        oco_group=order.oco_group,
        triggered=order.triggered,
        filled=tidy_quantity(order.filled),
        average_price=_average(order),
        fees=tidy(order.fees),
        state=OrderState(order.state),
        reason=order.reason,
        context=order.context,
        source=OrderSource(order.source),
        bar_end=order.bar_end,
        created_at=order.created_at,
        ended_at=order.ended_at,
        trace_id=_trace(order),
    )


def _trace(order: Order) -> str | None:
    if order.bar_end is None:
        return None
    return tracing.kept(trace_of(order.desk_id, order.bar_end))


def _tidy(price: Decimal | None) -> Decimal | None:
    return None if price is None else tidy(price)


def _average(order: Order) -> Decimal | None:
    if not order.filled:
        return None
    return tidy((order.traded_value / order.filled).quantize(QUANTUM))


def fill_view(fill: Fill) -> FillView:
    return FillView(
        id=fill.id,
        order=fill.order_id,
        instrument=fill.instrument,
        side=Side(fill.side),
        quantity=tidy_quantity(fill.quantity),
        price=tidy(fill.price),
        fee=tidy(fill.fee),
        realised=tidy(fill.realised),
        at=fill.at,
    )


def position_view(position: Position, last_price: Decimal | None = None) -> PositionView:
    """Valued at `last_price`, else at the last price that the position itself knows."""
    price = position.last_price if last_price is None else last_price
    value = (position.quantity * price).quantize(QUANTUM)
    average = position.cost / position.quantity if position.quantity else Decimal(0)
    return PositionView(
        instrument=position.instrument,
        quantity=tidy_quantity(position.quantity),
        average_price=tidy(average.quantize(QUANTUM)),
        last_price=tidy(price),
        market_value=tidy(value),
        unrealised=tidy(value - position.cost),
        realised=tidy(position.realised),
    )


def condition_view(row: Condition) -> ConditionView:
    return ConditionView(
        id=row.id,
        scope=row.scope,
        cause=Cause(row.cause),
        context=row.context,
        since=row.since,
        cleared_at=row.cleared_at,
        cleared_by=row.cleared_by,
    )


def equity_view(point: EquityPoint) -> EquityPointView:
    return EquityPointView(
        at=point.bar_end,
        equity=tidy(point.equity),
        cash=tidy(point.cash),
        exposure=tidy(point.exposure),
    )
