"""The desk's policy, the gate's last verdict and the night's trials."""

from datetime import datetime

from ai_pod.agents.chatbot.facts import INSTANT, RATIO, WORD, FactBook, instant
from ai_pod.agents.chatbot.question import Question
from ai_pod.agents.chatbot.sources import Sources
from ai_pod.agents.chatbot.tools.units import counted
from ai_pod.contracts.learning import ShadowReported, TrialFinished, VerdictReached

SOURCE = "learning"

WORDS = {"promoted": "passed the gate"}
"""What passed the gate trades only after shadow sessions and approval."""


async def policy(sources: Sources, _question: Question, book: FactBook) -> list[str]:
    desk = await sources.desk()
    if desk is None:
        return []
    line = book.add("policy line", desk.policy_line, WORD, desk.as_of, "desk snapshot")
    champion = book.add("policy", desk.policy_version, WORD, desk.as_of, "desk snapshot")
    kind = "a built-in rule" if desk.policy_version.startswith("rule:") else "a learned policy"
    return [f"The desk follows the policy line {line}; its champion is {champion}, {kind}."]


async def verdict(sources: Sources, question: Question, book: FactBook) -> list[str]:
    """The last verdict on the desk's line, or the one on screen, with the numbers that say why."""
    events = await sources.learning()
    verdicts = [one for one in events if isinstance(one, VerdictReached)]
    if question.verdict is not None:
        verdicts = [question.verdict]
    if not verdicts:
        return await _none("verdicts", sources, book)
    last, called = verdicts[0], "The verdict on screen" if question.verdict else "The last verdict"
    source, as_of = f"{SOURCE}: verdict {last.id}", last.at
    words = WORDS.get(last.verdict, last.verdict.replace("_", " "))
    said = book.add("verdict", words, WORD, as_of, source)
    at = book.add("verdict time", instant(last.at), INSTANT, as_of, source)
    sentence = book.add("sentence", last.sentence.rstrip("."), WORD, as_of, source)
    return [
        f"{called}, at {at}, was: {said}.",
        f"{sentence}.",
        _figures(last, book, source),
        *_since(last, [one for one in events if isinstance(one, ShadowReported)], book),
    ]


def _since(last: VerdictReached, reports: list[ShadowReported], book: FactBook) -> list[str]:
    """What the newest replay of the verdict's challenger showed."""
    newest = next((one for one in reports if one.policy == last.challenger), None)
    if newest is None:
        return []
    source = f"{SOURCE}: {newest.id}"
    sentence = book.add("replay", newest.sentence.rstrip("."), WORD, newest.at, source)
    return [f"Replayed since: {sentence}."]


def _figures(last: VerdictReached, book: FactBook, source: str) -> str:
    def ratio(label: str, value: float) -> str:
        return book.add(label, value, RATIO, last.at, source)

    difference = ratio("Sharpe ratio difference", last.sharpe_difference)
    low = ratio("interval low", last.interval_low)
    high = ratio("interval high", last.interval_high)
    seeds = counted(book, "seeds", last.seeds, last.at, source)
    trials = counted(book, "trials", last.trials, last.at, source)
    return (
        f"The challenger's Sharpe ratio differs from the champion's by {difference}, with an "
        f"interval from {low} to {high}, over {seeds} and {trials} of the line."
    )


async def trials(sources: Sources, _question: Question, book: FactBook) -> list[str]:
    """The trials of the latest night."""
    found = [one for one in await sources.learning() if isinstance(one, TrialFinished)]
    if not found:
        return await _none("trials", sources, book)
    night = found[0].night
    of_night = [one for one in found if one.night == night]
    best = max(of_night, key=lambda one: one.sharpe)
    as_of: datetime = found[0].at
    name = book.add("night", night, WORD, as_of, SOURCE)
    count = counted(book, "trials", len(of_night), as_of, SOURCE)
    sharpe = book.add("best Sharpe ratio", best.sharpe, RATIO, best.at, f"{SOURCE}: {best.id}")
    steps = counted(book, "steps", sum(one.steps for one in of_night), as_of, SOURCE)
    return [
        f"In the night of {name} the learning agent finished {count} for the desk's line, with "
        f"{steps} in all.",
        f"The best Sharpe ratio out of sample was {sharpe}.",
    ]


async def _none(unit: str, sources: Sources, book: FactBook) -> list[str]:
    desk = await sources.desk()
    if desk is None:
        return []
    count = counted(book, unit, 0, desk.as_of, SOURCE)
    return [f"The desk's policy line has {count} on record so far."]
