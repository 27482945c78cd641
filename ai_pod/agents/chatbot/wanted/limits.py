"""Changes of limits in words: `lower my daily loss limit to 2 %`."""

from decimal import Decimal

from ai_pod.agents.chatbot.facts import SHARE, FactBook
from ai_pod.agents.chatbot.numbers import SPELLED, currency
from ai_pod.agents.chatbot.wanted.said import NUMBER, Said, Unclear, amount
from ai_pod.contracts.desk import DeskSnapshot, LimitsView
from ai_pod.contracts.intents import WantedLimit

_VERB = r"^(set|change|lower|raise|increase|decrease|reduce|tighten|loosen|limit|cap|put|bring)\b"
_RAISES = ("raise", "increase", "loosen")
_LOWERS = ("lower", "decrease", "reduce", "tighten")

_NAMES = {
    "max_orders_per_minute": r"\borders? (?:per|a|each) minute\b|\border rate\b",
    "max_order_value": r"\border (?:value|size)\b|\b(?:value|size) of (?:an|one|a single) order\b",
    "max_daily_loss": r"\bdaily loss\b|\bloss (?:a|per) day\b|\bloss\b",
    "max_drawdown": r"\bdrawdown\b",
    "max_concentration": r"\bconcentration\b",
    "max_gross_exposure": r"\b(?:gross )?exposure\b|\bleverage\b",
    "max_position_weight": r"\bposition(?: (?:weight|size))?\b|\bweight\b",
    "price_collar": r"\b(?:price )?collar\b",
}
_WORDS = {
    "max_orders_per_minute": "orders per minute",
    "max_order_value": "an order's value",
    "max_daily_loss": "the daily loss",
    "max_drawdown": "the drawdown",
    "max_concentration": "the concentration",
    "max_gross_exposure": "gross exposure",
    "max_position_weight": "a position's weight",
    "price_collar": "the price collar",
}
_PLAIN = ("max_orders_per_minute", "max_concentration")
_MONEY = "max_order_value"
_VALUE = (
    rf"\b(?:to|at)(?: at)?(?: most)? ([$€£]?)\s?({NUMBER})\s?(%|percent|per cent|{SPELLED})?(?!\w)"
)
_FILLERS = "limit limits max maximum for value risk account any one single an"


def read_limit(said: Said, desk: DeskSnapshot | None) -> WantedLimit | None:
    """The change that is asked for; None when none is. Raises Unclear."""
    verb = said.take(_VERB)
    name = next((one for one, form in _NAMES.items() if verb and said.take(form)), None)
    if verb is None or name is None:
        return None
    value = said.take(_VALUE)
    if value is None:
        raise Unclear(f"Say to how much {_WORDS[name]} shall be limited.")
    if not said.check_read(_FILLERS):
        return None
    limit = _limit(name, value.group(2), value.group(3) or "")
    if name == _MONEY and desk is not None:
        _check_currency(value.group(1), value.group(3) or "", desk.currency)
    _check_direction(verb.group(1), limit, desk)
    return limit


def _limit(name: str, digits: str, unit: str) -> WantedLimit:
    number = amount(digits)
    if name in _PLAIN or name == _MONEY:
        if unit in ("%", "percent", "per cent"):
            raise Unclear(f"Say {_WORDS[name]} as a number, not in per cent.")
        return WantedLimit(name=name, value=number)
    if unit not in ("%", "percent", "per cent"):
        raise Unclear(f"Say {_WORDS[name]} in per cent, so that it cannot be mistaken.")
    return WantedLimit(name=name, value=number / 100)


def _check_currency(sign: str, word: str, own: str) -> None:
    """Raises Unclear for an amount in another currency than the desk's."""
    if {currency(one) for one in (sign, word) if one} - {own}:
        raise Unclear(f"Say it in {own}, the desk's currency: I convert nothing into it.")


def _check_direction(verb: str, limit: WantedLimit, desk: DeskSnapshot | None) -> None:
    """Raises Unclear for `lower … to` more than now, and the other way round."""
    if desk is None or limit.name not in LimitsView.__struct_fields__:
        return
    now = Decimal(str(getattr(desk.limits, limit.name)))
    wrong = limit.value >= now if verb in _LOWERS else limit.value <= now
    if wrong and verb in (*_LOWERS, *_RAISES):
        raise Unclear(f"That would not {verb} the limit as it is now: say the value again.")


def limit_in_words(wanted: WantedLimit, desk: DeskSnapshot, book: FactBook) -> str:
    """`limit the daily loss to 2 % (it is 4 % now)`, with references."""
    units = {_MONEY: desk.currency, "max_orders_per_minute": "orders", "max_concentration": "ratio"}
    unit = units.get(wanted.name, SHARE)
    new = book.add("new limit", wanted.value, unit, desk.as_of, "your words")
    if wanted.name not in LimitsView.__struct_fields__:
        return f"limit {_WORDS[wanted.name]} to {new}"
    before = getattr(desk.limits, wanted.name)
    old = book.add("limit now", before, unit, desk.as_of, "desk snapshot: limits")
    return f"limit {_WORDS[wanted.name]} to {new}, which is {old} now"
