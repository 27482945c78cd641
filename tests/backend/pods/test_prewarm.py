"""Seats that are ready before the open: when, and for how many."""

from datetime import UTC, datetime, timedelta

import pytest

from ai_pod.contracts import keys
from ai_pod.contracts.plan import Phase, Plan, Segment
from backend.database import transaction
from backend.pods import prewarm, repository, seating
from backend.pods.liveness import Watch
from backend.settings import Settings
from backend.state import State
from market.clock import Anchor
from tests.support.build_desks import make_desks, opened
from tests.support.fake_pod import beat

OPENS = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
CLOSES = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)
MINUTE = timedelta(minutes=1)


def planned(*spans: tuple[Phase, datetime]) -> Plan:
    """Each phase from its instant until the next one's."""
    ends = [start for _, start in spans[1:]] + [spans[-1][1] + timedelta(days=1)]
    segments = [
        Segment(phase=phase, starts=start, ends=end, reason="test")
        for (phase, start), end in zip(spans, ends, strict=True)
    ]
    return Plan(pool="XNYS", version=1, computed_at=OPENS, segments=tuple(segments))


DAY = planned(
    (Phase.LEARNING, OPENS - timedelta(hours=12)),
    (Phase.TRADING, OPENS),
    (Phase.LEARNING, CLOSES),
)


@pytest.mark.parametrize(
    ("now", "near"),
    [
        (OPENS - 31 * MINUTE, None),
        (OPENS - 30 * MINUTE, OPENS),
        (OPENS, OPENS),
        (OPENS + 29 * MINUTE, OPENS),
        (OPENS + 30 * MINUTE, None),
        (CLOSES, None),
    ],
)
def test_an_opening_is_near_from_the_lead_to_the_end_of_the_rush(
    now: datetime, near: datetime | None
) -> None:
    assert prewarm.opening_near(DAY, now, HALF_AN_HOUR, HALF_AN_HOUR) == near


def test_trading_that_goes_on_under_another_reason_opens_nothing() -> None:
    later = OPENS + timedelta(hours=2)
    plan = planned(
        (Phase.LEARNING, OPENS - HALF_AN_HOUR), (Phase.TRADING, OPENS), (Phase.TRADING, later)
    )
    assert prewarm.opening_near(plan, later, HALF_AN_HOUR, HALF_AN_HOUR) is None


def test_as_many_are_expected_as_at_the_busiest_of_the_last_five_openings() -> None:
    openings: dict[str, int] = {}
    for day, there in enumerate([900, 10, 30, 20, 25, 15]):
        opens = OPENS + timedelta(days=day)
        openings = prewarm.remembered(openings, opens, there)
        openings = prewarm.remembered(openings, opens, there - 5)
    assert prewarm.expected(openings, OPENS + timedelta(days=6), desks=100) == 30
    assert prewarm.expected(openings, OPENS + timedelta(days=6), desks=28) == 28


def test_while_an_opening_lasts_as_many_are_expected_as_before_it() -> None:
    """Monday's 900 are one of five openings before the next Monday's, until its rush is over."""
    openings: dict[str, int] = {}
    for day, there in enumerate([900, 500, 500, 500, 500]):
        openings = prewarm.remembered(openings, OPENS + timedelta(days=day), there)
    opens = OPENS + timedelta(days=7)
    assert prewarm.expected(openings, opens, desks=1000) == 900
    openings = prewarm.remembered(openings, opens, 100)
    assert prewarm.expected(openings, opens, desks=1000) == 900
    tomorrow = opens + timedelta(days=1)
    assert prewarm.expected(openings, tomorrow, desks=1000) == 500
    assert len(prewarm.remembered(openings, tomorrow, 100)) == prewarm.KEPT + 1


def test_before_the_first_opening_everyone_is_expected() -> None:
    openings = prewarm.remembered({}, OPENS, 3)
    assert prewarm.expected(openings, OPENS, desks=40) == 40


async def pool(state: State) -> tuple[int, int, dict[str, int]]:
    """(prewarm, wanted pods, openings) as the back end remembers them."""
    async with transaction(state.sessions) as session:
        row = await repository.lock_pool(session, "XNYS")
        return row.prewarm, row.wanted, dict(row.openings)


def at(settings: Settings, now: datetime) -> Settings:
    """The market's clock stands at `now`, nearly."""
    anchor = Anchor(market=now, wall=datetime.now(UTC).timestamp(), speed=1.0)
    return settings.model_copy(update={"clock": str(anchor)})


async def test_pods_are_wanted_before_the_open_for_those_who_came_the_last_time(
    settings: Settings,
) -> None:
    async with opened(at(settings, OPENS + MINUTE)) as (state,):
        await make_desks(state, [f"user{n}" for n in range(12)])
        await make_desks(state, [f"late{n}" for n in range(30)], automatic=False)
        await state.redis.set(keys.plan("XNYS"), DAY.encode())
        for pod in ("pod-1", "pod-2"):
            await beat(state.redis, pod)
        await seating.seat_everybody(state, Watch())
        expected, wanted, openings = await pool(state)
        assert (expected, wanted) == (30, 5)
        assert openings == {OPENS.isoformat(): 12}
    async with opened(at(settings, OPENS + 31 * MINUTE)) as (state,):
        await seating.seat_everybody(state, Watch())
        assert (await pool(state))[0] == 0
    tomorrow = planned((Phase.LEARNING, CLOSES), (Phase.TRADING, OPENS + timedelta(days=1)))
    async with opened(at(settings, OPENS + timedelta(days=1) - MINUTE)) as (state,):
        await state.redis.set(keys.plan("XNYS"), tomorrow.encode())
        await make_desks(state, [f"user{n}" for n in range(12)])
        async with transaction(state.sessions) as session:
            row = await repository.lock_pool(session, "XNYS")
            row.openings = {OPENS.isoformat(): 37}
        await seating.seat_everybody(state, Watch())
        assert (await pool(state))[0] == 25


async def test_without_the_setting_nothing_is_held_ready(settings: Settings) -> None:
    never = settings.model_copy(update={"prewarm_seconds": 0.0})
    async with opened(at(never, OPENS)) as (state,):
        await make_desks(state, [f"user{n}" for n in range(12)], automatic=False)
        await state.redis.set(keys.plan("XNYS"), DAY.encode())
        await seating.seat_everybody(state, Watch())
        assert (await pool(state))[:2] == (0, 1)
