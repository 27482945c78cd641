"""The desk's signals and their reasons, from the frames of its live stream."""

from datetime import datetime

from ai_pod.agents.chatbot.facts import INSTANT, SCORE, SHARE, WORD, FactBook
from ai_pod.agents.chatbot.question import Question
from ai_pod.agents.chatbot.sources import SeenDecision, SeenSignal, Sources
from ai_pod.agents.chatbot.tools import shown
from ai_pod.agents.chatbot.tools.units import about, counted, price_unit

SOURCE = "signals"
SHOWN = 5


async def latest(sources: Sources, question: Question, book: FactBook) -> list[str]:
    """The signals of the last decision; or the last signal of each instrument named; or the one on
    screen and what came of it.
    """
    if question.signal is not None:
        currency, (decision, signal) = await _currency(sources), shown.seen(question.signal)
        source = f"{SOURCE}: {signal.instrument} {decision.bar_end}"
        after = await shown.since(sources, question.signal, book, source, currency)
        return [_signal(decision, signal, book, currency), *after]
    found = await _asked(sources, question)
    if not found:
        return await _none(sources, question, book)
    currency = await _currency(sources)
    decision, signals = found[0]
    if question.instruments:
        firsts = {one.instrument: (made, one) for made, ones in found[::-1] for one in ones}
        return [_signal(*pair, book, currency) for pair in firsts.values()]
    at = _end(decision, book)
    count = counted(book, "signals", len(signals), _as_of(decision), SOURCE)
    lines = [_signal(decision, one, book, currency) for one in signals[:SHOWN]]
    return [f"The last decision with signals was made at {at} and has {count}.", *lines]


def _signal(decision: SeenDecision, signal: SeenSignal, book: FactBook, currency: str) -> str:
    source, as_of = f"{SOURCE}: {signal.instrument} {decision.bar_end}", _as_of(decision)
    before = book.add("weight before", signal.weight_before, SHARE, as_of, source)
    after = book.add("weight after", signal.weight_after, SHARE, as_of, source)
    price = book.add("price at the signal", signal.price, price_unit(currency), as_of, source)
    at = _end(decision, book)
    up = "up" if signal.weight_after > signal.weight_before else "down"
    return (
        f"Signal for {signal.instrument} at {at}: target weight {up} from {before} to {after}, "
        f"at a price of {price}."
    )


async def why(sources: Sources, question: Question, book: FactBook) -> list[str]:
    """The stored contributions of the last signal; of each instrument named, else of the largest
    change; or of the one on screen.
    """
    found = await _asked(sources, question)
    if not found:
        return await _none(sources, question, book)
    currency = await _currency(sources)
    if question.instruments:
        firsts = {one.instrument: (made, one) for made, ones in found[::-1] for one in ones}
        pairs = list(firsts.values())
    else:
        decision, signals = found[0]
        largest = max(signals, key=lambda one: abs(one.weight_after - one.weight_before))
        pairs = [(decision, largest)]
    return [
        line
        for decision, signal in pairs
        for line in (_signal(decision, signal, book, currency), *_reasons(decision, signal, book))
    ]


def _reasons(decision: SeenDecision, signal: SeenSignal, book: FactBook) -> list[str]:
    source, as_of = f"{SOURCE}: {signal.instrument} {decision.bar_end}", _as_of(decision)
    lines = []
    if signal.reason:
        reason = book.add("reason", signal.reason.rstrip("."), WORD, as_of, source)
        lines.append(f"The stated reason: {reason}.")
    given = [(feature, value) for feature, value in signal.contributions.items() if value]
    ordered = sorted(given, key=lambda pair: -abs(pair[1]))
    parts = [
        f"{book.add(f'contribution of {feature}', value, SCORE, as_of, source)} from "
        f"{book.add('feature', feature, WORD, as_of, source)}"
        for feature, value in ordered[:SHOWN]
    ]
    if parts:
        score = book.add("score", signal.score, SCORE, as_of, source)
        base = book.add("base", signal.base, SCORE, as_of, source)
        noun = "contribution" if len(ordered) == 1 else "contributions"
        rest = " and smaller ones" if len(ordered) > SHOWN else ""
        lines.append(
            f"Its score of {score} is a base of {base} and the {noun} {', '.join(parts)}{rest}."
        )
    return lines


async def _none(sources: Sources, question: Question, book: FactBook) -> list[str]:
    desk = await sources.desk()
    if desk is None:
        return []
    count = counted(book, "signals", 0, desk.as_of, SOURCE)
    return [f"The desk's recent decisions have {count}{about(question)}."]


async def weights(sources: Sources, question: Question, book: FactBook) -> list[str]:
    """The target weights of the last decision with signals, of the instruments named or all."""
    decisions = await sources.decisions()
    if not decisions or not decisions[0].weights:
        return await _none(sources, question, book)
    decision = decisions[0]
    wanted = question.instruments or tuple(decision.weights)
    shares = [
        f"{name} {_weight(decision, name, book)}" for name in wanted if name in decision.weights
    ]
    if not shares:
        return []
    return [f"The target weights at {_end(decision, book)} are: {', '.join(shares)}."]


def _weight(decision: SeenDecision, name: str, book: FactBook) -> str:
    label = f"target weight {name}"
    return book.add(label, decision.weights[name], SHARE, _as_of(decision), SOURCE)


async def _asked(
    sources: Sources, question: Question
) -> list[tuple[SeenDecision, list[SeenSignal]]]:
    """Decisions, newest first, with their signals of the day, instruments and side named; or the
    one on screen.
    """
    if question.signal is not None:
        decision, signal = shown.seen(question.signal)
        return [(decision, [signal])]
    found = []
    for decision in await sources.decisions():
        if question.day not in (None, _as_of(decision).date()):
            continue
        signals = [one for one in decision.signals if _matches(one, question)]
        if signals:
            found.append((decision, signals))
    return found


def _matches(signal: SeenSignal, question: Question) -> bool:
    rises = signal.weight_after > signal.weight_before
    return (not question.instruments or signal.instrument in question.instruments) and (
        question.side is None or rises == (question.side == "buy")
    )


def _as_of(decision: SeenDecision) -> datetime:
    return datetime.fromisoformat(decision.bar_end)


def _end(decision: SeenDecision, book: FactBook) -> str:
    return book.add("bar end", decision.bar_end, INSTANT, _as_of(decision), SOURCE)


async def _currency(sources: Sources) -> str:
    desk = await sources.desk()
    return desk.currency if desk else "USD"
