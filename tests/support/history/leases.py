"""Rules of seats: who sits where, under rising epochs."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from tests.support.history.judgement import Judgement
from tests.support.history.reading import Event, instant, of

SEATS = 10


def judge(events: list[Event], judgement: Judgement) -> None:
    """A desk sits on one pod at a time, under rising epochs; a pod has ten seats, each for one."""
    where: dict[str, Event] = {}
    epochs: dict[str, int] = defaultdict(int)
    granted: dict[int, str] = {}
    for event in of(events, "desk_seated", "desk_unseated"):
        desk, epoch = event["desk"], int(event["lease_epoch"])
        if event["event"] == "desk_unseated":
            if desk in where and int(where[desk]["lease_epoch"]) == epoch:
                del where[desk]
            continue
        if epoch <= epochs[desk]:
            judgement.fault("lease epoch rises", f"{desk} seated with {epoch} after {epochs[desk]}")
        if granted.setdefault(epoch, desk) != desk:
            judgement.fault("a lease is one desk's", f"{epoch}: {granted[epoch]} and {desk}")
        epochs[desk] = epoch
        where[desk] = event
        _seat_is_free(where, event, judgement)


def _seat_is_free(where: dict[str, Event], event: Event, judgement: Judgement) -> None:
    beside = [one for one in where.values() if one["pod"] == event["pod"]]
    if len(beside) > SEATS:
        judgement.fault("ten seats", f"{event['pod']} holds {len(beside)} desks")
    seat = event.get("seat")
    on_it = [one["desk"] for one in beside if seat is not None and one.get("seat") == seat]
    if len(on_it) > 1:
        judgement.fault("one desk a seat", f"{event['pod']}/{seat}: {', '.join(sorted(on_it))}")


def seated_spans(events: list[Event]) -> Iterator[Event]:
    """Market time over which each desk was seated, moves bridged by `resume_after`."""
    seatings = list(of(events, "desk_seated"))
    ends = {
        (e["desk"], int(e["lease_epoch"])): instant(e["market"])
        for e in of(events, "desk_unseated")
    }
    for event in seatings:
        desk, epoch = event["desk"], int(event["lease_epoch"])
        resume = event.get("resume_after")
        later = [
            instant(other["resume_after"] or other["market"])
            for other in seatings
            if other["desk"] == desk and int(other["lease_epoch"]) > epoch
        ]
        closes = [ends.get((desk, epoch)), min(later, default=None)]
        yield {
            "desk": desk,
            "pod": event.get("pod", ""),
            "interval": event["interval"],
            "instruments": set(event["instruments"]),
            "starts": instant(resume) if resume else instant(event["market"]),
            "ends": min(
                (end for end in closes if end is not None),
                default=datetime.max.replace(tzinfo=instant(event["market"]).tzinfo),
            ),
        }
