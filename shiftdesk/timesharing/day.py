"""The day that both sides live: from one close to the next, with its bars, its night of learning
and its questions.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from ai_pod.contracts.plan import Phase, Segment
from ai_pod.contracts.seats import RiskProfile
from market.words import Interval

CLOSE = datetime(2012, 10, 15, 20, 0, tzinfo=UTC)
OPEN = datetime(2012, 10, 16, 13, 30, tzinfo=UTC)
LENGTH = timedelta(hours=24)
INTERVAL = Interval.QUARTER
LINE = "XNYS/AAPL+GOOG+IBM+MSFT/15m/balanced"
PROFILE = RiskProfile.BALANCED
CHAMPION = "rule:momentum@1"

SESSION_SHARE = 0.6
"""Of the questions that come while the market is open; the others are spread over the night."""

ASKED = (
    "How much cash do I have?",
    "What are my positions?",
    "What was my last signal?",
    "When does the market open?",
    "What is a signal?",
    "What is my equity?",
    "Do I have open orders?",
    "Who holds the pod now?",
)


@dataclass(frozen=True)
class Question:
    """Asked `at` (market time) by one of the desks."""

    number: int
    at: datetime
    desk: str
    text: str


@dataclass(frozen=True)
class Day:
    """`speed` times as fast as a real one."""

    speed: float
    desks: tuple[str, ...]
    questions: tuple[Question, ...]

    @property
    def seconds(self) -> float:
        """Real seconds."""
        return LENGTH.total_seconds() / self.speed

    @property
    def bars(self) -> int:
        """Bars of the session, each of which every desk decides."""
        return (self.ends - OPEN) // INTERVAL.length

    @property
    def ends(self) -> datetime:
        return CLOSE + LENGTH

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Paused until the close that begins the day, then learning, then trading; after it, the
        next night.
        """
        spans = (
            (Phase.PAUSED, CLOSE - LENGTH, CLOSE),
            (Phase.LEARNING, CLOSE, OPEN),
            (Phase.TRADING, OPEN, self.ends),
            (Phase.LEARNING, self.ends, self.ends + LENGTH),
        )
        return tuple(
            Segment(phase=phase, starts=starts, ends=ends, reason="bench")
            for phase, starts, ends in spans
        )


def make_day(speed: float, desks: int, questions: int, seed: int) -> Day:
    """A day whose questions are drawn by the seed: times, desks and words."""
    random = np.random.default_rng(seed)
    names = tuple(f"desk-{number}" for number in range(desks))
    in_session = random.random(questions) < SESSION_SHARE
    shares = random.random(questions)
    moments = sorted(
        OPEN + share * (CLOSE + LENGTH - OPEN) if open_ else CLOSE + share * (OPEN - CLOSE)
        for open_, share in zip(in_session.tolist(), shares.tolist(), strict=True)
    )
    asked = (
        Question(number, at, names[random.integers(desks)], ASKED[random.integers(len(ASKED))])
        for number, at in enumerate(moments)
    )
    return Day(speed, names, tuple(asked))
