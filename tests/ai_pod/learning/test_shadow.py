"""A sealed policy's replay sees the sessions after its seal, complete ones, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import NormalDist

import msgspec
import numpy as np
import pytest

from ai_pod.agents.learning import shadow
from ai_pod.agents.learning.shadow import Replay, reports, sessions_since, upper_bound, weigh
from ai_pod.contracts.learning import PolicyLine, ShadowReported, Watch, WatchKind
from ai_pod.policies.artifacts import PolicyStore
from ai_pod.policies.backtest import Terms, World, backtest
from ai_pod.policies.rules import rule
from market.calendars import from_ns
from market.series import Panel
from tests.support.build_learning import panel, policy_line

HOLD, CASH, EQUAL = "rule:buy-and-hold@1", "rule:cash@1", "rule:equal-weight@1"
PRICES = panel(1000, 2, seed=3)
"""Quarter-hours around the clock, so a pool of `24/7` has sessions of 96 bars."""

SEALED = datetime(2012, 1, 8, 3, 7, tzinfo=UTC)
NOW = datetime(2012, 1, 12, 5, 0, tzinfo=UTC)
TERMS = Terms()


def watch(policy: str = HOLD, against: str = EQUAL, **others: object) -> Watch:
    known = Watch(kind=WatchKind.SHADOW, policy=policy, against=against, since=SEALED)
    return msgspec.structs.replace(known, **others)


def line(*watched: Watch) -> PolicyLine:
    return msgspec.structs.replace(policy_line(2), pool="24/7", watched=watched)


def only(watched: Watch, tmp_path: Path, prices: Panel = PRICES) -> ShadowReported:
    (found,) = reports(line(watched), prices, PolicyStore(str(tmp_path)), TERMS, NOW)
    return found


def drifting(drift: float) -> Panel:
    """The panel with `drift` added to every bar's log growth."""
    path = np.exp(drift * np.arange(len(PRICES)))[:, None]
    return replace(
        PRICES, **{name: getattr(PRICES, name) * path for name in ("open", "high", "low", "close")}
    )


def test_only_complete_sessions_after_the_seal_are_replayed(tmp_path: Path) -> None:
    found = only(watch(), tmp_path)
    assert [one.day for one in found.sessions] == ["2012-01-09", "2012-01-10", "2012-01-11"]
    assert all(one.opens >= SEALED and one.closes <= NOW for one in found.sessions)
    assert {one.bars for one in found.sessions} == {96}
    assert found.night == "2012-01-11"


def test_a_shadow_takes_its_first_sessions_and_a_review_all(tmp_path: Path) -> None:
    two = only(watch(sessions=2), tmp_path)
    assert [one.day for one in two.sessions] == ["2012-01-09", "2012-01-10"]
    review = only(watch(kind=WatchKind.REVIEW), tmp_path)
    assert len(review.sessions) == 3
    assert "since promotion" in review.sentence


def test_nothing_is_reported_before_a_session_is_complete(tmp_path: Path) -> None:
    store = PolicyStore(str(tmp_path))
    early = SEALED + timedelta(hours=30)
    assert reports(line(watch()), PRICES, store, TERMS, early) == []
    assert reports(line(), PRICES, store, TERMS, NOW) == []


def test_a_session_whose_last_bars_have_not_come_waits_for_them(tmp_path: Path) -> None:
    closed = datetime(2012, 1, 10, tzinfo=UTC)
    arrays = ("end", "open", "high", "low", "close", "volume")
    short = PRICES.end < int((closed - timedelta(minutes=20)).timestamp() * 1e9)
    early = replace(PRICES, **{name: getattr(PRICES, name)[short] for name in arrays})
    store = PolicyStore(str(tmp_path))
    assert reports(line(watch()), early, store, TERMS, closed + timedelta(minutes=5)) == []
    assert len(reports(line(watch()), early, store, TERMS, closed + timedelta(minutes=31))) == 1


def test_a_policy_that_is_gone_leaves_the_other_watches_alone(tmp_path: Path) -> None:
    watched = line(watch("sha256:" + "0" * 64), watch())
    found = reports(watched, PRICES, PolicyStore(str(tmp_path)), TERMS, NOW)
    assert [one.policy for one in found] == [HOLD]


def test_it_is_the_backtest_of_those_bars(tmp_path: Path) -> None:
    found = only(watch(), tmp_path)
    world = World.of(PRICES)
    ends = [from_ns(int(end)) for end in world.ends]
    first = next(i for i, end in enumerate(ends) if end > found.sessions[0].opens)
    last = next(i for i, end in enumerate(ends) if end > found.sessions[-1].closes)
    (run,) = backtest(world.part(first - 1, last), [rule(HOLD)], TERMS)
    made = sum(one.growth for one in found.sessions)
    assert made == pytest.approx(float(np.log(run.equity[-1] / run.equity[0])), abs=1e-12)


def test_what_comes_later_changes_no_session_that_was(tmp_path: Path) -> None:
    before = only(watch(sessions=2), tmp_path)
    late = PRICES.end > int(before.sessions[-1].closes.timestamp() * 1e9)
    factor = np.where(late, 3.0, 1.0)[:, None]
    changed = replace(
        PRICES,
        **{name: getattr(PRICES, name) * factor for name in ("open", "high", "low", "close")},
    )
    assert only(watch(sessions=2), tmp_path, changed) == before
    assert only(watch(), tmp_path, changed).sessions[:2] == before.sessions


def test_the_same_policy_twice_is_never_refuted(tmp_path: Path) -> None:
    found = only(watch(HOLD, HOLD), tmp_path)
    assert (found.difference, found.refuted) == (0.0, False)
    assert found.sentence.startswith("Not refuted: over 3 unseen market sessions in shadow")


def test_a_clearly_worse_policy_is_refuted_by_the_paired_difference(tmp_path: Path) -> None:
    found = only(watch(CASH, HOLD), tmp_path, drifting(0.002))
    assert found.refuted
    assert found.upper is not None
    assert found.upper < 0
    assert "bound of the paired difference" in found.sentence


def test_a_fall_beyond_the_others_is_refuted_even_without_a_bound(tmp_path: Path) -> None:
    falling = drifting(-0.002)
    found = only(watch(HOLD, CASH, sessions=1), tmp_path, falling)
    assert found.drawdown > found.drawdown_limit == pytest.approx(0.02)
    assert found.refuted
    assert "its drawdown of" in found.sentence
    assert upper_bound(np.full(shadow.FEWEST_BARS - 1, -1.0), 0.95) is None


def test_looking_every_night_refutes_an_equal_policy_as_rarely_as_one_look() -> None:
    """Differences of mean zero, looked at after each of ten sessions: at most 5 % are ever refuted,
    where a bound that forgets its earlier looks refutes more.
    """
    random = np.random.default_rng(5)
    worlds, looks, bars = 80, 10, 24
    spent = naive = 0
    for _ in range(worlds):
        paired = random.normal(0.0, 1e-3, looks * bars)
        bounds = [_bounds(paired[: n * bars], n) for n in range(3, looks + 1)]
        spent += any(one < 0 for one, _ in bounds)
        naive += any(one < 0 for _, one in bounds)
    assert spent / worlds <= 0.05
    assert naive / worlds > 0.06


def _bounds(paired: np.ndarray, looks: int) -> tuple[float, float]:
    """The bound as spent on so many looks, and the one that forgets them."""
    confidence = 1.0 - 0.05 / (looks * (looks + 1))
    spent = upper_bound(paired, confidence)
    assert spent is not None
    mean, normal = float(paired.mean()), NormalDist()
    return spent, mean + (spent - mean) * normal.inv_cdf(0.95) / normal.inv_cdf(confidence)


def test_a_look_spends_by_the_number_of_sessions() -> None:
    watched = watch()
    sessions = sessions_since("24/7", watched, NOW)
    world = World.of(PRICES)
    replayed = shadow.replay(world, sessions, [rule(HOLD), rule(EQUAL)], TERMS)
    assert isinstance(replayed, Replay)
    assert weigh(replayed, watched).confidence == pytest.approx(1 - 0.05 / 12)


def test_an_exchanges_own_sessions_count_and_an_unknown_pools_are_days() -> None:
    monday, friday = (datetime(2012, 1, day, tzinfo=UTC) for day in (9, 14))
    known = msgspec.structs.replace(watch(), since=monday)
    assert len(sessions_since("XNYS", known, friday)) == 5
    assert len(sessions_since("our-own-pool", known, friday)) == 5
    holiday = msgspec.structs.replace(watch(), since=datetime(2012, 1, 14, tzinfo=UTC))
    assert len(sessions_since("XNYS", holiday, datetime(2012, 1, 17, tzinfo=UTC))) == 0
