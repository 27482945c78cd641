"""Who runs in a backtest: a strategy or a policy and its benchmark, over the same bars."""

from dataclasses import dataclass
from datetime import datetime

from ai_pod.policies.apart import Named
from ai_pod.policies.backtest import Run, Terms
from ai_pod.policies.features import WINDOW
from ai_pod.policies.lookahead import rows
from market.calendars import to_ns
from market.series import Panel
from shiftdesk import research
from shiftdesk.errors import UsageProblem
from shiftdesk.evaluation import like_random, of_policy, of_strategy
from shiftdesk.research import Source

RANDOM = "random"
FEWEST_BARS = 3


@dataclass(frozen=True)
class Contest:
    """Two runs over the last bars of `panel`."""

    panel: Panel
    ours: Run
    benchmark: Run
    parameters: int


@dataclass(frozen=True)
class Entrants:
    """Bars from `source` within `span`, traded by `terms`; a plugin may take `deadline` seconds."""

    source: Source
    span: tuple[datetime, datetime]
    terms: Terms
    deadline: float

    def strategy(self, named: Named, benchmark: str) -> Contest:
        """A strategy: it has seen all bars before the span, and trades within it.

        Raises CommandError and PolicyError, as `policy` does.
        """
        panel = self.source.panel(None, self.span[1])
        first = int(panel.end.searchsorted(to_ns(self.span[0])))
        if len(panel) - first < FEWEST_BARS:
            raise UsageProblem(
                f"{len(panel) - first} bars from {self.span[0]:%F} on", "an earlier --from"
            )
        ours, parameters = of_strategy(panel, first, named, self.deadline, self.terms)
        return Contest(panel, ours, self._benchmark(panel, first, benchmark, ours), parameters)

    def policy(self, name: str, benchmark: str) -> Contest:
        """A policy: it trades once the span's first bars have filled its window."""
        panel = self.source.panel(*self.span)
        ours = of_policy(panel, research.policy(name, panel.instruments), self.terms)
        return Contest(panel, ours, self._benchmark(panel, WINDOW - 1, benchmark, ours), 0)

    def _benchmark(self, panel: Panel, first: int, name: str, ours: Run) -> Run:
        if name == RANDOM:
            return like_random(panel, first, ours, self.terms)
        if ":" not in name:
            return of_strategy(panel, first, Named(name), self.deadline, self.terms)[0]
        policy = research.policy(name, panel.instruments)
        if first < WINDOW - 1:
            raise UsageProblem(
                f"{name} needs {WINDOW - 1} bars before the first that is traded", "a later --from"
            )
        return of_policy(rows(panel, first - WINDOW + 1, len(panel)), policy, self.terms)
