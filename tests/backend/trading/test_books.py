"""Books balance after every fill, whatever is bought and sold at whatever price."""

from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from backend.trading.books import Execution, Holding, apply
from backend.trading.money import tidy, tidy_quantity
from backend.trading.words import Side

executions = st.builds(
    Execution,
    side=st.sampled_from(Side),
    quantity=st.decimals("0.0001", "5000", places=4),
    price=st.decimals("0.01", "900", places=4),
    fee=st.decimals("0", "20", places=2),
)


@given(st.lists(executions, max_size=30))
def test_cash_and_cost_equal_start_and_realised(done: list[Execution]) -> None:
    start = cash = D(100_000)
    fees, holding = D(0), Holding()
    for execution in done:
        holding = apply(holding, execution)
        cash += execution.cash_change
        fees += execution.fee
        assert cash + holding.cost == start + holding.realised - fees
    assert holding.quantity == sum((execution.signed for execution in done), D(0))


def test_a_sale_realises_against_the_average_cost() -> None:
    holding = Holding()
    for side, quantity, price in (
        (Side.BUY, 100, "10"),
        (Side.BUY, 100, "20"),
        (Side.SELL, 50, "25"),
    ):
        holding = apply(holding, Execution(side, D(quantity), D(price), D(0)))
    assert holding == Holding(D(150), D(2250), D(500))


def test_a_sale_beyond_the_position_turns_it_around() -> None:
    holding = apply(Holding(D(10), D(100), D(0)), Execution(Side.SELL, D(15), D(12), D(0)))
    assert holding == Holding(D(-5), D(-60), D(20))


def test_a_position_sold_out_costs_nothing_any_more() -> None:
    holding = apply(Holding(D(3), D("10.000001"), D(0)), Execution(Side.SELL, D(3), D(4), D(0)))
    assert (holding.quantity, holding.cost) == (0, 0)


def test_amounts_are_shown_without_needless_zeros() -> None:
    assert [str(tidy(D(x))) for x in ("25.310000", "100000.000000", "1.234500")] == [
        "25.31",
        "100000.00",
        "1.2345",
    ]
    assert [str(tidy_quantity(D(x))) for x in ("12.00000000", "0.50000000", "0")] == [
        "12",
        "0.5",
        "0",
    ]
