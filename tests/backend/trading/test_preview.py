"""An order's preview: the risk check's own answer, and what the order would do to the desk."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from backend.trading.denials import sentence
from backend.trading.preview import previewed
from backend.trading.risk import Limits, OrderRequest, Reason, RiskBook, check
from backend.trading.terms import Standing
from tests.backend.trading.test_risk import BOOK, DENIED, LIMITS, buy
from tests.support.build_trading import T0

STANDS = Standing(T0)


@pytest.mark.parametrize(("request_", "book", "limits", "reason"), DENIED)
def test_what_is_denied_is_told_before_it_is_sent(
    request_: OrderRequest, book: RiskBook, limits: Limits, reason: Reason
) -> None:
    said = previewed(request_, book, limits, STANDS)
    denial = check(request_, book, limits)
    assert denial is not None
    assert (said.allowed, said.reason) == (False, reason)
    assert said.detail == sentence(denial.reason, denial.context)


def test_what_passes_is_told_with_what_it_would_do() -> None:
    said = previewed(buy(50), BOOK, LIMITS, STANDS)
    assert (said.allowed, said.reason, said.detail) == (True, None, "")
    assert (said.price, said.value, said.held) == (D(100), D(5_000), D(100))
    figures = {one.name: (one.before, one.after, one.limit) for one in said.figures}
    assert figures["position_weight"] == (D("0.1"), D("0.15"), D("0.6"))
    assert figures["gross_exposure"] == (D("0.8"), D("0.85"), D(1))
    assert figures["concentration"] == (D("0.5"), D("0.5125"), D("0.7"))


def test_a_desk_that_is_worth_nothing_has_no_shares() -> None:
    said = previewed(buy(1), replace(BOOK, equity=D(0)), LIMITS, STANDS)
    assert {one.after for one in said.figures} == {None}
    assert not said.allowed


def test_the_largest_order_that_can_be_written_is_denied_in_words() -> None:
    most = 99_999_999_999_999
    said = previewed(buy(most, price=D(most)), replace(BOOK, equity=D("0.01")), LIMITS, STANDS)
    assert (said.allowed, said.value) == (False, D(most) * most)
    assert said.detail
