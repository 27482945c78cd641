"""Properties of the venue over any orders and bars: nothing is made or lost, nobody sees ahead."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from market.simulator.costs import FREE
from market.simulator.matching import Fills, Prices, Rules
from market.simulator.resting import Orders, Status, orders_of
from market.simulator.venue import Events, Venue, advance, dumped, loaded, opened, place, worth
from tests.market.simulator.tapes import CASH, FEW, Tape, bar, run, tapes

HOLDING = {"borrow_rate": 0.0, "cash_rate": 0.0, "debit_rate": 0.0}


def same(one: tuple[Venue, Fills], other: tuple[Venue, Fills]) -> None:
    """Bit for bit."""
    flat = [*one[0].book, *one[0].orders, *one[0][2:], *one[1]]
    for left, right in zip(
        flat, [*other[0].book, *other[0].orders, *other[0][2:], *other[1]], strict=True
    ):
        np.testing.assert_array_equal(left, right)


@FEW
@given(tapes())
def test_cash_and_positions_and_fees_are_conserved(tape: Tape) -> None:
    """Over a bar the orders move cash + Σ position x price into nothing but fees, and
    splits move no worth.
    """
    still = tape._replace(
        rules=replace(tape.rules, costs=replace(tape.rules.costs, **HOLDING)),
        events=[Events(rates=one.rates, splits=one.splits) for one in tape.events],
    )
    venue = opened(CASH, tape.k)
    for bar_, events, orders in zip(still.bars, still.events, still.orders, strict=True):
        venue = venue if orders is None else place(venue, orders)
        rates = venue.rates if events.rates is None else events.rates
        before = worth(venue._replace(rates=rates))
        after, fills = advance(venue, bar_, still.rules, events)
        split = 1.0 if events.splits is None else events.splits
        gained = after.book.positions * (after.closes - np.nan_to_num(venue.closes / split)) * rates
        inst = after.orders.instrument
        last = np.nan_to_num(venue.closes / split)[inst]
        against = fills.quantities * np.where(fills.quantities != 0, fills.prices - last, 0.0)
        expected = before + np.nansum(gained) - ((against + fills.fees) * rates[inst]).sum()
        np.testing.assert_allclose(worth(after), expected, rtol=1e-9)
        venue = after


@FEW
@given(tapes())
def test_fills_lie_within_the_bar_and_the_order(tape: Tape) -> None:
    for bar_, (venue, fills) in zip(tape.bars, run(tape), strict=True):
        orders, inst = venue.orders, venue.orders.instrument
        done = fills.quantities != 0
        assert (fills.prices <= bar_.high[inst])[done].all()
        assert (fills.prices >= bar_.low[inst])[done].all()
        assert (fills.fees[~done] == 0).all()
        assert (fills.fees >= -1e-9).all()
        assert (orders.filled <= orders.quantity).all()
        limited = done & np.isfinite(orders.limit)
        assert (orders.side * fills.prices <= orders.side * orders.limit + 1e-12)[limited].all()
        assert ((orders.status == Status.FILLED) == (orders.filled == orders.quantity)).all()
        share = tape.rules.costs.volume_share
        if share:
            taken = np.bincount(inst, np.abs(fills.quantities), tape.k)
            assert (taken <= share * bar_.liquidity.volume + 1e-6).all()


@FEW
@given(tapes())
def test_reduce_only_orders_never_turn_a_position_around(tape: Tape) -> None:
    every = [
        None if one is None else one._replace(reduce_only=np.arange(len(one.kind)) % 2 == 1)
        for one in tape.orders
    ]
    held = np.zeros(tape.k)
    for events, (venue, fills) in zip(tape.events, run(tape._replace(orders=every)), strict=True):
        held = held * (1.0 if events.splits is None else events.splits)
        inst, reducing = venue.orders.instrument, venue.orders.reduce_only
        others = np.bincount(inst, np.where(reducing, 0, fills.quantities), tape.k)
        reduced = np.bincount(inst, np.where(reducing, fills.quantities, 0), tape.k)
        # Whatever the turn of the orders: not more than was held or bought in the same bar.
        assert (np.abs(reduced) <= np.abs(held) + np.abs(others) + 1e-6).all()
        alone = (others == 0) & (reduced != 0)
        assert (np.sign(reduced) == -np.sign(held))[alone].all()
        held = venue.book.positions


@FEW
@given(tapes(), st.permutations(range(3)))
def test_a_batch_is_many_single_books_bar_by_bar(tape: Tape, turn: list[int]) -> None:
    """Three books in one batch: each sees prices of its own, and does what it would do alone."""
    factors = np.array([1.0, 0.9, 1.2])[turn]
    alone = [
        run(tape._replace(bars=[_scaled(one, factor) for one in tape.bars])) for factor in factors
    ]
    together = run(tape._replace(bars=[_stacked(one, factors) for one in tape.bars]), (3,))
    for day, (venue, fills) in enumerate(together):
        for book, single in enumerate(alone):
            its = Venue(
                type(venue.book)(*(one[book] for one in venue.book)),
                Orders._make(one[book] for one in venue.orders),
                *(one[book] for one in venue[2:]),
            )
            same((its, Fills(*(one[book] for one in fills))), single[day])


def _scaled(bar_: Prices, factor: float) -> Prices:
    return bar_._replace(**{n: getattr(bar_, n) * factor for n in ("open", "high", "low", "close")})


def _stacked(bar_: Prices, factors: np.ndarray) -> Prices:
    each = factors[:, None]
    return bar_._replace(**{n: getattr(bar_, n) * each for n in ("open", "high", "low", "close")})


@FEW
@given(tapes(), st.integers(1, 12))
def test_a_prefix_of_the_bars_is_a_prefix_of_the_run(tape: Tape, last: int) -> None:
    for one, other in zip(run(tape.until(last)), run(tape), strict=False):
        same(one, other)


@FEW
@given(tapes(), st.integers(0, 12))
def test_another_future_leaves_the_past_as_it_was(tape: Tape, at: int) -> None:
    later = [one if day < at else _scaled(one, 0.5) for day, one in enumerate(tape.bars)]
    for one, other in list(zip(run(tape), run(tape._replace(bars=later)), strict=True))[:at]:
        same(one, other)


@FEW
@given(tapes(), st.randoms())
def test_the_order_of_instruments_does_not_matter(tape: Tape, random: object) -> None:
    turn = np.random.default_rng(hash(str(random)) % 2**32).permutation(tape.k)
    back = np.argsort(turn)
    bars = [
        one._replace(
            liquidity=type(one.liquidity)(*(row[turn] for row in one.liquidity)),
            **{n: getattr(one, n)[turn] for n in ("open", "high", "low", "close")},
        )
        for one in tape.bars
    ]
    events = [Events(*(None if row is None else row[turn] for row in one)) for one in tape.events]
    orders = [
        None if one is None else one._replace(instrument=back[one.instrument])
        for one in tape.orders
    ]
    turned = run(tape._replace(bars=bars, events=events, orders=orders))
    for (venue, fills), (other, its) in zip(run(tape), turned, strict=True):
        np.testing.assert_array_equal(venue.book.positions[turn], other.book.positions)
        np.testing.assert_array_equal(fills.quantities, its.quantities)
        np.testing.assert_array_equal(fills.prices, its.prices)
        np.testing.assert_allclose(venue.book.cash, other.book.cash, rtol=1e-12)


@FEW
@given(tapes())
def test_costs_never_help(tape: Tape) -> None:
    """With the same fills: prices no better than without costs, and fees on top."""
    paying = replace(tape.rules.costs, price_decimals=None, volume_share=0.0, cash_rate=0.0)
    paid = run(tape._replace(rules=Rules(paying, tape.rules.lots)))
    free = run(tape._replace(rules=Rules(FREE, tape.rules.lots)))
    for (dear, its), (cheap, others) in zip(paid, free, strict=True):
        np.testing.assert_array_equal(its.quantities, others.quantities)
        assert (dear.orders.side * its.prices >= dear.orders.side * others.prices - 1e-9).all()
        assert worth(cheap) >= worth(dear) - 1e-6


@FEW
@given(tapes())
def test_stopped_at_every_event_it_goes_on_to_the_same_book(tape: Tape) -> None:
    venue, done = opened(CASH, tape.k), run(tape)
    for bar_, events, orders, straight in zip(
        tape.bars, tape.events, tape.orders, done, strict=True
    ):
        venue = loaded(dumped(venue))
        venue = venue if orders is None else loaded(dumped(place(venue, orders)))
        venue, fills = advance(venue, bar_, tape.rules, events)
        same((venue, fills), straight)


def test_no_orders_no_fills() -> None:
    venue, fills = advance(opened(CASH, 1), bar(0, (10, 11, 9, 10)), Rules())
    assert fills.quantities.shape == (0,)
    assert place(venue, orders_of([])).orders.kind.shape == (0,)
