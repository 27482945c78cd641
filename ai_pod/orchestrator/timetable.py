"""When a pod acts on its plan: the lead of warming up, and how long before the open learning has to
stop. Market time says what is due, real time bounds how early.
"""

from ai_pod.contracts.plan import Phase, Segment
from ai_pod.orchestrator.plans import PlanCopy
from market.clock import Clock

TURN_SECONDS = 5.0
LEAD_MARKET_SECONDS = 60.0
LEAD_REAL_SECONDS = 10.0


class Timetable:
    """The next segment of a pod's plan, as instants of the pod's own."""

    def __init__(self, plans: PlanCopy, clock: Clock) -> None:
        self._plans, self._clock = plans, clock

    def near(self) -> Segment | None:
        """The next segment, once its agent is to be started."""
        return self._within(self._lead())

    def ending(self, phase: Phase) -> Segment | None:
        """The trading segment that is so close that learning, which may take long to stop, has to
        stop now: it is over when the market opens.
        """
        following = self._within(self._early()) if phase is Phase.LEARNING else None
        return following if following and following.phase is Phase.TRADING else None

    def until_next(self) -> float:
        """Real seconds until something is due: the next segment, its lead, learning's end."""
        pause = TURN_SECONDS
        following = self._plans.next_after(self._clock.now())
        if following is not None:
            until = self._clock.real_seconds_until(following.starts)
            for instant in (until, until - self._lead(), until - self._early()):
                if instant > 0:
                    pause = min(pause, instant)
        return pause

    def _within(self, seconds: float) -> Segment | None:
        following = self._plans.next_after(self._clock.now())
        if following is None or self._clock.real_seconds_until(following.starts) > seconds:
            return None
        return following

    def _lead(self) -> float:
        return max(LEAD_MARKET_SECONDS / self._clock.speed, LEAD_REAL_SECONDS)

    def _early(self) -> float:
        """The plan's own margin, where that is not too long for a pod to stand idle."""
        margin = self._plans.plan.warm_up_seconds if self._plans.plan else 0.0
        return min(margin / self._clock.speed, LEAD_REAL_SECONDS)
