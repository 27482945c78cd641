"""A denial in a sentence: what was refused, against which limit, and what helps."""

from collections.abc import Mapping
from decimal import Decimal

from backend.trading.risk import Reason

_SENTENCES: Mapping[Reason, str] = {
    Reason.HALTED: "the desk is halted ({why}); lift the kill switch first",
    Reason.UNKNOWN_INSTRUMENT: "{instrument} is not one of the instruments that are served",
    Reason.NO_PRICE: "{instrument} has no price yet; try again after its next bar",
    Reason.QUANTITY: "a quantity of {quantity} is no positive multiple of the lot {lot}",
    Reason.ORDER_RATE: "{orders} orders in the last minute, and {limit} are allowed; wait a little",
    Reason.PRICE_COLLAR: "its limit {price} is {beyond:share} beyond the last price {last}, and "
    "{limit:share} are allowed; look at the price again",
    Reason.SELL_BEYOND_POSITION: "{quantity} to sell and {position} held, orders counted in; "
    "the desk is long only",
    Reason.REDUCING: "the desk may only make positions smaller now ({why})",
    Reason.ORDER_VALUE: "it is worth {value:money} and an order may be worth {limit:money}; "
    "lower the quantity",
    Reason.POSITION_WEIGHT: "the position would be {weight:share} of equity and may be "
    "{limit:share}; lower the quantity",
    Reason.CONCENTRATION: "the squared weights would add up to {concentration} and may to {limit}; "
    "spread it over more instruments",
    Reason.GROSS_EXPOSURE: "gross exposure would be {exposure:share} of equity and may be "
    "{limit:share}; lower the quantity",
    Reason.DAILY_LOSS: "{loss:share} of equity is lost today and {limit:share} may be; "
    "until tomorrow only orders that reduce a position pass",
    Reason.DRAWDOWN: "{loss:share} of the highest equity is lost and {limit:share} may be; "
    "only orders that reduce a position pass until the role risk looks into it",
}


class _Number(str):
    """A number of the context; `money` and `share` are how it is said."""

    __slots__ = ()

    def __format__(self, kind: str) -> str:
        if kind and Decimal(self).is_finite():
            return f"{Decimal(self):,.2f}" if kind == "money" else f"{100 * Decimal(self):.1f} %"
        return str(self)


def sentence(reason: str, context: Mapping[str, str]) -> str:
    """Why an order was denied; `context` are the numbers that led to it, as they were recorded."""
    known = {name: _Number(value) for name, value in context.items()}
    return _SENTENCES[Reason(reason)].format_map(known)
