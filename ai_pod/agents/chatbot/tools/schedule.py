"""The plan of the caller's pool: what holds the pod, why and until when, and what comes next."""

from collections.abc import Sequence
from datetime import datetime

from ai_pod.agents.chatbot.facts import INSTANT, WORD, FactBook, instant
from ai_pod.agents.chatbot.question import Question, When
from ai_pod.agents.chatbot.sources import Sources
from ai_pod.agents.chatbot.tools.units import counted
from ai_pod.contracts.plan import Phase, Plan, Segment

SHOWN = 4

_NAMES = {Phase.TRADING: "Trading", Phase.LEARNING: "Learning", Phase.PAUSED: "A pause"}


async def phase(sources: Sources, question: Question, book: FactBook) -> list[str]:
    """What holds the pod now, why, until when, and what follows; or the segments of the day."""
    segments = await _segments(sources)
    if question.day is not None and question.when is not When.TODAY:
        return _of_day(segments, question, book, sources.now)
    now = next((one for one in segments if one.starts <= sources.now < one.ends), None)
    if now is None:
        return []
    reason = _word(book, "reason", now.reason, sources.now)
    ends = _at(book, "phase ends", now.ends, sources.now)
    lines = [f"{_NAMES[now.phase]} holds the pod until {ends}, because of: {reason}."]
    lines += await _reported(sources, now.phase, book)
    following = next((one for one in segments if one.starts >= now.ends), None)
    if following is not None:
        lines.append(
            f"{_NAMES[following.phase]} comes next, until "
            f"{_at(book, 'next phase ends', following.ends, sources.now)}."
        )
    return lines


async def _reported(sources: Sources, planned: Phase, book: FactBook) -> list[str]:
    record = await sources.phase()
    if record is None or record.phase is planned:
        return []
    state = _word(book, "reported phase", record.phase.value, sources.now)
    return [f"The pod itself still reports {state}."]


async def opens(sources: Sources, question: Question, book: FactBook) -> list[str]:
    """When trading begins next, or on the day named."""
    segments = [one for one in await _segments(sources) if one.phase is Phase.TRADING]
    if question.day is not None:
        return _of_day(await _segments(sources), question, book, sources.now)
    running = next((one for one in segments if one.starts <= sources.now < one.ends), None)
    coming = next((one for one in segments if one.starts > sources.now), None)
    lines = []
    if running is not None:
        ends = _at(book, "trading ends", running.ends, sources.now)
        lines.append(f"The market session is open now, and trading goes on until {ends}.")
    if coming is not None:
        starts = _at(book, "trading begins", coming.starts, sources.now)
        lines.append(f"Trading begins next at {starts}.")
    return lines


async def closes(sources: Sources, question: Question, book: FactBook) -> list[str]:
    """When trading ends: now's, the next session's, or that of the day named."""
    if question.day is not None and question.when is not When.TODAY:
        return _of_day(await _segments(sources), question, book, sources.now)
    segments = [one for one in await _segments(sources) if one.phase is Phase.TRADING]
    ending = next((one for one in segments if one.ends > sources.now), None)
    if ending is None:
        return []
    ends = _at(book, "trading ends", ending.ends, sources.now)
    if ending.starts <= sources.now:
        return [f"Trading ends at {ends}; then learning may begin."]
    starts = _at(book, "trading begins", ending.starts, sources.now)
    return [f"The market session is closed now. The next one lasts from {starts} to {ends}."]


async def overrides(sources: Sources, _question: Question, book: FactBook) -> list[str]:
    """Overrides in force or planned."""
    plan = await sources.plan()
    if plan is None:
        return []
    source = _source(plan)
    found = [
        one
        for one in plan.for_pod(sources.caller.pod)
        if one.override is not None and one.ends > sources.now
    ]
    count = counted(book, "overrides", len(found), plan.computed_at, source)
    lines = [_override(one, book, sources.now) for one in found[:SHOWN]]
    return [f"The plan has {count} now or ahead.", *lines]


def _override(one: Segment, book: FactBook, now: datetime) -> str:
    starts = _at(book, "override begins", one.starts, now)
    ends = _at(book, "override ends", one.ends, now)
    reason = _word(book, "override reason", one.reason, now)
    return f"{_NAMES[one.phase]} by override from {starts} to {ends}: {reason}."


def _of_day(
    segments: Sequence[Segment], question: Question, book: FactBook, now: datetime
) -> list[str]:
    """The trading segments of the day named; nothing when the plan does not reach that day."""
    day = question.day
    if (
        day is None
        or not segments
        or not segments[0].starts.date() <= day < segments[-1].ends.date()
    ):
        return []
    trading = [
        one
        for one in segments
        if one.phase is Phase.TRADING and one.starts.date() <= day <= one.ends.date()
    ]
    name = _word(book, "day", f"{day:%A}, {day.isoformat()}", now)
    if not trading:
        return [f"On {name} no trading is planned."]
    return [
        f"On {name} trading is planned from {_at(book, 'trading begins', one.starts, now)} to "
        f"{_at(book, 'trading ends', one.ends, now)}."
        for one in trading[:SHOWN]
    ]


async def _segments(sources: Sources) -> list[Segment]:
    """The pod's segments, neighbours of the same phase and reason joined."""
    plan = await sources.plan()
    joined: list[Segment] = []
    for segment in plan.for_pod(sources.caller.pod) if plan else ():
        last = joined[-1] if joined else None
        if last and (last.phase, last.reason, last.ends) == (
            segment.phase,
            segment.reason,
            segment.starts,
        ):
            joined[-1] = Segment(
                phase=last.phase,
                starts=last.starts,
                ends=segment.ends,
                reason=last.reason,
                override=last.override,
            )
        else:
            joined.append(segment)
    return joined


def _source(plan: Plan) -> str:
    return f"plan of {plan.pool}, version {plan.version}"


def _at(book: FactBook, label: str, moment: datetime, as_of: datetime) -> str:
    return book.add(label, instant(moment), INSTANT, as_of, "plan")


def _word(book: FactBook, label: str, word: str, as_of: datetime) -> str:
    return book.add(label, word, WORD, as_of, "plan")
