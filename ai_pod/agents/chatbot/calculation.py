"""Calculations in words: `what is 15 % of my equity`, `cash divided by equity`, `12 * 250`, `how
many AAPL can I buy`. What is not understood to its last word is no calculation.
"""

import re
from dataclasses import dataclass

from ai_pod.agents.chatbot.calculator import Calculator
from ai_pod.agents.chatbot.facts import PERCENT, FactBook
from ai_pod.agents.chatbot.operands import Operand, Operands
from ai_pod.agents.chatbot.question import named
from ai_pod.agents.chatbot.shorthand import spelled_out
from ai_pod.agents.chatbot.sources import Sources
from ai_pod.agents.chatbot.tools.units import quantity_unit
from ai_pod.agents.chatbot.wanted.said import NUMBER

_ASKED = re.compile(
    r"^(?:(?:hey|hi|hello|ok|okay|so|and|please|kindly|just|can you|could you|would you|tell me|"
    r"show me|give me|do you know|calculate|compute|work out|what is|what are|what's|what would be|"
    r"how much is|how much are)\b[ ,:]*)+"
)
_THANKS = re.compile(r"(?<![ ,?.!=])(?:[ ,?.!=]|\bplease\b|\bthanks\b|\bthank you\b)++$")
"""Begins where a run of marks does, and tries nothing again within it: a text may be all marks."""

_OPERATOR = re.compile(
    r"\s*(\+|\*|×|÷|/|\(|\)|(?<=\s)[-−](?=\s)|\bplus\b|\bminus\b|\btimes\b|\bx\b|\bmultiplied by\b|"
    r"\bdivided by\b|\bover\b)\s*"
)
_SIGNS = {"plus": "+", "minus": "-", "−": "-", "times": "*", "x": "*", "×": "*", "÷": "/"}
_SIGNS |= {"multiplied by": "*", "divided by": "/", "over": "/"}
_WORDS = {"+": "plus", "-": "less", "*": "multiplied by", "/": "divided by", "(": "[", ")": "]"}
"""Parentheses around an amount would say that it is negative."""

_SHARE_OF = (
    re.compile(
        r"^(?:what |the )*(?:percentage|percent|share|fraction|part) of (?P<whole>.+?) "
        r"(?:is|are)(?: in)? (?P<part>.+)$"
    ),
    re.compile(
        r"^(?P<part>.+) (?:as an? |in )(?:percentage|percent|share|fraction|part) of (?P<whole>.+)$"
    ),
)
_PERCENT_OF = re.compile(rf"^({NUMBER} ?(?:%|percent|per cent)) of (.+)$")
_SCALED = re.compile(r"^(half|twice|double)(?: of)? (.+)$")
_PAIR = re.compile(
    r"^(?:the )?(difference|ratio|sum|product) (?:between|of) (.+?) (?:and|to) (.+)$"
)
_PAIRED = {"difference": "-", "ratio": "/", "sum": "+", "product": "*"}
_AFFORD = re.compile(
    r"^how (?:many|much)(?: (?:shares|units|more|of))* (i\d+i)(?: shares)? (?:can|could) (?:i|we) "
    r"(?:buy|afford|get)(?: (?:with|for|using) (.+))?$"
)


@dataclass(frozen=True)
class Expression:
    """For the calculator, and for people; both refer to the same facts."""

    code: str
    words: str
    unit: str = ""


async def calculate(text: str, sources: Sources, book: FactBook) -> list[str]:
    """The result in a sentence; empty for what is no calculation. Raises CalculationError."""
    served, found = await sources.instruments(), dict[str, str]()
    mask = named(
        " ".join(spelled_out(text).split()),
        served,
        lambda name: found.setdefault(name, f"i{len(found)}i"),
    )
    plain = _ASKED.sub("", _THANKS.sub("", mask.lower().replace("’", "'")))
    masks = {mask: served[name] for name, mask in found.items()}
    known, operands = len(book.facts), Operands(sources, book, masks)
    lines: list[str] = []
    try:
        if afford := _AFFORD.match(plain):
            lines = await _affordable(afford, operands, book)
        elif expression := await _expression(plain, operands):
            result = Calculator(book).evaluate(expression.code, "result", expression.unit)
            lines = [f"That is {result}: {expression.words}."]
    finally:
        if not lines:
            book.keep_first(known)
    return lines


async def _expression(plain: str, operands: Operands) -> Expression | None:
    if share := next((one for form in _SHARE_OF if (one := form.match(plain))), None):
        pair = await _both(share["part"], "/", share["whole"], operands)
        return Expression(pair.code, pair.words, PERCENT) if pair else None
    if part := _PERCENT_OF.match(plain):
        return await _both(part.group(1), "*", part.group(2), operands)
    if scaled := _SCALED.match(plain):
        operation = "/" if scaled.group(1) == "half" else "*"
        return await _both(scaled.group(2), operation, "2", operands)
    if of_two := _PAIR.match(plain):
        return await _both(of_two.group(2), _PAIRED[of_two.group(1)], of_two.group(3), operands)
    return await _infix(plain, operands)


async def _both(one: str, operation: str, other: str, operands: Operands) -> Expression | None:
    left, right = await operands.operand(one), await operands.operand(other)
    if left is None or right is None:
        return None
    return _joined([left, (operation, _WORDS[operation]), right])


async def _infix(plain: str, operands: Operands) -> Expression | None:
    """Operands with operators between them; None when a part is neither."""
    parts: list[Operand] = []
    for piece in filter(None, (one.strip() for one in _OPERATOR.split(plain))):
        sign = _SIGNS.get(piece, piece)
        part = (sign, _WORDS[sign]) if sign in _WORDS else await operands.operand(piece)
        if part is None:
            return None
        parts.append(part)
    calculates = any(code in "+-*/" for code, _ in parts)
    return _joined(parts) if calculates and len(parts) > 2 else None


def _joined(parts: list[Operand]) -> Expression:
    words = " ".join(words for _, words in parts).replace("[ ", "[").replace(" ]", "]")
    return Expression(" ".join(code for code, _ in parts), words)


async def _affordable(asked: re.Match[str], operands: Operands, book: FactBook) -> list[str]:
    money = await operands.operand(asked.group(2) or "cash")
    price = await operands.operand(f"price of {asked.group(1)}")
    if money is None or price is None:
        return []
    bought = operands.instruments[asked.group(1)]
    code, unit = f"{money[0]} / {price[0]}", quantity_unit(bought.id)
    calculator, decimals = Calculator(book), bought.quantity_decimals
    result = calculator.evaluate(code, "affordable quantity", unit, decimals=decimals)
    return [
        f"That is {result}: {money[1]} divided by {price[1]}, rounded down, before fees and limits."
    ]
