"""Windows of closes: what was seen at a bar's end is seen again when it is replayed."""

from datetime import timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_pod.agents.trading.windows import CAPACITY, Window, filled, instant, micros
from ai_pod.policies.features import WINDOW, latest_features, market_features
from market.calendars import to_ns
from market.series import Bars, panel
from market.words import BarsClosed
from tests.support.build_pod import INSTRUMENTS, MINUTE, OPEN, bars
from tests.support.history import missing_decisions


def _window(count: int) -> Window:
    return filled(INSTRUMENTS, (bars(OPEN + n * MINUTE, (float(n + 1), 2.0)) for n in range(count)))


def test_the_last_window_of_closes() -> None:
    window = _window(3 * CAPACITY)
    closes = window.until(window.last_end)
    assert closes.shape == (WINDOW, 2)
    assert closes[-1].tolist() == [3.0 * CAPACITY, 2.0]
    assert instant(window.last_end) == OPEN + (3 * CAPACITY - 1) * MINUTE


def test_replayed_bars_see_what_was_seen_then() -> None:
    window = _window(100)
    end = micros(OPEN + 60 * MINUTE)
    np.testing.assert_array_equal(window.until(end), _window(61).until(end))
    assert window.next_end(end) == micros(OPEN + 61 * MINUTE)
    assert window.next_end(window.last_end) is None


def test_bars_that_are_known_or_older_change_nothing() -> None:
    window = _window(10)
    window.append(bars(OPEN + 9 * MINUTE, (999.0, 999.0)))
    window.append(bars(OPEN + 3 * MINUTE, (999.0, 999.0)))
    assert window.until(window.last_end).max() == 10.0


def test_a_silent_instrument_carries_its_last_close_on() -> None:
    window = filled(INSTRUMENTS, [bars(OPEN)])
    window.append(bars(OPEN + MINUTE, (101.0,), instruments=INSTRUMENTS[:1]))
    assert window.until(window.last_end).tolist() == [[100.0, 200.0], [101.0, 200.0]]
    silent = filled(INSTRUMENTS, [bars(OPEN, (1.0,), instruments=INSTRUMENTS[:1])])
    assert np.isnan(silent.until(silent.last_end)[0, 1])


def test_a_bar_of_other_instruments_is_heard_and_no_row() -> None:
    window = _window(3)
    before = window.last_end
    window.append(bars(OPEN + 3 * MINUTE, (7.0,), instruments=("XLON:VOD",)))
    assert (window.last_end, window.rows_until(window.last_end)) == (before, 3)
    assert window.heard == micros(OPEN + 3 * MINUTE)


def test_the_history_checker_asks_for_decisions_on_a_desks_own_bars_alone() -> None:
    noon = "2012-10-16T16:00:00+00:00"
    segment = {"phase": "trading", "starts": "2012-10-16T13:30:00+00:00", "ends": noon}
    seat = {"event": "desk_seated", "desk": "d", "lease_epoch": 1, "interval": "15m"}
    told = [
        {"event": "plan_published", "market": segment["starts"], "segments": [segment]},
        seat | {"market": segment["starts"], "instruments": list(INSTRUMENTS)},
    ]
    for minute, names in ((45, ["XLON:VOD"]), (50, [INSTRUMENTS[0], "XLON:VOD"])):
        closed = {"event": "bars_closed", "interval": "15m", "instruments": names}
        told.append(closed | {"end": f"2012-10-16T14:{minute}:00+00:00"})
    until = OPEN + timedelta(days=2)
    assert missing_decisions(told, until=until) == [("d", "2012-10-16T14:50:00+00:00")]
    made = {"event": "decision_published", "desk": "d", "bar_end": "2012-10-16T14:50:00+00:00"}
    assert missing_decisions([*told, made], until=until) == []


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32), missing=st.floats(0.0, 0.95), split=st.integers(0, 150))
def test_live_and_learning_see_the_same_rows_where_bars_are_missing(
    seed: int, missing: float, split: int
) -> None:
    """The panel of everything; and live: history up to some bar, then the stream, in which other
    instruments trade too. All have begun by the first bar, which is history.
    """
    random = np.random.default_rng(seed)
    names = (*INSTRUMENTS, "XNYS:MSFT")
    closes = 100.0 * np.exp(random.normal(0.0, 0.01, (150, 3)).cumsum(axis=0))
    there = random.random(closes.shape) >= missing
    there[0] = True
    ends = to_ns(OPEN) + np.arange(150) * 60 * 10**9
    learnt = panel(names, [_series(ends, closes[:, j], there[:, j]) for j in range(3)])
    until = ends[split - 1] if split else ends[0]
    older = panel(
        names, [_series(ends, closes[:, j], there[:, j] & (ends <= until)) for j in range(3)]
    )
    window = filled(names, (_told(n, closes, there) for n in range(max(1, split - 5), 150)))
    window.prepend(older.end // 1000, older.close)
    assert window.rows_until(window.last_end) == len(learnt)
    if len(learnt) < WINDOW:
        return
    features = market_features(learnt.close)
    for row in range(WINDOW - 1, len(learnt)):
        [seen] = latest_features([window.until(int(learnt.end[row]) // 1000)])
        assert seen is not None
        np.testing.assert_array_equal(seen, features[row - WINDOW + 1])


def _series(ends: np.ndarray, closes: np.ndarray, there: np.ndarray) -> Bars:
    prices = closes[there]
    return Bars(ends[there], prices, prices, prices, prices, np.ones(len(prices)))


def _told(n: int, closes: np.ndarray, there: np.ndarray) -> BarsClosed:
    """What the market tells at the n-th end; an instrument of nobody here trades at all of them."""
    names = (*INSTRUMENTS, "XNYS:MSFT")
    told = [(names[j], closes[n, j]) for j in np.flatnonzero(there[n])]
    instruments, prices = zip(*told, ("XLON:VOD", 1.0), strict=True)
    return bars(OPEN + n * MINUTE, prices, instruments=instruments)


def test_history_goes_in_front_and_ends_where_the_stream_begins() -> None:
    window = _window(5)
    ends = np.array([micros(OPEN + n * MINUTE) for n in range(-40, 3)])
    window.prepend(ends, np.full((43, 2), 7.0))
    assert window.rows_until(window.last_end) == 45
    assert window.until(window.last_end)[-5:, 0].tolist() == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert window.first_end == micros(OPEN - 40 * MINUTE)
