"""The chatbot's tools, one for each intent. A tool reads the caller's sources, enters facts, and
states them in plain sentences; an empty list means that it has nothing.
"""

from collections.abc import Awaitable, Callable, Mapping

from ai_pod.agents.chatbot.examples import Intent
from ai_pod.agents.chatbot.facts import FactBook
from ai_pod.agents.chatbot.question import Question
from ai_pod.agents.chatbot.sources import Sources
from ai_pod.agents.chatbot.tools import (
    books,
    learning,
    market,
    orders,
    risk,
    schedule,
    signals,
    statistics,
)

Tool = Callable[[Sources, Question, FactBook], Awaitable[list[str]]]

TOOLS: Mapping[Intent, Tool] = {
    Intent.POSITIONS: books.positions,
    Intent.CASH: books.cash,
    Intent.EQUITY: books.equity,
    Intent.FEES: books.fees,
    Intent.RESULT: books.result,
    Intent.MODE: books.mode,
    Intent.LIMITS: risk.limits,
    Intent.HALTED: risk.halted,
    Intent.INSTRUMENTS: market.instruments,
    Intent.ORDERS: orders.open_orders,
    Intent.FILLS: orders.fills,
    Intent.SIGNALS: signals.latest,
    Intent.WHY: signals.why,
    Intent.WEIGHTS: signals.weights,
    Intent.POLICY: learning.policy,
    Intent.VERDICT: learning.verdict,
    Intent.TRIALS: learning.trials,
    Intent.PHASE: schedule.phase,
    Intent.OPENS: schedule.opens,
    Intent.CLOSES: schedule.closes,
    Intent.OVERRIDES: schedule.overrides,
    Intent.PRICE: market.last_price,
    Intent.STATISTICS: statistics.statistics,
    Intent.TIME: market.clock,
}
