"""Passing over quiet bars gives what looking at each of them gives."""

import numpy as np
from hypothesis import given

from market.simulator.fills import Liquidity
from market.simulator.matching import Prices, Rules, match
from market.simulator.resting import Orders
from market.simulator.stretch import after_quiet, bar_of, later
from tests.market.simulator.tapes import FEW, Tape, tapes


def stretched(tape: Tape) -> Prices:
    """The bars of the tape's first instrument, one after another."""
    volume = np.array([bar.liquidity.volume[0] for bar in tape.bars])  # type: ignore[index]
    columns = {
        name: np.array([getattr(bar, name)[0] for bar in tape.bars])
        for name in ("open", "high", "low", "close")
    }
    times = (np.array([int(getattr(bar, name)) for bar in tape.bars]) for name in ("start", "end"))
    return Prices(*times, **columns, liquidity=Liquidity(volume))


def of_first(tape: Tape) -> Orders | None:
    """All the tape's orders of its first instrument, resting from the start."""
    parts = [one.at(one.instrument == 0) for one in tape.orders if one is not None]
    if not parts:
        return None
    return Orders._make(np.concatenate(columns) for columns in zip(*parts, strict=True))


@FEW
@given(tapes())
def test_quiet_bars_may_be_passed_over(tape: Tape) -> None:
    orders, bars = of_first(tape), stretched(tape)
    rules = Rules(tape.rules.costs.__class__(volume_share=0.3), 1.0)
    if orders is None:
        return
    one_by_one, held, every = orders, np.zeros(1), []
    for index in range(len(bars.open)):
        one_by_one, held, fills = match(one_by_one, held, bar_of(bars, index), rules)
        every.append((index, fills.quantities.tolist(), fills.prices.tolist()))
    rows, position, leapt, first = orders, np.zeros(1), [], 0
    while first < len(bars.open):
        passed, rows = after_quiet(rows, later(bars, first))
        first += passed
        if first == len(bars.open):
            break
        rows, position, fills = match(rows, position, bar_of(bars, first), rules)
        leapt.append((first, fills.quantities.tolist(), fills.prices.tolist()))
        first += 1
    assert [one for one in leapt if any(one[1])] == [one for one in every if any(one[1])]
    np.testing.assert_array_equal(position, held)
    for left, right in zip(rows, one_by_one, strict=True):
        np.testing.assert_array_equal(left, right)
