"""Windows of closes: what was seen at a bar's end is seen again when it is replayed."""

import numpy as np

from ai_pod.agents.trading.windows import CAPACITY, Window, filled, instant, micros
from ai_pod.policies.features import WINDOW
from tests.support.build_pod import INSTRUMENTS, MINUTE, OPEN, bars


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


def test_history_goes_in_front_and_ends_where_the_stream_begins() -> None:
    window = _window(5)
    ends = np.array([micros(OPEN + n * MINUTE) for n in range(-40, 3)])
    window.prepend(ends, np.full((43, 2), 7.0))
    assert window.rows_until(window.last_end) == 45
    assert window.until(window.last_end)[-5:, 0].tolist() == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert window.first_end == micros(OPEN - 40 * MINUTE)
