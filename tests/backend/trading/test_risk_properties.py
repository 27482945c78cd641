"""Whatever is asked for in whatever order, and whichever open orders are filled or cancelled: what
`check` lets through keeps every limit.
"""

from dataclasses import dataclass, field, replace
from decimal import Decimal as D

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.models import RiskState
from backend.trading.exposure import NOTHING, Exposure
from backend.trading.risk import DRIFT, Limits, OrderRequest, RiskBook, check, reduces
from backend.trading.terms import Terms
from backend.trading.words import OrderType, Side

NAMES = ("XNYS:IBM", "XNYS:AAPL", "XNYS:MSFT")
EQUITY = D(100_000)
limits = st.builds(
    Limits,
    max_order_value=st.sampled_from([D(5_000), D(30_000)]),
    max_position_weight=st.sampled_from([D("0.2"), D("0.6"), D(1)]),
    max_gross_exposure=st.sampled_from([D("0.5"), D(1), D(2)]),
    max_daily_loss=st.just(D("0.1")),
    max_orders_per_minute=st.sampled_from([4, 100]),
    max_concentration=st.sampled_from([D("0.05"), D("0.3"), D(1)]),
    long_only=st.booleans(),
)


def limit(price: D) -> Terms:
    return Terms(OrderType.LIMIT, limit_price=price)


requests = st.builds(
    OrderRequest,
    instrument=st.sampled_from(NAMES),
    side=st.sampled_from(Side),
    quantity=st.integers(1, 500).map(D),
    terms=st.sampled_from([Terms(), Terms(), limit(D(95)), limit(D(105))]),
)
steps = st.lists(
    st.one_of(
        requests,
        st.tuples(st.sampled_from(["fill", "cancel"]), st.integers(0, 99), st.floats(0.1, 1)),
    ),
    max_size=30,
)


@dataclass
class Venue:
    """A desk at constant prices and its open orders. Market orders are filled before anything else
    happens, as the next bar does it; the others when they are told to be.
    """

    held: dict[str, D] = field(default_factory=dict)
    resting: list[OrderRequest] = field(default_factory=list)
    accepted: int = 0

    def book(self) -> RiskBook:
        exposures = {name: Exposure(quantity) for name, quantity in self.held.items()}
        for order in self.resting:
            before = exposures.get(order.instrument, NOTHING)
            exposures[order.instrument] = before.ordered(order.signed, rests=True)
        return RiskBook(
            equity=EQUITY,
            day_start_equity=EQUITY,
            exposures=exposures,
            prices=dict.fromkeys(NAMES, D(100)),
            lots=dict.fromkeys(NAMES, D(1)),
            orders_last_minute=self.accepted,
        )

    def ask(self, request: OrderRequest, its: Limits) -> None:
        if check(request, self.book(), its) is not None:
            return
        assert request.quantity * (request.price or 100) <= its.max_order_value or reduces(
            request, self.book()
        )
        self.accepted += 1
        if request.rests:
            self.resting.append(request)
        else:
            self.filled(request)

    def filled(self, order: OrderRequest) -> None:
        self.held[order.instrument] = self.held.get(order.instrument, D(0)) + order.signed

    def act(self, what: str, which: int, share: float) -> None:
        """Fill a part of a resting order, or cancel it."""
        if not self.resting:
            return
        order = self.resting.pop(which % len(self.resting))
        if what == "fill":
            part = max(D(1), (order.quantity * D(str(share))).to_integral_value())
            self.filled(replace(order, quantity=part))
            if part < order.quantity:
                self.resting.append(replace(order, quantity=order.quantity - part))

    def values(self) -> list[D]:
        return [abs(quantity) * 100 for quantity in self.held.values()]


def hold(venue: Venue, its: Limits) -> None:
    values = venue.values()
    assert sum(values, D(0)) <= its.max_gross_exposure * DRIFT * EQUITY
    assert max(values, default=D(0)) <= its.max_position_weight * EQUITY
    squares = sum((value**2 for value in values), D(0))
    assert squares <= its.max_concentration * (DRIFT * EQUITY) ** 2
    assert venue.accepted <= its.max_orders_per_minute
    if its.long_only:
        assert min(venue.held.values(), default=D(0)) >= 0


@settings(max_examples=100)
@given(limits, steps)
def test_no_sequence_of_accepted_orders_breaks_a_limit(
    its: Limits, sequence: list[OrderRequest | tuple[str, int, float]]
) -> None:
    venue = Venue()
    for step in sequence:
        if isinstance(step, OrderRequest):
            venue.ask(step, its)
        else:
            venue.act(*step)
        hold(venue, its)


@settings(max_examples=100)
@given(limits, st.dictionaries(st.sampled_from(NAMES), st.integers(-900, 900).map(D)), steps)
def test_reducing_never_makes_a_position_larger_or_turns_it(
    its: Limits, held: dict[str, D], sequence: list[OrderRequest | tuple[str, int, float]]
) -> None:
    venue, reducing = Venue(dict(held)), replace(its, state=RiskState.REDUCING)
    for step in sequence:
        before = dict(venue.held)
        if isinstance(step, OrderRequest):
            venue.ask(step, reducing)
        else:
            venue.act(*step)
        for name, quantity in venue.held.items():
            assert abs(quantity) <= abs(before.get(name, D(0)))
            assert quantity * before.get(name, D(0)) >= 0


@given(limits, st.dictionaries(st.sampled_from(NAMES), st.integers(-900, 900).map(D)), requests)
def test_halted_lets_none_through(its: Limits, held: dict[str, D], request: OrderRequest) -> None:
    halted = replace(its, state=RiskState.HALTED)
    assert check(request, Venue(dict(held)).book(), halted) is not None
