"""Rules of phases: a pod's epochs rise, and only a trading phase decides."""

from collections import defaultdict

from tests.support.history.judgement import Judgement
from tests.support.history.reading import Event, of


def judge(events: list[Event], judgement: Judgement) -> None:
    _epochs_rise(events, judgement)
    _decisions_while_trading(events, judgement)


def _epochs_rise(events: list[Event], judgement: Judgement) -> None:
    """Over all lives of a pod; a life begins above the one before, and paused."""
    last: dict[str, int] = defaultdict(int)
    for event in of(events, "phase_committed", "pod_started"):
        pod, epoch = event["pod"], int(event["phase_epoch"])
        if epoch <= last[pod]:
            judgement.fault("phase epoch rises", f"{pod}: {epoch} after {last[pod]}")
        last[pod] = epoch


def _decisions_while_trading(events: list[Event], judgement: Judgement) -> None:
    """A decision is published under the phase epoch of a trading phase of its pod."""
    trading: dict[tuple[str, int], bool] = {}
    for event in of(events, "phase_committed"):
        trading[event["pod"], int(event["phase_epoch"])] = event["phase"] == "trading"
    for event in of(events, "decision_published", "decision_streamed"):
        key = (event["pod"], int(event["phase_epoch"]))
        if not trading.get(key, False):
            judgement.fault("decisions while trading", f"{event['desk']} {event['bar_end']} {key}")
