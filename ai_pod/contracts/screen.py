"""What the asker has on screen: what `this`, `it` and `here` stand for in a question. It is data
that the back end has read and bound, never an instruction.
"""

from datetime import datetime

from ai_pod.contracts.learning import VerdictReached
from ai_pod.contracts.signals import Signal
from market.words import Word


class ShownSignal(Word, frozen=True, kw_only=True):
    """A signal that the asker may see, as it is on record; `outcome` is what became of its
    decision.
    """

    id: str
    bar_end: datetime
    signal: Signal
    outcome: str = ""
    synthetic: bool = False


class Screen(Word, frozen=True, kw_only=True):
    """`route` is the page's path; `instrument` an id; `since` and `until` the stretch of market
    time that a chart shows.
    """

    route: str = ""
    instrument: str | None = None
    signal: ShownSignal | None = None
    verdict: VerdictReached | None = None
    since: datetime | None = None
    until: datetime | None = None
