"""A signal that the asker has on screen: as the live stream would tell it, and what came of it."""

from decimal import Decimal

from ai_pod.agents.chatbot.facts import INSTANT, PERCENT, FactBook, instant
from ai_pod.agents.chatbot.sources import SeenDecision, SeenSignal, Sources
from ai_pod.agents.chatbot.tools.units import price_unit
from ai_pod.contracts.screen import ShownSignal

_BECAME = {
    "executed": "Its decision was executed.",
    "no_orders": "Its decision needed no orders.",
    "recorded": "Its decision was put on record, and nothing was ordered by it.",
    "expired": "Its decision came too late, and was not executed.",
    "superseded": "A newer decision came first, and it was not executed.",
    "faulted": "Its decision had a fault, and was not executed.",
}


def seen(shown: ShownSignal) -> tuple[SeenDecision, SeenSignal]:
    signal = SeenSignal(
        instrument=shown.signal.instrument,
        weight_before=shown.signal.weight_before,
        weight_after=shown.signal.weight_after,
        price=shown.signal.price,
        score=shown.signal.score,
        base=shown.signal.base,
        contributions=shown.signal.contributions,
        reason=shown.signal.reason,
    )
    at = shown.bar_end.isoformat()
    return SeenDecision(desk="", bar_end=at, signals=(signal,), synthetic=shown.synthetic), signal


async def since(
    sources: Sources, shown: ShownSignal, book: FactBook, source: str, currency: str
) -> list[str]:
    """What became of its decision, and of the price since."""
    lines = [_BECAME[shown.outcome]] if shown.outcome in _BECAME else []
    tick = await sources.last_tick(shown.signal.instrument)
    if tick is None or tick.at <= shown.bar_end or not shown.signal.price:
        return lines
    unit, name = price_unit(currency), shown.signal.instrument
    ratio = Decimal(str(tick.price)) / Decimal(str(shown.signal.price)) - 1
    label = f"{name} last price"
    last = book.add(label, tick.price, unit, tick.at, "market: last trade")
    at = book.add(f"{label} time", instant(tick.at), INSTANT, tick.at, "market: last trade")
    share = book.add(f"{name} return since the signal", round(ratio, 6), PERCENT, tick.at, source)
    return [
        *lines,
        f"Its price has changed by {share} since then: the last trade was at {last}, on {at}.",
    ]
