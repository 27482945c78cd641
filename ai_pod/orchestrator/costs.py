"""What the pod's processes cost, shared out among its desks, day by day. Pure: what was used, and
when, comes from outside.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from ai_pod.contracts.usage import DeskUse

Payer: TypeAlias = tuple[str, str]
"""A desk, and its organisation."""

GIB = 1024.0**3


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of a core, and seconds of a GiB."""

    cpu_seconds: float = 0.0
    memory_gib_seconds: float = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.cpu_seconds + other.cpu_seconds,
            self.memory_gib_seconds + other.memory_gib_seconds,
        )

    def share(self, part: float) -> "Cost":
        return Cost(self.cpu_seconds * part, self.memory_gib_seconds * part)


class Ledger:
    """Every cost is borne by those who are there: nothing of it is lost, and nothing is charged
    twice. Where nobody is there, nobody bears it.
    """

    def __init__(self) -> None:
        self._shares: dict[date, dict[tuple[Payer, str], Cost]] = {}
        self._news: dict[date, set[tuple[Payer, str]]] = defaultdict(set)

    def charge(self, day: date, agent: str, cost: Cost, weights: Mapping[Payer, float]) -> None:
        """Share `cost` out by the payers' weights."""
        total = sum(weights.values())
        shares = self._shares.setdefault(day, {})
        for payer, weight in weights.items():
            key = (payer, agent)
            shares[key] = shares.get(key, Cost()) + cost.share(weight / total)
            self._news[day].add(key)

    def news(self) -> dict[date, tuple[DeskUse, ...]]:
        """The shares that have grown since `told`, whole as they stand."""
        return {
            day: tuple(_use(key, self._shares[day][key]) for key in sorted(grown))
            for day, grown in self._news.items()
            if grown
        }

    def told(self, news: Mapping[date, tuple[DeskUse, ...]], today: date) -> None:
        """These `news` have been told, and what has grown since is news still; days before `today`
        will not grow any more.
        """
        for day, uses in news.items():
            self._news[day] -= {
                key for key in self._news[day] if _use(key, self._shares[day][key]) in uses
            }
        self._shares = {day: shares for day, shares in self._shares.items() if day >= today}


def _use(key: tuple[Payer, str], cost: Cost) -> DeskUse:
    (desk, organisation), agent = key
    return DeskUse(
        desk=desk,
        organisation=organisation,
        agent=agent,
        cpu_seconds=cost.cpu_seconds,
        memory_gib_seconds=cost.memory_gib_seconds,
    )
