"""A preview is the plan with the override; the rest is what a person should know about it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_pod.contracts.plan import Phase
from scheduler.contracts.overrides import Override
from scheduler.contracts.schedule import Change, Preview
from scheduler.plan import Inputs, horizon
from scheduler.preview import preview
from tests.support.build_scheduler import HOUR, NOW, override, patch, planned, pool

NEW_YORK = pool("XNYS")
SCOPES = ("all", "pool:XNYS", "pod:pod-1")
overrides = st.builds(
    override,
    scope=st.sampled_from(SCOPES),
    phase=st.sampled_from(Phase),
    starts=st.integers(0, 150 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    hours=st.integers(1, 168),
)


@settings(max_examples=150, deadline=None)
@given(others=st.lists(overrides, max_size=3), proposed=overrides)
def test_the_changes_turn_the_plan_before_into_the_plan_with_it(
    others: list[Override], proposed: Override
) -> None:
    proposed = msgspec.structs.replace(proposed, revision=10**9)
    inputs = Inputs(7, tuple(others))
    found = preview([NEW_YORK], inputs, proposed, NOW)
    before = planned(inputs=inputs)
    after = planned(inputs=replace(inputs, overrides=(*others, proposed)))
    starts, ends = horizon(NOW)
    for minutes in range(0, int((ends - starts) / timedelta(minutes=1)), 97):
        now = starts + timedelta(minutes=minutes)
        for pod in ("pod-1", "pod-9"):
            old, new = before.segment_at(pod, now), after.segment_at(pod, now)
            assert old is not None
            assert new is not None
            said = [
                (change.before.phase, change.after.phase)
                for change in _for_pod(found, pod)
                if change.starts <= now < change.ends
            ]
            assert said == ([(old.phase, new.phase)] if old.phase is not new.phase else [])


def _for_pod(found: Preview, pod: str) -> list[Change]:
    """The changes as a reader takes them: a pod's own stand for all of it."""
    if any(f"for pod {pod}:" in warning for warning in found.warnings):
        return []
    own = [change for change in found.changes if change.pod == pod]
    return own or [change for change in found.changes if change.pod is None]


def test_pausing_the_afternoon_is_one_change() -> None:
    proposed = override(phase=Phase.PAUSED, hours=2)
    found = preview([NEW_YORK, pool("XTKS")], Inputs(1), proposed, NOW)
    (mine,) = (change for change in found.changes if change.pool == "XNYS")
    assert (mine.pod, mine.starts, mine.ends) == (None, NOW, NOW + 2 * HOUR)
    assert (mine.before.phase, mine.after.phase) == (Phase.TRADING, Phase.PAUSED)
    assert mine.after.override == proposed.id
    assert found.warnings == ()


def test_what_is_so_already_changes_nothing() -> None:
    found = preview([NEW_YORK], Inputs(1), override(phase=Phase.TRADING, hours=2), NOW)
    assert (found.changes, found.marks, found.warnings) == ((), {}, ())


def test_trading_while_every_exchange_is_closed_is_warned_of() -> None:
    proposed = override("pool:XNYS", Phase.TRADING, starts=NOW + 8 * HOUR, hours=2)
    found = preview([NEW_YORK], Inputs(1), proposed, NOW)
    assert found.warnings == (
        "pool XNYS would trade from Wed 23:20 to Thu 01:20 UTC while XNYS is closed: "
        "no bars come then",
    )


def test_one_exchange_of_a_union_is_enough() -> None:
    union = pool("XNYS+XLON")
    paused = override(phase=Phase.PAUSED, starts=NOW, hours=48)
    proposed = override(phase=Phase.TRADING, starts=datetime(2012, 10, 18, 8, tzinfo=UTC), hours=1)
    assert preview([union], Inputs(2, (paused,)), proposed, NOW).warnings == ()


def test_a_pods_override_changes_that_pod_only() -> None:
    found = preview([NEW_YORK], Inputs(1), override("pod:pod-1", Phase.LEARNING), NOW)
    assert [(change.pool, change.pod) for change in found.changes] == [("XNYS", "pod-1")]


def test_a_pod_with_an_override_of_its_own_keeps_it() -> None:
    own = override("pod:pod-1", Phase.LEARNING, hours=4)
    found = preview([NEW_YORK], Inputs(2, (own,)), override(phase=Phase.PAUSED, hours=2), NOW)
    assert [change.pod for change in found.changes] == [None]
    (warning,) = found.warnings
    assert warning == "nothing changes for pod pod-1: an override of its own goes before"


def test_marks_tell_of_the_days_within_the_change() -> None:
    friday = datetime(2012, 11, 2, 12, tzinfo=UTC)
    monday = date(2012, 11, 5)
    proposed = override(phase=Phase.PAUSED, starts=friday, hours=100)
    inputs = Inputs(2, patches=(patch(monday, closes=datetime(2012, 11, 5, 18, tzinfo=UTC)),))
    found = preview([NEW_YORK], inputs, proposed, friday)
    assert [(mark.day, mark.kind) for mark in found.marks["XNYS"]] == [
        ("2012-11-04", "DST"),
        ("2012-11-05", "patch"),
    ]
    assert found.marks["XNYS"][1].detail == "closes 18:00 UTC: a storm"


@pytest.mark.parametrize("days", [6, 7])
def test_what_lies_beyond_the_horizon_is_said(days: int) -> None:
    proposed = override(phase=Phase.PAUSED, starts=NOW + timedelta(days=3), hours=24 * days)
    (warning,) = preview([NEW_YORK], Inputs(1), proposed, NOW).warnings
    assert "beyond the plan's horizon (2012-10-24 15:00 UTC)" in warning


def test_a_calendar_that_does_not_reach_that_far_is_a_warning() -> None:
    """Shanghai's holidays are known a year ahead only."""
    beyond = datetime(2060, 3, 3, 15, tzinfo=UTC)
    found = preview([pool("XSHG"), NEW_YORK], Inputs(1), override("all", starts=beyond), beyond)
    assert {change.pool for change in found.changes} == {"XNYS"}
    assert [warning for warning in found.warnings if "XSHG" in warning]
