"""The detectors on real stores: a cause puts its desks into REDUCING, its end lets them go."""

import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest
from redis.asyncio import Redis
from sqlalchemy import select

from ai_pod.contracts import keys as pod_keys
from ai_pod.contracts.plan import Phase, Plan, Segment
from backend.auth.dependencies import Caller
from backend.database import transaction
from backend.models import Condition, Desk, EquityPoint, Policy, PolicyLine, RiskState, Role
from backend.trading import switches
from backend.trading.detectors import Detectors
from market import keys
from market.words import FeedState, Tick
from tests.support.build_trading import AAPL, T0, Desks

HOUR = timedelta(hours=1)


async def plan(redis: Redis, phase: Phase, reason: str) -> None:
    segment = Segment(phase=phase, starts=T0 - HOUR, ends=T0 + 24 * HOUR, reason=reason)
    its = Plan(pool="XNYS", version=1, computed_at=T0, segments=(segment,))
    await redis.set(pod_keys.plan("XNYS"), its.encode())


async def feed(redis: Redis, at: datetime, beat: float | None = None) -> None:
    """The feed lives, and its last trade was at that market time."""
    wall = time.time() if beat is None else beat
    state = FeedState(feed="replay", instruments=(AAPL,), until=at, beat=wall)
    await redis.set(keys.feed_state(), msgspec.json.encode(state))
    tick = Tick(instrument=AAPL, at=at, price=100.0, size=1.0, synthetic=True)
    await redis.hset(keys.last_prices(), AAPL, msgspec.json.encode(tick))


async def causes(desks: Desks) -> list[str]:
    async with transaction(desks.state.sessions) as session:
        rows = await session.scalars(select(Condition).where(Condition.cleared_at.is_(None)))
        return sorted(row.cause for row in rows)


async def test_a_feed_that_stops_and_comes_back(desks: Desks) -> None:
    redis, detectors = desks.state.redis, Detectors(desks.state)
    await plan(redis, Phase.TRADING, "market session")
    await feed(redis, T0)
    await detectors.step()
    assert await causes(desks) == []
    desks.hand.forward(timedelta(minutes=3))
    await detectors.step()
    assert await causes(desks) == ["stale_feed"]
    assert (await desks.read()).state == RiskState.REDUCING
    await feed(redis, desks.state.clock.now())
    await detectors.step()
    assert await causes(desks) == []
    assert (await desks.read()).state == RiskState.ACTIVE


@pytest.mark.parametrize(
    ("phase", "reason", "traded"),
    [(Phase.TRADING, "market session", -2 * HOUR), (Phase.LEARNING, "market closed", 0 * HOUR)],
)
async def test_trades_that_contradict_the_plan(
    desks: Desks, phase: Phase, reason: str, traded: timedelta
) -> None:
    redis, detectors = desks.state.redis, Detectors(desks.state)
    await plan(redis, phase, reason)
    desks.hand.forward(timedelta(minutes=3))
    now = desks.state.clock.now()
    await feed(redis, now + traded)
    await redis.hdel(keys.last_prices(), "XNYS:IBM")
    await detectors.step()
    assert await causes(desks) == ["calendar_disagreement"]


async def test_a_feed_whose_clock_is_wrong(desks: Desks) -> None:
    detectors = Detectors(desks.state)
    await feed(desks.state.redis, T0, beat=time.time() + 60)
    await detectors.step()
    assert await causes(desks) == ["clock_skew"]
    await feed(desks.state.redis, T0)
    await detectors.step()
    assert await causes(desks) == []


async def test_a_champion_grows_too_old_and_a_rule_never(desks: Desks) -> None:
    detectors = Detectors(desks.state)
    await detectors.step()
    assert await causes(desks) == []
    async with transaction(desks.state.sessions) as session:
        desk = await session.get_one(Desk, desks.desk)
        line = await session.get_one(PolicyLine, desk.policy_line)
        line.champion = "sha256:old"
        session.add(
            Policy(
                policy_line=line.id,
                id="sha256:old",
                organisation_id=line.organisation_id,
                created_at=datetime.now(UTC) - timedelta(days=366),
            )
        )
    await detectors.step()
    assert await causes(desks) == ["policy_expired"]


async def test_a_drawdown_holds_until_somebody_has_looked_into_it(desks: Desks) -> None:
    detectors = Detectors(desks.state)
    desk = await desks.read()
    async with transaction(desks.state.sessions) as session:
        for hour, equity in enumerate((100_000, 69_000)):
            point = EquityPoint(
                desk_id=desk.id,
                organisation_id=desk.organisation_id,
                bar_end=T0 + hour * HOUR,
                equity=Decimal(equity),
                cash=Decimal(equity),
                exposure=Decimal(0),
            )
            session.add(point)
    await detectors.step()
    await detectors.step()
    assert await causes(desks) == ["drawdown"]
    caller = Caller("user", desk.organisation_id, Role.RISK, "Rick", "rick")
    async with transaction(desks.state.sessions) as session:
        [row] = await session.scalars(select(Condition))
        await switches.end_condition(session, desks.state, caller, row.id)
    await detectors.step()
    assert await causes(desks) == []
    after = await desks.read()
    assert (after.state, after.peak_equity) == (RiskState.ACTIVE, 69_000)
