"""The loop that looks for what must put desks into REDUCING, and for its end: data that stops or
contradicts the plan, clocks that disagree, policies that are too old, losses from the peak.
"""

import time
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

import msgspec

from ai_pod.contracts import keys
from ai_pod.contracts.directory import living_pods
from ai_pod.contracts.plan import Plan
from backend.database import transaction
from backend.leader import run_once
from backend.state import State
from backend.trading import conditions, findings, watched
from backend.trading.desk_states import Cause
from backend.trading.findings import Context, Look
from market import keys as market_keys
from market.words import FeedState, Tick

LOOP = "risk-detectors"
PERIOD_SECONDS = 2.0
SOURCE = "detectors"
NO_POD = ""
"""Names no pod, so that the pool's own segments answer."""


async def run(state: State) -> None:
    """For ever, in one back end."""
    detectors = Detectors(state)

    async def step(_state: State) -> None:
        await detectors.step()

    await run_once(state, LOOP, step, period_seconds=PERIOD_SECONDS)


class Detectors:
    """`since` is when looking began: what is older is nobody's fault now."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.since = state.clock.now()

    async def step(self) -> None:
        """Look once; begin and end conditions accordingly. Raises what a store raises."""
        found = defaultdict[Cause, dict[str, Context]](dict)
        async with transaction(self._state.sessions) as session:
            pools = await watched.instruments_by_pool(session)
            on_pods = await watched.desks_by_pod(session)
            days = self._state.settings.policy_max_days
            found[Cause.POLICY_EXPIRED] = await watched.with_old_policy(session, days)
            found[Cause.DRAWDOWN] = await watched.in_drawdown(session)
        wall, clock = time.time(), self._state.clock
        for pool, look in (await self._looks(pools)).items():
            scope = conditions.pool_scope(pool)
            for cause, context in (
                (Cause.STALE_FEED, findings.stale_feed(look)),
                (Cause.CALENDAR_DISAGREEMENT, findings.calendar_disagreement(look)),
                (Cause.CLOCK_SKEW, findings.feed_skew(look, wall, clock)),
            ):
                if context is not None:
                    found[cause][scope] = context
        for beat in await living_pods(self._state.redis):
            context = findings.pod_skew(beat, wall, clock)
            for desk in on_pods.get(beat.pod, ()) if context is not None else ():
                found[Cause.CLOCK_SKEW][conditions.desk_scope(desk)] = context or {}
        for cause in (
            Cause.STALE_FEED,
            Cause.CALENDAR_DISAGREEMENT,
            Cause.CLOCK_SKEW,
            Cause.POLICY_EXPIRED,
            Cause.DRAWDOWN,
        ):
            await conditions.keep(self._state, cause, SOURCE, found[cause])

    async def _looks(self, pools: Mapping[str, set[str]]) -> dict[str, Look]:
        redis, now = self._state.redis, self._state.clock.now()
        stored = await redis.get(market_keys.feed_state())
        feed = msgspec.json.decode(stored, type=FeedState) if stored else None
        trades = await self._last_trades()
        looks = {}
        for pool, instruments in pools.items():
            plan: bytes | None = await redis.get(keys.plan(pool))  # type: ignore[assignment]
            last = [trades[one] for one in instruments if one in trades]
            looks[pool] = Look(
                now=now,
                since=self.since,
                segment=Plan.decode(plan).segment_at(NO_POD, now) if plan else None,
                last_trade=max(last, default=None),
                feed=feed,
                patience=Look.tolerance(self._state.clock),
            )
        return looks

    async def _last_trades(self) -> dict[str, datetime]:
        stored = await self._state.redis.hgetall(market_keys.last_prices())
        ticks = (msgspec.json.decode(value, type=Tick) for value in stored.values())
        return {tick.instrument: tick.at for tick in ticks}
