"""Arithmetic over facts: an expression of references and operators, whose result is a fact itself.

Python's own parser reads it, and nothing but the four operations on decimals is carried out. Units
are kept: money and shares do not add up.
"""

import ast
import operator
from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal, DecimalException, localcontext
from typing import TypeAlias

from ai_pod.agents.chatbot.facts import (
    NUMBER,
    PERCENT,
    PRICE_SUFFIX,
    RATIO,
    SCORE,
    SHARE,
    WORD,
    FactBook,
    fine_places,
    is_currency,
    round_to,
)
from ai_pod.contracts.chat import Fact

SOURCE = "calculator"
LONGEST = 200
MOST = Decimal("1e15")
PRECISION = 28

_PURE = (NUMBER, RATIO, SCORE)
_SHARES = (SHARE, PERCENT)
_COUNTED = ("shares", "units")

Quantity: TypeAlias = tuple[Decimal, str]
"""A value and its unit; prices and money share the currency's code."""


class CalculationError(Exception):
    """It cannot be calculated; the message says why."""


_OPERATIONS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class Calculator:
    """Evaluates expressions such as `f1 / (f2 + f3)` over the facts of a book."""

    def __init__(self, book: FactBook) -> None:
        self._book = book
        self._used: list[Fact] = []

    def evaluate(
        self, expression: str, label: str, unit: str = "", *, decimals: int | None = None
    ) -> str:
        """The result as a fact; gives its reference. `unit` replaces the one that follows, where
        that is a plain number or a count; with `decimals` it is rounded down to so many.

        Raises CalculationError for what is no expression over known facts, mixes units, divides by
        nought or leaves the range.
        """
        if len(expression) > LONGEST:
            raise CalculationError("That is too long to calculate.")
        try:
            tree = ast.parse(expression, mode="eval")
            with localcontext() as context:
                context.prec = PRECISION
                value, found = self._value(tree.body)
        except DecimalException as error:
            raise CalculationError(
                "That cannot be calculated: there is nothing to divide by."
            ) from error
        except (SyntaxError, RecursionError, ValueError) as error:
            raise CalculationError("That is no calculation that I can read.") from error
        if abs(value) > MOST:
            raise CalculationError("The result is too large to be shown.")
        if decimals is not None:
            value = value.scaleb(decimals).to_integral_value(ROUND_FLOOR).scaleb(-decimals)
        elif found.endswith(PRICE_SUFFIX):
            value = round_to(value, fine_places(value))
        shown = unit if unit and found in (*_PURE, *_COUNTED) else found
        names = ", ".join(dict.fromkeys(fact.id for fact in self._used))
        return self._book.add(label, +value, shown, self._as_of(), f"{SOURCE}: from {names}")

    def _as_of(self) -> datetime:
        """As old as the oldest fact used."""
        return min(fact.as_of for fact in self._used)

    def _value(self, node: ast.expr) -> Quantity:
        match node:
            case ast.Name(id=name) if name in self._book.facts:
                return self._fact(self._book.facts[name])
            case ast.BinOp(left=left, op=operation, right=right):
                return self._of_two(self._value(left), operation, self._value(right))
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                value, unit = self._value(inner)
                return -value, unit
        raise CalculationError("That is no calculation over facts.")

    def _fact(self, fact: Fact) -> Quantity:
        try:
            value = Decimal(fact.value)
        except DecimalException as error:
            raise CalculationError(f"The {fact.label} is no number.") from error
        if fact.unit == WORD or not value.is_finite():
            raise CalculationError(f"The {fact.label} is no number.")
        self._used.append(fact)
        return value, fact.unit

    def _of_two(self, one: Quantity, operation: ast.operator, other: Quantity) -> Quantity:
        apply = _OPERATIONS.get(type(operation))
        if apply is None:
            raise CalculationError("I add, subtract, multiply and divide, and no more.")
        return apply(one[0], other[0]), _unit(one[1], operation, other[1])


def _unit(one: str, operation: ast.operator, other: str) -> str:
    """The unit of the result. Raises CalculationError for units that do not go together."""
    if isinstance(operation, (ast.Add, ast.Sub)):
        return _of_sum(one, other)
    if isinstance(operation, ast.Mult):
        return _of_product(one, other)
    return _of_quotient(one, other)


def _of_sum(one: str, other: str) -> str:
    if one == other or (one in _PURE and other in _PURE):
        return one
    if one in _SHARES and other in _SHARES:
        return PERCENT
    if _currency(one) and _currency(one) == _currency(other):
        return _currency(one)
    raise CalculationError(f"{_named(one)} and {_named(other)} do not add up.")


def _of_product(one: str, other: str) -> str:
    for scale, unit in ((one, other), (other, one)):
        if scale in (*_PURE, *_SHARES):
            return NUMBER if unit in _SHARES and scale in _SHARES else unit
        if _currency(scale) and scale.endswith(PRICE_SUFFIX) and unit in _COUNTED:
            return _currency(scale)
    raise CalculationError(f"{_named(one)} multiplied by {_named(other)} is nothing that I know.")


def _of_quotient(one: str, other: str) -> str:
    if other in _PURE:
        return one
    same_money = _currency(one) and _currency(one) == _currency(other)
    if same_money and other.endswith(PRICE_SUFFIX) and not one.endswith(PRICE_SUFFIX):
        return _COUNTED[0]
    if same_money or one == other or (one in _SHARES and other in _SHARES):
        return NUMBER
    if other in _SHARES:
        return one
    if _currency(one) and other in _COUNTED:
        return _currency(one) + PRICE_SUFFIX
    raise CalculationError(f"{_named(one)} divided by {_named(other)} is nothing that I know.")


def _currency(unit: str) -> str:
    plain = unit.removesuffix(PRICE_SUFFIX)
    return plain if is_currency(plain) else ""


def _named(unit: str) -> str:
    if unit in _PURE:
        return "A plain number"
    return (
        f"A price in {_currency(unit)}" if unit.endswith(PRICE_SUFFIX) else f"An amount in {unit}"
    )
