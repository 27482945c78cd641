"""Every denial is a sentence with its numbers, whatever the numbers are."""

import pytest

from backend.trading.denials import sentence
from backend.trading.risk import Reason

CONTEXTS: dict[Reason, dict[str, str]] = {
    Reason.HALTED: {"why": "drill"},
    Reason.UNKNOWN_INSTRUMENT: {"instrument": "XNYS:NONE"},
    Reason.NO_PRICE: {"instrument": "XNYS:IBM"},
    Reason.QUANTITY: {"quantity": "0", "lot": "1"},
    Reason.ORDER_RATE: {"orders": "10", "limit": "10"},
    Reason.SELL_BEYOND_POSITION: {"quantity": "5", "position": "3"},
    Reason.PRICE_COLLAR: {"price": "120", "last": "100", "beyond": "0.2000", "limit": "0.1"},
    Reason.REDUCING: {"why": "stale_feed"},
    Reason.CONCENTRATION: {"concentration": "0.7000", "limit": "0.5"},
    Reason.DRAWDOWN: {"loss": "0.31", "limit": "0.3"},
    Reason.ORDER_VALUE: {"value": "644610000.00", "limit": "150000.000000"},
    Reason.POSITION_WEIGHT: {"weight": "0.4512", "limit": "0.3"},
    Reason.GROSS_EXPOSURE: {"exposure": "inf", "limit": "1.0"},
    Reason.DAILY_LOSS: {"loss": "0.051", "limit": "0.05"},
}


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_told_with_its_numbers(reason: Reason) -> None:
    told = sentence(reason, CONTEXTS[reason])
    assert "{" not in told
    assert told


def test_money_and_shares_are_said_as_people_say_them() -> None:
    assert sentence("order_value", CONTEXTS[Reason.ORDER_VALUE]) == (
        "it is worth 644,610,000.00 and an order may be worth 150,000.00; lower the quantity"
    )
    assert "45.1 % of equity and may be 30.0 %" in sentence(
        "position_weight", CONTEXTS[Reason.POSITION_WEIGHT]
    )
    assert "would be inf of equity" in sentence("gross_exposure", CONTEXTS[Reason.GROSS_EXPOSURE])
