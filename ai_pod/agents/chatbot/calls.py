"""One tool, called by its name with arguments: what it states, and the facts that it rests on.

No text is understood here and no model is asked; numbers come from facts, as in every answer.
"""

from collections.abc import AsyncIterator, Mapping, Sequence

import msgspec

from ai_pod.agents.chatbot import events
from ai_pod.agents.chatbot.examples import Intent
from ai_pod.agents.chatbot.facts import REFERENCE, FactBook
from ai_pod.agents.chatbot.question import Question, When, normalised, time_named
from ai_pod.agents.chatbot.retrieval import Retrieval
from ai_pod.agents.chatbot.safety.door import acquaint
from ai_pod.agents.chatbot.sources import Caller, Sources, Stores
from ai_pod.agents.chatbot.tools import TOOLS
from ai_pod.contracts.chat import Fact, ReplyRequest, RunEvent, RunEventKind
from ai_pod.contracts.tools import Statement, ToldFact, ToldPassage, ToolAnswer, ToolCall
from ai_pod.errors import CallRefused
from ai_pod.memory.shipped import Passage
from ai_pod.memory.vectors import Scope
from market.words import Instrument

PASSAGES = 3
NAMED_IN_AN_ERROR = 10


class ToolCalls:
    """Answers calls, each on the desk that its request is bound to."""

    def __init__(self, stores: Stores, retrieval: Retrieval) -> None:
        self._stores = stores
        self._retrieval = retrieval

    async def reply(self, request: ReplyRequest, pod: str) -> AsyncIterator[RunEvent]:
        """The answer as the one event `done`, or `error` where the call is refused."""
        assert request.tool is not None
        caller = Caller(
            desk=request.desk, organisation=request.organisation, pool=request.pool, pod=pod
        )
        try:
            answer = await self.call(request.tool, self._stores.of(caller))
        except CallRefused as error:
            yield events.error(error.code, str(error))
            return
        yield RunEvent(kind=RunEventKind.DONE, data=msgspec.to_builtins(answer))

    async def call(self, call: ToolCall, sources: Sources) -> ToolAnswer:
        """Raises CallRefused for a tool, or an instrument, that is not known."""
        book = FactBook()
        await acquaint(book, sources)
        instruments = _ids(call.instruments, await sources.instruments())
        question = _question(call, instruments, sources)
        if call.name == Intent.NOTES:
            return await self._notes(question, sources, book)
        if call.name not in TOOLS:
            raise CallRefused(f"there is no tool {call.name!r}")
        lines = await TOOLS[Intent(call.name)](sources, question, book)
        return _told(lines, book)

    async def _notes(self, question: Question, sources: Sources, book: FactBook) -> ToolAnswer:
        scope = Scope(
            organisation=sources.caller.organisation,
            instruments=question.instruments,
            until=sources.now,
        )
        passages = await self._retrieval.best(question, scope, PASSAGES)
        return _told([f"{one.text} {book.cite(one)}" for one in passages], book)


def _question(call: ToolCall, instruments: tuple[str, ...], sources: Sources) -> Question:
    """The arguments as the tools take them: as if a question had named them."""
    when, day = time_named(call.query.lower(), sources.now)
    if call.day:
        when, day = When.WEEKDAY, call.day
        if call.day == sources.now.date():
            when = When.TODAY
    return Question(
        text=call.query,
        clauses=(normalised(call.query),),
        instruments=instruments,
        when=when,
        day=day,
        side=call.side or None,
    )


def _ids(named: Sequence[str], served: Mapping[str, Instrument]) -> tuple[str, ...]:
    """Ids of instruments that go by id or symbol, in any case."""
    known = {one.symbol.upper(): id_ for id_, one in served.items()}
    known |= {id_.upper(): id_ for id_ in served}
    strange = [name for name in named if name.upper() not in known]
    if strange:
        some = ", ".join(sorted(served)[:NAMED_IN_AN_ERROR])
        raise CallRefused(f"unknown instruments: {', '.join(strange)}; known are {some}")
    return tuple(dict.fromkeys(known[name.upper()] for name in named))


def _told(lines: Sequence[str], book: FactBook) -> ToolAnswer:
    return ToolAnswer(
        statements=tuple(
            Statement(text=book.fill(line), sources=tuple(dict.fromkeys(REFERENCE.findall(line))))
            for line in lines
        ),
        facts=tuple(_fact(one, book) for one in book.facts.values()),
        passages=tuple(_passage(name, one) for name, one in book.passages.items()),
    )


def _fact(fact: Fact, book: FactBook) -> ToldFact:
    return ToldFact(
        id=fact.id,
        label=fact.label,
        value=fact.value,
        unit=fact.unit,
        as_of=fact.as_of,
        source=fact.source,
        shown=book.shown(fact),
        stale=fact.stale,
    )


def _passage(name: str, passage: Passage) -> ToldPassage:
    cited = events.citation(name, passage).data
    return ToldPassage(**cited)
