"""Our side ends after each of its effects and starts again, at every state of an order and against
a venue that misbehaves: nothing is lost, nothing doubled, and the books are the venue's.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from backend.models import Order
from backend.settings import Settings
from backend.trading.states import OPEN, OrderState
from tests.support.build_venues import VENUE_RIGS, VenueRig
from tests.support.crashing import Countdown, Crash, CrashingVenue, crashing_sessions
from tests.support.venues.exchange import Fault

D = Decimal
Act = Callable[[VenueRig, Order], Awaitable[None]]
MOST_EFFECTS = 60


async def nothing(rig: VenueRig, order: Order) -> None:
    pass


async def cancel(rig: VenueRig, order: Order) -> None:
    if (await rig.order(order)).state in OPEN:
        await rig.cancel(order)


async def reach(rig: VenueRig, order: Order) -> None:
    await rig.move(80)
    await rig.move(100)


async def settle_crashing(rig: VenueRig, effect: int) -> bool:
    """End at that effect, if it comes to it; then a new process goes on. True when it did end."""
    countdown = Countdown(effect)
    state = rig.desks.state
    rig.wrap = lambda venue: CrashingVenue(venue, countdown)
    rig.desks.state = replace(state, sessions=crashing_sessions(state.engine, countdown))
    try:
        await rig.restart()
        await rig.settle()
    except Crash:
        return True
    finally:
        rig.wrap, rig.desks.state = lambda venue: venue, state
        await rig.restart()
        await rig.settle()
    return False


SCENES: dict[str, tuple[tuple[Fault, ...], object, Act]] = {
    "filled at once": ((), None, nothing),
    "the request is lost": ((Fault.LOSE_REQUEST,), None, nothing),
    "the answer is lost": ((Fault.LOSE_RESPONSE,), None, nothing),
    "too many requests": ((Fault.SLOW_DOWN,), None, nothing),
    "partly filled, then cancelled": ((Fault.PARTIAL,), None, cancel),
    "cancelled while it rests": ((), 90, cancel),
    "filled after its cancellation": ((Fault.LATE_FILL,), 90, cancel),
    "unknown for a moment": ((Fault.UNKNOWN_ORDER,), 90, reach),
}


AGAIN = ("the answer is lost", "partly filled, then cancelled", "filled after its cancellation")
"""Once more where an id of ours is taken a second time once its order has ended."""


@pytest.mark.parametrize(
    ("venue", "scene"),
    [*(("alpaca", scene) for scene in SCENES), *(("ccxt", scene) for scene in AGAIN)],
)
async def test_stopped_after_each_effect(settings: Settings, venue: str, scene: str) -> None:
    async with VENUE_RIGS[venue](settings) as rig:
        await rig.settle()
        await stopped_after_each_effect(rig, *SCENES[scene])


async def stopped_after_each_effect(
    rig: VenueRig, faults: tuple[Fault, ...], limit: object, act: Act
) -> None:
    for effect in range(1, MOST_EFFECTS):
        rig.exchange.faults[:] = faults
        order = await rig.place("buy", 4, limit=limit)
        crashed = await settle_crashing(rig, effect)
        if act is not nothing:
            await act(rig, order)
            crashed |= await settle_crashing(rig, effect)
        await rig.check()
        if not crashed:
            break
    else:
        raise AssertionError("it never came through without an end")
    assert effect > 3, "there were effects to end at"
    assert {one.state for one in await rig.orders()} <= {OrderState.FILLED, OrderState.CANCELLED}
