"""Positions, money and results, from the desk's snapshot."""

import re
from decimal import Decimal

from ai_pod.agents.chatbot.facts import PERCENT, WORD, FactBook
from ai_pod.agents.chatbot.question import Question, When
from ai_pod.agents.chatbot.sources import Sources
from ai_pod.agents.chatbot.tools.day import of_today
from ai_pod.agents.chatbot.tools.units import counted, price_unit, quantity_unit
from ai_pod.contracts.desk import DeskSnapshot, PositionView

SOURCE = "desk snapshot"

_OF_DAY = re.compile(
    r"\b(?:my|our|the|this|good|bad|profitable|losing) (?:trading )?day\b|\bday s\b|"
    r"\bdaily (?:result|profit|gain|loss|return|performance)\b"
)
"""Asks for today's result without its name."""


async def positions(sources: Sources, question: Question, book: FactBook) -> list[str]:
    """The positions, or those of the instruments named; the largest first."""
    desk = await sources.desk()
    if desk is None:
        return []
    held = [one for one in desk.positions if one.quantity]
    if question.instruments:
        named = {one.instrument: one for one in held}
        return [
            _position(desk, named[name], book) if name in named else _none_of(desk, name, book)
            for name in question.instruments
        ]
    if not held:
        return [f"The desk holds {counted(book, 'positions', 0, desk.as_of, SOURCE)}."]
    held.sort(key=lambda one: -abs(one.market_value))
    lines = [_position(desk, one, book) for one in held]
    count = counted(book, "positions", len(held), desk.as_of, SOURCE)
    return [f"The desk holds {count}, the largest first.", *lines]


def _position(desk: DeskSnapshot, held: PositionView, book: FactBook) -> str:
    name, source = held.instrument, f"{SOURCE}: position {held.instrument}"

    def fact(label: str, value: Decimal, unit: str) -> str:
        return book.add(f"{name} {label}", value, unit, desk.as_of, source)

    quantity = fact("quantity", held.quantity, quantity_unit(name))
    average = fact("average price", held.average_price, price_unit(desk.currency))
    worth = fact("market value", held.market_value, desk.currency)
    unrealised = fact("unrealised result", held.unrealised, desk.currency)
    return (
        f"The desk holds {quantity} of {name}, bought at {average} on average: now worth {worth}, "
        f"with an unrealised result of {unrealised}."
        if held.quantity > 0
        else f"The desk is short {quantity} of {name}, sold at {average} on average: now worth "
        f"{worth}, with an unrealised result of {unrealised}."
    )


def _none_of(desk: DeskSnapshot, name: str, book: FactBook) -> str:
    quantity = book.add(f"{name} quantity", "0", quantity_unit(name), desk.as_of, SOURCE)
    return f"The desk holds {quantity} of {name}."


async def cash(sources: Sources, _question: Question, book: FactBook) -> list[str]:
    desk = await sources.desk()
    if desk is None:
        return []
    return [f"The desk has {_money(desk, book, 'cash', desk.cash)} in cash."]


async def equity(sources: Sources, _question: Question, book: FactBook) -> list[str]:
    desk = await sources.desk()
    if desk is None:
        return []
    worth = sum((one.market_value for one in desk.positions), Decimal(0))
    return [
        f"The desk's equity is {_money(desk, book, 'equity', desk.equity)}: "
        f"{_money(desk, book, 'cash', desk.cash)} in cash and "
        f"{_money(desk, book, 'market value of positions', worth)} in positions."
    ]


async def fees(sources: Sources, _question: Question, book: FactBook) -> list[str]:
    desk = await sources.desk()
    if desk is None:
        return []
    return [f"The desk has paid {_money(desk, book, 'fees', desk.fees)} in fees so far."]


async def result(sources: Sources, question: Question, book: FactBook) -> list[str]:
    """Since the start for the desk, or today's; unrealised and realised for the instruments
    named. Of other days nothing is known.
    """
    desk = await sources.desk()
    if desk is None:
        return []
    if question.when is When.TODAY or (
        question.when is When.NOW and _OF_DAY.search(question.words)
    ):
        return of_today(desk, question, book)
    if question.day is not None:
        return []
    if question.instruments:
        named = {one.instrument: one for one in desk.positions}
        return [
            _result_of(desk, named[name], book) for name in question.instruments if name in named
        ]
    gained = desk.equity - desk.starting_cash
    unrealised = sum((one.unrealised for one in desk.positions), Decimal(0))
    lines = [
        f"Since it started with {_money(desk, book, 'starting cash', desk.starting_cash)}, the "
        f"desk has {'gained' if gained >= 0 else 'lost'} "
        f"{_money(desk, book, 'result since the start', abs(gained))}{_share(desk, book)}."
    ]
    shown = _money(desk, book, "unrealised result", unrealised)
    return [*lines, f"The unrealised result of the open positions is {shown}."]


def _share(desk: DeskSnapshot, book: FactBook) -> str:
    if not desk.starting_cash:
        return ""
    share = abs(desk.equity / desk.starting_cash - 1)
    return f", {book.add('return since the start', share, PERCENT, desk.as_of, SOURCE)}"


def _result_of(desk: DeskSnapshot, held: PositionView, book: FactBook) -> str:
    name = held.instrument
    unrealised = _money(desk, book, f"{name} unrealised result", held.unrealised)
    realised = _money(desk, book, f"{name} realised result", held.realised)
    return f"For {name} the unrealised result is {unrealised} and the realised one {realised}."


async def mode(sources: Sources, _question: Question, book: FactBook) -> list[str]:
    desk = await sources.desk()
    if desk is None:
        return []
    kind = book.add("mode", desk.mode, WORD, desk.as_of, SOURCE)
    sends = (
        "It is automatic: orders follow its decisions by themselves."
        if desk.automatic
        else "It is not automatic: decisions are shown, and orders do not follow by themselves."
    )
    return [f"The desk trades in {kind} mode.", sends]


def _money(desk: DeskSnapshot, book: FactBook, label: str, value: Decimal) -> str:
    return book.add(label, value, desk.currency, desk.as_of, SOURCE)
