"""What a desk holds when it is decided on: valued at the close, orders on their way included."""

import msgspec
import pytest

from ai_pod.agents.trading.exposures import exposure_of

AAPL, IBM = "XNYS:AAPL", "XNYS:IBM"


def _snapshot(**fields: object) -> bytes:
    known: dict[str, object] = {
        "equity": "1000.00",
        "automatic": True,
        "positions": [{"instrument": AAPL, "quantity": "4", "last_price": "100.00"}],
        "open_orders": [],
    }
    return msgspec.json.encode(known | fields)


def _weights(snapshot: bytes, prices: dict[str, float]) -> dict[str, float]:
    exposure = exposure_of(snapshot)
    assert exposure is not None
    return exposure.weights(prices)


def test_positions_are_valued_at_the_close_and_not_when_the_snapshot_was_written() -> None:
    # 600 in cash and four shares, now at 150: 600 of 1,200.
    assert _weights(_snapshot(), {AAPL: 150.0, IBM: 200.0}) == {AAPL: 0.5}


@pytest.mark.parametrize(("side", "weight"), [("buy", 0.6), ("sell", 0.2)])
def test_what_is_ordered_counts_as_held(side: str, weight: float) -> None:
    order = {"instrument": AAPL, "side": side, "quantity": "3", "filled": "1"}
    found = _weights(_snapshot(open_orders=[order]), {AAPL: 100.0})
    assert found == {AAPL: pytest.approx(weight)}


def test_an_order_that_only_guards_a_position_counts_not() -> None:
    order = {"instrument": AAPL, "side": "sell", "quantity": "3", "filled": "0", "expected": False}
    assert _weights(_snapshot(open_orders=[order]), {AAPL: 100.0}) == {AAPL: pytest.approx(0.4)}


def test_a_first_order_counts_before_there_is_a_position() -> None:
    order = {"instrument": IBM, "side": "buy", "quantity": "2", "filled": "0"}
    found = _weights(_snapshot(positions=[], open_orders=[order]), {IBM: 200.0})
    assert found == {IBM: pytest.approx(0.4)}


def test_an_instrument_without_a_close_has_no_weight_and_keeps_its_value() -> None:
    assert _weights(_snapshot(), {IBM: 200.0}) == {}
    assert _weights(_snapshot(equity="0"), {AAPL: 100.0}) == {}


def test_a_snapshot_that_cannot_be_read_is_none() -> None:
    assert exposure_of(b"{") is None
