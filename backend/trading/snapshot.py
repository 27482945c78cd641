"""Desk snapshots in Redis: what agents and the chatbot know of a desk's books."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts import keys
from ai_pod.contracts.desk import DeskSnapshot, FillView, LimitsView, OrderView, PositionView
from backend.models import Desk, Fill, Order, Position
from backend.trading import days, repository, views
from backend.trading.desk_states import Standing
from backend.trading.ledger import expected
from backend.trading.money import tidy

Prices = Mapping[str, Decimal]
ZERO = Decimal(0)
_WORDS = ("side", "state", "kind", "time_in_force")

_NEWER = """
for i = 1, #KEYS do
  local stored = redis.call('GET', KEYS[i])
  local at = stored and cjson.decode(stored)['valued_wall'] or 0
  if tonumber(ARGV[1]) >= tonumber(at) then redis.call('SET', KEYS[i], ARGV[i + 1]) end
end
"""


async def read(
    session: AsyncSession,
    desks: Sequence[str] | None,
    prices: Prices,
    *,
    now: datetime,
    wall: float,
) -> list[DeskSnapshot]:
    """Snapshots of these desks, or of all for None, at `prices` (else at the last known).

    `now` and `wall` are market and wall time before the reading began.
    """
    rows = await repository.desks_with_policy(session, desks)
    names = [desk.id for desk, _, _ in rows]
    positions, orders, fills = defaultdict(list), defaultdict(list), defaultdict(list)
    for position in await repository.positions(session, names):
        positions[position.desk_id].append(_position(position, prices))
    for order in await repository.open_orders(session, names):
        orders[order.desk_id].append(_order(order))
    for fill in await repository.recent_fills(session, names):
        fills[fill.desk_id].append(_fill(fill))
    begun = await days.read(session, names, now)
    return [
        DeskSnapshot(
            desk=desk.id,
            organisation=desk.organisation_id,
            name=desk.name,
            currency=desk.currency,
            mode=desk.mode,
            automatic=desk.automatic,
            equity=tidy(desk.cash + sum((one.market_value for one in positions[desk.id]), ZERO)),
            cash=tidy(desk.cash),
            fees=tidy(desk.fees),
            starting_cash=tidy(desk.starting_cash),
            positions=tuple(positions[desk.id]),
            open_orders=tuple(orders[desk.id]),
            recent_fills=tuple(fills[desk.id]),
            limits=_limits(desk, standing),
            policy_line=desk.policy_line,
            policy_version=champion,
            as_of=now,
            valued_wall=wall,
            day=begun[desk.id].view(desk.starting_cash),
        )
        for desk, standing, champion in rows
    ]


async def write(redis: Redis, snapshots: Sequence[DeskSnapshot]) -> None:
    """Into Redis, each only over an older one."""
    if not snapshots:
        return
    names = [keys.desk(snapshot.desk) for snapshot in snapshots]
    encoded = [msgspec.json.encode(snapshot) for snapshot in snapshots]
    wall = min(snapshot.valued_wall for snapshot in snapshots)
    await redis.eval(_NEWER, len(names), *names, repr(wall), *encoded)


def _position(position: Position, prices: Prices) -> PositionView:
    view = views.position_view(position, prices.get(position.instrument))
    return PositionView(**view.model_dump())


def _order(order: Order) -> OrderView:
    told = views.order_view(order).model_dump(include=set(OrderView.__struct_fields__))
    words = {name: str(told[name]) for name in _WORDS}
    return OrderView(**told | words, expected=expected(order))


def _fill(fill: Fill) -> FillView:
    view = views.fill_view(fill).model_dump(exclude={"realised"})
    return FillView(**view | {"side": str(view["side"])})


def _limits(desk: Desk, standing: Standing) -> LimitsView:
    return LimitsView(
        max_order_value=tidy(desk.max_order_value),
        max_position_weight=desk.max_position_weight,
        max_gross_exposure=desk.max_gross_exposure,
        max_daily_loss=desk.max_daily_loss,
        max_orders_per_minute=desk.max_orders_per_minute,
        halted=standing.halted,
        halt_reason=standing.halt_reason,
        max_concentration=desk.max_concentration,
        max_drawdown=desk.max_drawdown,
        price_collar=desk.price_collar,
        state=standing.state,
        causes=standing.causes,
    )
