"""The history checker itself: a right history is found right, and one that breaks a rule is found
to break that rule and no other.
"""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.history import (
    Event,
    Log,
    judge,
    missing_decisions,
    read,
    unsettled_decisions,
    unsettled_orders,
)
from tests.support.history.holding import longest_gap

OPEN = datetime(2012, 10, 15, 14, 0, tzinfo=UTC)
SPEED = 60.0
Broken = Callable[[list[Event]], None]


def at(second: float, event: str, **fields: Any) -> Event:
    """An event so many real seconds after the beginning."""
    market = (OPEN + timedelta(seconds=second * SPEED)).isoformat()
    return {"event": event, "at": 1000.0 + second, "market": market, **fields}


def bar(minute: int) -> str:
    return (OPEN + timedelta(minutes=minute)).isoformat()


def seated(second: float, desk: str, epoch: int, pod: str = "p1", seat: int = 0) -> Event:
    more = {"instruments": ["I"], "interval": "1m", "resume_after": OPEN.isoformat()}
    told = {"desk": desk, "lease_epoch": epoch, "pod": pod, "seat": seat}
    return at(second, "desk_seated", **told, **more)


def decided(second: float, minute: int, entry: str, **other: Any) -> Event:
    told = {"desk": "d1", "bar_end": bar(minute), "lease_epoch": 1, "phase_epoch": 2, "pod": "p1"}
    return at(second, "decision_published", **(told | other), entry=entry)


def executed(second: float, minute: int, outcome: str = "no_orders", **other: Any) -> Event:
    told = {"decision": f"x{minute}", "desk": "d1", "bar_end": bar(minute), "lease_epoch": 1}
    return at(second, "decision_executed", **(told | {"orders": 0} | other), outcome=outcome)


def holds(second: float, agent: str, epoch: int) -> Event:
    return at(second, "agent_activated", pod="p1", agent=agent, pid=7, phase_epoch=epoch)


def committed(second: float, phase: str, epoch: int) -> Event:
    return at(second, "phase_committed", pod="p1", phase=phase, phase_epoch=epoch)


def submitted(second: float, minute: int) -> Event:
    told = {"desk": "d1", "order": "o1", "client_order_id": "c1", "quantity": "5"}
    more = {"instrument": "I", "bar_end": bar(minute), "lease_epoch": 1}
    return at(second, "order_submitted", **told, **more)


def filled(second: float, minute: int, fill: str = "f1") -> Event:
    told = {"desk": "d1", "order": "o1", "fill": fill, "instrument": "I", "side": "buy"}
    money = {"quantity": "5", "price": "10.00", "fee": "0.50"}
    return at(second, "order_filled", **told, **money, bar_end=bar(minute))


def unseated(second: float, epoch: int) -> Event:
    return at(second, "desk_unseated", desk="d1", pod="p1", lease_epoch=epoch)


def acted(second: float, pid: int) -> Event:
    return at(second, "agent_acted", pod="p1", agent="trading", pid=pid, phase_epoch=2)


def right() -> list[Event]:
    """One pod, one desk: trading, a decision that buys, its fill; then learning, then the end."""
    until = OPEN + timedelta(minutes=10)
    segments = [
        {"phase": "trading", "starts": OPEN.isoformat(), "ends": until.isoformat()},
        {"phase": "learning", "starts": until.isoformat(), "ends": bar(10_000)},
    ]
    books = {"starting_cash": "100", "cash": "49.50", "fees": "0.50", "positions": {"I": "5"}}
    return [
        at(0.0, "plan_published", pool="P", version=1, segments=segments),
        at(0.1, "pod_started", pod="p1", phase_epoch=1),
        seated(0.2, "d1", 1),
        committed(0.3, "trading", 2),
        holds(0.4, "trading", 2),
        *(at(m, "bars_closed", interval="1m", end=bar(m), instruments=["I"]) for m in (1, 2)),
        decided(1.1, 1, "10-0"),
        executed(1.2, 1, "executed", orders=1),
        submitted(1.2, 1),
        decided(2.1, 2, "20-0"),
        executed(2.2, 2),
        filled(2.3, 2),
        at(2.3, "books", desk="d1", **books),
        at(2.4, "order_ended", desk="d1", order="o1", state="filled"),
        at(10.0, "agent_quiesced", pod="p1", agent="trading", pid=7),
        committed(10.1, "learning", 3),
        holds(10.2, "learning", 3),
        at(30.0, "agent_ended", pod="p1", agent="learning", pid=8),
    ]


def add(*events: Event) -> Broken:
    return lambda history: history.extend(copy.deepcopy(events))


def change(name: str, **fields: Any) -> Broken:
    """Another value in the first event of that name."""
    return lambda history: next(e for e in history if e["event"] == name).update(fields)


def all_of(*ways: Broken) -> Broken:
    def broken(history: list[Event]) -> None:
        for way in ways:
            way(history)

    return broken


def drop(name: str) -> Broken:
    return lambda history: history.remove(next(e for e in history if e["event"] == name))


CASES: dict[str, tuple[Broken, ...]] = {
    "lease epoch rises": (add(seated(3.0, "d1", 1, "p2")),),
    "a lease is one desk's": (add(seated(3.0, "d2", 1, seat=1)),),
    "ten seats": (add(*(seated(3.0, f"e{n}", 10 + n, seat=n) for n in range(1, 11))),),
    "one desk a seat": (add(seated(3.0, "d2", 5)),),
    "phase epoch rises": (
        add(committed(11.0, "learning", 3)),
        add(at(40.0, "pod_started", pod="p1", phase_epoch=3)),
    ),
    "decisions while trading": (
        change("phase_committed", phase="learning"),
        add(decided(11.0, 3, "30-0", phase_epoch=3)),
    ),
    "one agent a pod": (
        add(holds(5.0, "learning", 3)),
        add(*(acted(second, pid) for second in (0.4, 29.9) for pid in (7, 8))),
    ),
    "never neither": (
        all_of(change("agent_ended", at=1012.0), add(at(30.0, "desk_state"))),
        add(at(0.1, "pod_started", pod="p2", phase_epoch=1)),
        add(at(11.0, "pod_killed", pod="p1")),
        all_of(change("agent_ended", at=1012.0), add(holds(40.0, "learning", 3))),
        add(at(11.0, "pod_killed", pod="p1"), holds(40.0, "learning", 3)),
    ),
    "one decision a bar": (add(decided(2.5, 2, "")),),
    "decided under a lease": (change("decision_published", pod="p9", phase_epoch=2),),
    "decisions in order": (
        add(decided(3.0, 3, "15-0")),
        add(seated(1.9, "d1", 2), decided(2.0, 3, "15-0", lease_epoch=2)),
    ),
    "executed once, in order": (
        add(executed(2.5, 2, decision="other")),
        add(executed(2.5, 1, "recorded", decision="other")),
    ),
    "superseded by a later one": (add(executed(3.1, 3, "superseded")),),
    "expired in time": (add(executed(3.9, 3, "expired")),),
    "one order an identity": (add(submitted(1.3, 1) | {"order": "o2"}),),
    "one fill an identity": (add(filled(2.5, 2)),),
    "an order ends once": (add(at(2.5, "order_ended", desk="d1", order="o1", state="filled")),),
    "no order from a stale lease": (
        add(seated(1.15, "d1", 2, "p2")),
        add(unseated(1.15, 1)),
    ),
    "no order lost": (change("decision_executed", orders=2), drop("order_submitted")),
    "fills have orders": (change("order_filled", order="nobody's"),),
    "never overfilled": (change("order_submitted", quantity="4"),),
    "fills come after the decision": (change("order_filled", bar_end=bar(1)),),
    "books balance": (
        change("books", cash="49.52"),
        change("books", fees="0.40"),
        change("books", positions={"I": "4"}),
    ),
}
"""Rule → histories that break it, each by one change of the right one."""

ALSO = {
    "decided under a lease": {"decisions while trading"},
    "one fill an identity": {"never overfilled", "books balance"},
    "one order an identity": {"no order lost"},
    "no order lost": {"fills have orders"},
}
"""What a broken history may break besides."""


def judged(history: list[Event]) -> set[str]:
    ordered = sorted(history, key=lambda event: event["at"])
    return {fault.partition(":")[0] for fault in judge(ordered).faults}


def test_a_right_history_is_found_right() -> None:
    history = right()
    until = OPEN + timedelta(minutes=5)
    assert judged(history) == set()
    assert missing_decisions(history, until=until) == []
    assert unsettled_decisions(history, until=until) == []
    assert unsettled_orders(history, until=until) == []
    assert longest_gap(history) < 0.3


@pytest.mark.parametrize(
    ("rule", "broken"),
    [pytest.param(rule, one, id=rule) for rule, ways in CASES.items() for one in ways],
)
def test_a_broken_rule_is_found(rule: str, broken: Broken) -> None:
    history = right()
    broken(history)
    found = judged(history)
    assert rule in found
    assert found <= {rule} | ALSO.get(rule, set())


@pytest.mark.parametrize("name", ["decision_published", "decision_streamed"])
def test_a_bar_without_a_decision_is_missing(name: str) -> None:
    history = [event for event in right() if event.get("bar_end") != bar(1)]
    assert missing_decisions(history, until=OPEN + timedelta(minutes=5)) == [("d1", bar(1))]
    history.append(decided(1.1, 1, "10-0") | {"event": name})
    assert missing_decisions(history, until=OPEN + timedelta(minutes=5)) == []


def test_a_decision_that_was_fenced_is_none() -> None:
    history = right()
    next(e for e in history if e["event"] == "decision_executed")["outcome"] = "fenced"
    assert missing_decisions(history, until=OPEN + timedelta(minutes=5)) == [("d1", bar(1))]


def test_a_decision_that_nobody_settled_is_told() -> None:
    history = [e for e in right() if e["event"] != "decision_executed" or e["orders"] == 0]
    assert unsettled_decisions(history, until=OPEN + timedelta(minutes=5)) == [("d1", bar(1))]


@pytest.mark.parametrize("ended", [[], ["filled"]])
def test_an_order_of_which_nothing_came_is_told(ended: list[str]) -> None:
    lost = ("order_filled", "order_ended")
    history = [event for event in right() if event["event"] not in lost]
    history += [at(2.4, "order_ended", desk="d1", order="o1", state=state) for state in ended]
    assert unsettled_orders(history, until=OPEN + timedelta(minutes=5)) == [("d1", "c1")]
    assert unsettled_orders(history, until=OPEN + timedelta(minutes=1)) == []


@pytest.mark.parametrize(
    "broken", [change("order_ended", state="cancelled"), change("order_submitted", instrument="J")]
)
def test_an_order_that_ended_or_had_no_bar_is_settled(broken: Broken) -> None:
    history = [event for event in right() if event["event"] != "order_filled"]
    broken(history)
    assert unsettled_orders(history, until=OPEN + timedelta(minutes=5)) == []


def test_what_is_too_old_may_expire_and_supersede() -> None:
    history = right()
    history += [executed(4.5, 3, "expired"), executed(4.6, 2, "superseded", decision="other")]
    assert judged(history) == set()


@pytest.mark.parametrize("way", ["pod_left", "pod_lost"])
def test_a_pod_that_is_gone_has_no_gap(way: str) -> None:
    history = right()
    history[-1] = at(30.0, way, pod="p1")
    history += [at(30.1, "agent_ended", pod="p1", agent="learning"), at(90.0, "desk_state")]
    assert judged(history) == set()


def short_segments(learns: set[int]) -> list[Event]:
    """Nine real seconds of trading, five of learning, and so on; learning in some of them."""
    history, segments, epoch = right()[:4], [], 2
    for number in range(6):
        begins = 14 * number
        segments += [
            {"phase": "trading", "starts": bar(begins), "ends": bar(begins + 9)},
            {"phase": "learning", "starts": bar(begins + 9), "ends": bar(begins + 14)},
        ]
        phases = [("trading", begins), *([("learning", begins + 9)] if number in learns else [])]
        for phase, starts in phases:
            epoch += 1
            history += [committed(starts + 0.4, phase, epoch), holds(starts + 0.5, phase, epoch)]
            history.append(at(starts + (8.9 if phase == "trading" else 4.9), "agent_quiesced"))
            history[-1] |= {"pod": "p1", "agent": phase, "pid": 7}
    history[0]["segments"] = segments
    return [*history, at(84.5, "desk_state")]


def test_learning_that_never_starts_is_told_though_each_segment_is_short() -> None:
    """The first two segments are too near to the pod's start and to a fault, the others add up."""
    assert judged(short_segments({0, 1, 2, 3, 4, 5})) == set()
    assert judged(short_segments({3})) == set()
    history = short_segments(set())
    assert judged(history) == {"learning starts"}
    history.append(at(40.0, "fault_injected", victim="p1", seconds=1.0, pods=["p1"]))
    assert judged(history) == set()


def test_time_in_which_nothing_could_be_done_is_no_gap() -> None:
    """Learning dies at 12 s; the pod is frozen until 20 s, and works again at 30 s."""
    history = right()
    history[-1]["at"] = 1012.0
    history.append(holds(30.0, "learning", 3))
    assert longest_gap(history) == pytest.approx(18.0)
    history.append(at(12.0, "fault_injected", victim="p1", pods=["p1"], seconds=8.0))
    history.sort(key=lambda event: event["at"])
    assert longest_gap(history) == pytest.approx(10.0)
    assert judged(history) == set()


def test_time_in_which_the_plan_wants_nobody_is_no_gap() -> None:
    history = right()
    history[-1]["at"] = 1012.0
    history.append(holds(30.0, "learning", 3))
    paused = {"phase": "paused", "starts": bar(12), "ends": bar(29)}
    history[0]["segments"].append(paused)
    history[0]["segments"][1]["ends"] = bar(12)
    later = {"phase": "learning", "starts": bar(29), "ends": bar(10_000)}
    history[0]["segments"].append(later)
    assert longest_gap(history) == pytest.approx(1.0, abs=0.01)


def test_a_machine_without_time_is_given_more() -> None:
    """Eighteen seconds are too long, but not where work takes twice its time."""
    history = right()
    history[-1]["at"] = 1012.0
    history.append(holds(30.0, "learning", 3))
    assert judged(history) == {"never neither"}
    history.append(at(20.0, "machine_measured", slowness=2.0))
    assert judged(history) == set()


def test_no_machine_is_so_slow_that_everything_is_excused() -> None:
    history = right()
    history[-1]["at"] = 1012.0
    history += [holds(59.0, "learning", 3), at(20.0, "machine_measured", slowness=9.0)]
    assert judged(history) == {"never neither"}


def test_learning_that_is_done_holds_its_pod() -> None:
    history = right()
    history[-1]["at"] = 1012.0
    history.insert(-1, at(11.9, "agent_idle", pod="p1", agent="learning", pid=8))
    history.append(committed(40.0, "trading", 4))
    assert longest_gap(history) < 0.3


def test_a_killed_writers_lines_are_read_as_far_as_they_go(tmp_path: Path) -> None:
    """A torn line is left out, a recovered one counts where there is no other."""
    first, second = executed(1.2, 1), executed(1.3, 1) | {"recovered": True}
    other = executed(2.2, 2) | {"recovered": True}
    lines = [json.dumps(event) for event in (first, second, other)]
    (tmp_path / "a.jsonl").write_text("\n".join([*lines, lines[0][:20]]))
    told = [(event["decision"], event.get("recovered", False)) for event in read(tmp_path)]
    assert told == [("x1", False), ("x2", True)]


def test_who_looks_again_reads_what_has_come_since(tmp_path: Path) -> None:
    """Also lines of other files that are older, and the rest of a line that was half written."""
    log, first, second = Log(tmp_path), json.dumps(executed(3.0, 3)), json.dumps(executed(4.0, 4))
    (tmp_path / "a.jsonl").write_text(first + "\n" + second[:20])
    assert [event["decision"] for event in log.read()] == ["x3"]
    (tmp_path / "a.jsonl").write_text(first + "\n" + second + "\n")
    (tmp_path / "b.jsonl").write_text(json.dumps(executed(1.0, 1)) + "\n")
    assert [event["decision"] for event in log.read()] == ["x1", "x3", "x4"]
    assert log.read() == read(tmp_path)
