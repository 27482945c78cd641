"""After a commit: first the raw event log, then frames into the live stream, and the snapshot.

What fails here is healed by `reconcile`: Redis only ever lags behind Postgres.
"""

import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeAlias

import msgspec
import structlog

from ai_pod.contracts import keys
from ai_pod.contracts.live import Frame, FrameKind
from backend import quotes, telemetry
from backend.database import transaction
from backend.errors import STORE_AWAY
from backend.models import Fill, Order
from backend.schemas import NoticeData, Schema
from backend.state import State
from backend.trading import snapshot, views
from backend.trading.ledger import Changes

LIVE_LENGTH = 2_000

Line: TypeAlias = tuple[str, dict[str, object]]
"""An event of the raw event log and its fields."""

logger = structlog.get_logger()


async def announce(state: State, all_changes: Sequence[Changes]) -> None:
    """Tell the world what was committed. Never raises for a store: the commit stands."""
    for changes in all_changes:
        log(state, changes)
    await publish(state, all_changes)


async def publish(state: State, all_changes: Sequence[Changes]) -> None:
    """Frames and snapshots of what is logged already, of many commits in one go."""
    if not all_changes:
        return
    try:
        await _push(state, all_changes)
        await refresh(state, sorted({changes.desk.id for changes in all_changes}))
    except STORE_AWAY as error:
        logger.warning("announcement_failed", error=repr(error))


async def refresh(state: State, desks: Sequence[str] | None) -> None:
    """Write the snapshots of these desks (all for None) from what is committed now."""
    now, wall = state.clock.now(), time.time()
    prices = await quotes.last_prices(state.redis)
    async with transaction(state.sessions) as session:
        snapshots = await snapshot.read(session, desks, prices, now=now, wall=wall)
    await snapshot.write(state.redis, snapshots)


async def _push(state: State, all_changes: Sequence[Changes]) -> None:
    async with state.redis.pipeline(transaction=False) as pipeline:
        for changes in all_changes:
            for frame in frames(changes, state.clock.now()):
                pipeline.xadd(
                    keys.live(changes.desk.id),
                    {keys.FIELD: msgspec.json.encode(frame)},
                    maxlen=LIVE_LENGTH,
                )
        await pipeline.execute()


def frames(changes: Changes, now: datetime) -> Iterator[Frame]:
    """The durable frames of what happened, in its order."""

    def frame(kind: FrameKind, at: datetime, view: Schema) -> Frame:
        return Frame(
            kind=kind,
            data=view.model_dump(mode="json"),
            ts_source=at,
            ts_sent=time.time(),
            desk=changes.desk.id,
        )

    for order in (*changes.submitted, *changes.denied):
        yield frame(FrameKind.ORDER, order.created_at, views.order_view(order))
    for order, fill in changes.filled:
        yield frame(FrameKind.FILL, fill.at, views.fill_view(fill))
        yield frame(FrameKind.ORDER, fill.at, views.order_view(order))
    filled = {order.id for order, _ in changes.filled}
    for order in changes.triggered:
        if order.id not in filled:
            yield frame(FrameKind.ORDER, order.matched_until or now, views.order_view(order))
    for order in changes.ended:
        if order.id not in filled:
            yield frame(FrameKind.ORDER, order.ended_at or now, views.order_view(order))
    for position in changes.positions.values():
        yield frame(FrameKind.POSITION, position.updated_at, views.position_view(position))
    for notice in changes.notices:
        said = NoticeData(code=notice.code, text=notice.text, severity=notice.severity)
        yield frame(FrameKind.NOTICE, notice.at, said)
    if changes.equity is not None:
        point = changes.equity
        yield frame(FrameKind.EQUITY, point.bar_end, views.equity_view(point))


def log(state: State, changes: Changes, *before: Line) -> None:
    """The raw event log and the metrics: at once after the commit, before anything can wait."""
    telemetry.orders.labels(outcome="submitted", reason="").inc(len(changes.submitted))
    for order in changes.denied:
        telemetry.orders.labels(outcome="denied", reason=order.reason).inc()
    for order in changes.ended:
        telemetry.orders.labels(outcome=order.state, reason=order.reason).inc()
    state.events.write_all([*before, *lines(changes)])


def lines(changes: Changes) -> Iterator[Line]:
    """What happened in a transaction as lines of the raw event log, in its order."""
    desk = changes.desk
    for order in changes.submitted:
        yield "order_submitted", _identity(order)
    for order in changes.denied:
        yield "order_denied", _identity(order) | {"reason": order.reason}
    for order, fill in changes.filled:
        yield "order_filled", _execution(order, fill)
    for notice in changes.notices:
        yield "desk_state", {"desk": desk.id, "state": desk.state, "why": notice.text}
    for order in changes.ended:
        yield "order_ended", {"desk": desk.id, "order": order.id, "state": order.state}
    if changes.filled:
        held = {one.instrument: one.quantity for one in changes.held if one.quantity}
        books = {"cash": desk.cash, "positions": held, "fees": desk.fees}
        yield "books", {"desk": desk.id, "starting_cash": desk.starting_cash} | books


def _execution(order: Order, fill: Fill) -> dict[str, object]:
    return {
        "desk": order.desk_id,
        "order": order.id,
        "fill": fill.id,
        "instrument": fill.instrument,
        "side": fill.side,
        "quantity": fill.quantity,
        "price": fill.price,
        "fee": fill.fee,
        "bar_end": fill.bar_end,
    }


def _identity(order: Order) -> dict[str, object]:
    return {
        "desk": order.desk_id,
        "order": order.id,
        "client_order_id": order.client_order_id,
        "instrument": order.instrument,
        "side": order.side,
        "quantity": order.quantity,
        "bar_end": order.bar_end,
        "lease_epoch": order.lease_epoch,
    }
