"""Precedence, patches, learning windows, versions: the plan as a pure function."""

import random
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_pod.contracts.plan import Phase, Plan, Segment
from scheduler.contracts.overrides import Override
from scheduler.plan import HORIZONS, Inputs, horizon, revision_of, version
from scheduler.pools import LearningWindow, Pool
from tests.support.build_scheduler import HOUR, NOW, override, patch, planned, pool

MINUTE = timedelta(minutes=1)
RANK = {"all": 0, "pool:XNYS": 1, "pod:pod-1": 2}


def _at(plan: Plan, text: str, pod: str = "pod-9") -> Segment:
    segment = plan.segment_at(pod, datetime.fromisoformat(text).replace(tzinfo=UTC))
    assert segment is not None
    return segment


overrides = st.builds(
    override,
    scope=st.sampled_from(["all", "pool:XNYS", "pool:XLON", "pod:pod-1", "pod:pod-2"]),
    phase=st.sampled_from(Phase),
    starts=st.integers(-30 * 60, 170 * 60).map(lambda minutes: NOW + minutes * MINUTE),
    hours=st.integers(1, 168 * 60).map(lambda minutes: minutes / 60),
    ended_at=st.none() | st.integers(-30, 0).map(lambda hours: NOW + hours * HOUR),
)


def _strongest(live: list[Override]) -> Override | None:
    return max(live, key=lambda o: (RANK[o.scope], o.revision), default=None)


@settings(max_examples=200, deadline=None)
@given(given_=st.lists(overrides, max_size=8), data=st.data())
def test_the_strongest_live_override_holds_and_else_the_calendar(
    given_: list[Override], data: st.DataObject
) -> None:
    plan, plain = planned(inputs=Inputs(5, tuple(given_))), planned()
    starts, ends = horizon(NOW)
    for pod in ("pod-1", "pod-9"):
        minutes = data.draw(st.integers(0, (ends - starts) // MINUTE - 1))
        now = starts + minutes * MINUTE
        live = [
            o
            for o in given_
            if o.starts <= now < min(o.ended_at or o.ends, o.ends)
            and o.scope in ("all", "pool:XNYS", f"pod:{pod}")
        ]
        segment, base = plan.segment_at(pod, now), plain.segment_at(pod, now)
        assert segment is not None
        assert base is not None
        top = _strongest(live)
        wanted = (top.phase, top.id) if top else (base.phase, None)
        assert (segment.phase, segment.override) == wanted


@settings(max_examples=100, deadline=None)
@given(given_=st.lists(overrides, max_size=8))
def test_plans_stay_gapless_under_any_overrides(given_: list[Override]) -> None:
    plan = planned(inputs=Inputs(5, tuple(given_)))
    for segments in (plan.segments, *plan.exceptions.values()):
        assert (segments[0].starts, segments[-1].ends) == horizon(NOW)
        for one, other in pairwise(segments):
            assert one.ends == other.starts
            assert one.starts < one.ends


@settings(max_examples=50, deadline=None)
@given(given_=st.lists(overrides, max_size=8), minute=st.integers(0, 59), seed=st.integers())
def test_two_replicas_make_the_same_bytes(given_: list[Override], minute: int, seed: int) -> None:
    shuffled = list(given_)
    random.Random(seed).shuffle(shuffled)
    one = planned(inputs=Inputs(5, tuple(given_)), now=NOW)
    other = planned(inputs=Inputs(5, tuple(shuffled)), now=NOW.replace(minute=minute))
    assert one.encode() == other.encode()


def test_an_override_ends_by_itself() -> None:
    plan = planned(inputs=Inputs(2, (override(hours=2),)))
    assert _at(plan, "2012-10-17T15:20").phase is Phase.PAUSED
    assert _at(plan, "2012-10-17T17:19:59").phase is Phase.PAUSED
    resumed = _at(plan, "2012-10-17T17:20")
    assert (resumed.phase, resumed.reason, resumed.override) == (
        Phase.TRADING,
        "market session",
        None,
    )


def test_an_override_names_itself_and_its_reason() -> None:
    mine = override()
    segment = _at(planned(inputs=Inputs(2, (mine,))), "2012-10-17T16:00")
    assert segment.override == mine.id
    assert segment.reason == f"override: {mine.reason}"


def test_a_pods_override_is_an_exception_and_the_others_go_on() -> None:
    plan = planned(inputs=Inputs(2, (override("pod:pod-1", Phase.LEARNING),)))
    assert set(plan.exceptions) == {"pod-1"}
    assert _at(plan, "2012-10-17T16:00", "pod-1").phase is Phase.LEARNING
    assert _at(plan, "2012-10-17T16:00", "pod-9").phase is Phase.TRADING


def test_another_pools_override_changes_nothing() -> None:
    assert planned(inputs=Inputs(1, (override("pool:XLON"),))) == planned()


def test_a_closed_day_is_learning_with_the_reason() -> None:
    plan = planned(inputs=Inputs(2, patches=(patch(date(2012, 10, 18)),)))
    segment = _at(plan, "2012-10-18T15:00")
    assert (segment.phase, segment.reason) == (Phase.LEARNING, "patch: a storm")
    assert _at(plan, "2012-10-19T15:00").phase is Phase.TRADING


def test_a_shortened_day_ends_early_and_an_added_one_trades() -> None:
    thursday, saturday = date(2012, 10, 18), date(2012, 10, 20)
    early = datetime(2012, 10, 18, 17, tzinfo=UTC)
    opens = datetime(2012, 10, 20, 14, tzinfo=UTC)
    patches = (patch(thursday, closes=early), patch(saturday, opens, opens + 2 * HOUR))
    plan = planned(inputs=Inputs(2, patches=patches))
    assert _at(plan, "2012-10-18T16:59").phase is Phase.TRADING
    assert _at(plan, "2012-10-18T17:00").phase is Phase.LEARNING
    assert _at(plan, "2012-10-18T17:00").reason == "patch: a storm"
    assert _at(plan, "2012-10-20T15:59").phase is Phase.TRADING
    assert _at(plan, "2012-10-20T16:00").phase is Phase.LEARNING


def test_the_newest_patch_of_a_day_holds_and_an_override_beats_it() -> None:
    day = date(2012, 10, 18)
    closed = patch(day)
    reopened = patch(day, closes=datetime(2012, 10, 18, 19, tzinfo=UTC))
    plan = planned(inputs=Inputs(3, patches=(reopened, closed)))
    assert _at(plan, "2012-10-18T18:59").phase is Phase.TRADING
    imposed = override(phase=Phase.PAUSED, starts=NOW, hours=48)
    plan = planned(inputs=Inputs(4, (imposed,), (closed, reopened)))
    assert _at(plan, "2012-10-18T18:59").phase is Phase.PAUSED


def test_a_closed_exchange_leaves_the_union_to_the_other() -> None:
    patches = (patch(date(2012, 10, 18)),)
    plan = planned("XNYS+XLON", Inputs(2, patches=patches))
    assert _at(plan, "2012-10-18T14:00").phase is Phase.TRADING
    assert _at(plan, "2012-10-18T15:30").phase is Phase.LEARNING
    assert _at(plan, "2012-10-19T15:30").phase is Phase.TRADING


def test_tokyos_lunch_pauses_unless_another_exchange_trades() -> None:
    assert _at(planned("XTKS"), "2012-10-18T03:00").reason == "lunch break"
    assert _at(planned("XTKS+XHKG"), "2012-10-18T03:00").phase is Phase.TRADING


def test_a_patched_tokyo_day_keeps_its_lunch() -> None:
    closes = datetime(2012, 10, 18, 5, tzinfo=UTC)
    shortened = patch(date(2012, 10, 18), closes=closes, calendar="XTKS")
    plan = planned("XTKS", Inputs(2, patches=(shortened,)))
    assert _at(plan, "2012-10-18T02:00").phase is Phase.TRADING
    assert _at(plan, "2012-10-18T03:00").phase is Phase.PAUSED
    assert _at(plan, "2012-10-18T04:59").phase is Phase.TRADING
    assert _at(plan, "2012-10-18T05:00").phase is Phase.LEARNING


def test_a_pool_that_never_closes_learns_in_its_windows() -> None:
    nights = LearningWindow(
        starts=time(23, 0),
        ends=time(0, 30),
        days=("wed", "sat"),
    )
    plan = planned(Pool(name="24/7", calendars=("24/7",), learning_windows=(nights,)))
    learning = [s for s in plan.segments if s.phase is Phase.LEARNING]
    assert [f"{s.starts:%a %H:%M}–{s.ends:%a %H:%M}" for s in learning] == [
        "Wed 23:00–Thu 00:30",
        "Sat 23:00–Sun 00:30",
    ]
    assert {s.reason for s in learning} == {"learning window"}
    assert all(s.phase is not Phase.PAUSED for s in plan.segments)


def test_a_window_under_way_at_the_horizons_start_is_seen() -> None:
    nights = LearningWindow(
        starts=time(14, 0),
        ends=time(16, 0),
    )
    plan = planned(Pool(name="24/7", calendars=("24/7",), learning_windows=(nights,)))
    assert (plan.segments[0].phase, plan.segments[0].ends - plan.segments[0].starts) == (
        Phase.LEARNING,
        HOUR,
    )


hours = st.integers(0, 600_000).map(lambda n: datetime(1990, 1, 1, tzinfo=UTC) + n * HOUR)


@given(low=st.integers(0, 10**6), high=st.integers(0, 10**6), one=hours, other=hours)
def test_versions_rise_with_the_revision_and_with_time(
    low: int, high: int, one: datetime, other: datetime
) -> None:
    earlier, later = sorted((one, other))
    lower, higher = sorted((low, high))
    assert version(lower, earlier) <= version(higher, later)
    assert version(lower, earlier) < version(lower + 1, earlier)
    assert version(low, one) < version(low, one + HOUR)


@pytest.mark.parametrize("year", [1990, 2012, 2026, 2083])
def test_a_version_tells_its_revision(year: int) -> None:
    assert revision_of(version(41, datetime(year, 7, 1, tzinfo=UTC))) == 41
    assert version(41, datetime(year, 7, 1, tzinfo=UTC)) < 42 * HORIZONS


def test_margins_come_from_the_pool() -> None:
    made = planned(Pool(name="XNYS", calendars=("XNYS",), warm_up_seconds=90, flush_seconds=30))
    assert (made.warm_up_seconds, made.flush_seconds) == (90, 30)
    assert pool().warm_up_seconds == 60
