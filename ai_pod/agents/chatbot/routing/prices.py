"""What models cost, and how much a request to one can cost."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from langchain_core.messages import BaseMessage

from ai_pod.agents.chatbot.routing.choices import Price
from ai_pod.contracts.budgets import Cost, CostBounds

MILLION = Decimal(1_000_000)
OVERHEAD_TOKENS = 16
"""Around each message: its role and its marks."""

BYTES_A_TOKEN = 3
"""Texts in Latin letters have four or five, Chinese and Cyrillic ones two to four. What has fewer
(rare signs, strings of digits) costs more than is likely, and never more than the most.
"""

FREE = Price()


class Prices:
    """Prices by the model's name; one that is not listed costs nothing."""

    def __init__(self, prices: Mapping[str, Price]) -> None:
        self._prices = dict(prices)

    def cost(self, model: str, input_tokens: int, output_tokens: int) -> Cost:
        price = self._prices.get(model, FREE)
        usd = (price.read * input_tokens + price.written * output_tokens) / MILLION
        return Cost(input_tokens=input_tokens, output_tokens=output_tokens, usd=usd)

    def bounds(self, model: str, messages: Sequence[BaseMessage], output_tokens: int) -> CostBounds:
        """The most is a bound for any tokenizer that works on bytes: no token is less than one."""
        sizes = [len(str(one.content).encode()) for one in messages]
        marks = OVERHEAD_TOKENS * len(sizes)
        likely = sum(-(-size // BYTES_A_TOKEN) for size in sizes)
        return CostBounds(
            most=self.cost(model, sum(sizes) + marks, output_tokens),
            likely=self.cost(model, likely + marks, output_tokens),
        )
