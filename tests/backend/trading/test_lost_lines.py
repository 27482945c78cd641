"""A line that was lost between a commit and the raw event log is found, and written once."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from backend.state import State
from backend.trading.brokers.paper import Matcher
from backend.trading.executor import DecisionConsumer
from backend.trading.lost_lines import LostLines
from market.eventlog import EventLog
from tests.support.build_trading import (
    AAPL,
    IBM,
    T0,
    Desks,
    bar,
    decision,
    publish_bars,
)
from tests.support.history import judge, of, read


@asynccontextmanager
async def logged(desks: Desks, folder: Path, *, named: str = "backend") -> AsyncIterator[State]:
    """The state of a back end that keeps its log in the folder, or, of another name, elsewhere."""
    events = EventLog(folder if named == "backend" else folder / named, "backend", desks.hand.clock)
    yield replace(desks.state, events=events)
    events.close()


async def trade(state: State, desks: Desks) -> None:
    """One decision's two orders, and their fills, told to the state's log."""
    await desks.decide(decision(desks.desk, {AAPL: 0.5, IBM: 0.25}))
    assert await desks.execute(DecisionConsumer(state)) == 1
    await publish_bars(state.redis, bar(AAPL, T0), bar(IBM, T0))
    assert await Matcher(state).step(block_ms=1) == 2


async def test_a_killed_process_leaves_no_gap(desks: Desks, tmp_path: Path) -> None:
    """What it committed and never told comes after it, and the history is right again."""
    async with logged(desks, tmp_path) as other:
        other.events.write("began")
        async with logged(desks, tmp_path, named="lost") as killed:
            await trade(killed, desks)
        found = LostLines(other, tmp_path)
        assert [await found.step() for _ in range(4)] == [0, 0, 5, 0]
    events = read(tmp_path)
    names = [event["event"] for event in events if event.get("recovered")]
    once, twice = ["decision_executed", "books"], ["order_submitted", "order_filled", "order_ended"]
    assert Counter(names) == Counter([*once, *twice, *twice])
    judgement = judge(events)
    assert judgement.faults == []
    (lost,) = of(read(tmp_path / "lost"), "decision_executed")
    (late,) = of(events, "decision_executed")
    fields = ("decision", "desk", "bar_end", "lease_epoch", "outcome", "orders")
    assert [late[name] for name in fields] == [lost[name] for name in fields]
    assert float(late["at"]) == pytest.approx(float(lost["at"]), abs=5.0)


async def test_without_recovery_the_checker_sees_the_gap(desks: Desks, tmp_path: Path) -> None:
    """The fills' lines alone, as a kill between the two commits would leave them."""
    async with logged(desks, tmp_path) as alive, logged(desks, tmp_path, named="lost") as killed:
        alive.events.write("began")
        await desks.decide(decision(desks.desk, {AAPL: 0.5}))
        await desks.execute(DecisionConsumer(killed))
        await publish_bars(alive.redis, bar(AAPL, T0))
        await Matcher(alive).step(block_ms=1)
        assert [fault.partition(":")[0] for fault in judge(read(tmp_path)).faults] == [
            "fills have orders"
        ]
        found = LostLines(alive, tmp_path)
        assert [await found.step() for _ in range(3)] == [0, 0, 2]
    assert judge(read(tmp_path)).faults == []


async def test_what_is_told_is_not_told_again(desks: Desks, tmp_path: Path) -> None:
    async with logged(desks, tmp_path) as state:
        await trade(state, desks)
        found = LostLines(state, tmp_path)
        assert [await found.step() for _ in range(3)] == [0, 0, 0]


async def test_a_line_that_was_only_late_counts_once(desks: Desks, tmp_path: Path) -> None:
    """Two back ends: one is slow to tell, the other has told for it meanwhile."""
    async with logged(desks, tmp_path) as other:
        other.events.write("began")
        async with logged(desks, tmp_path, named="slow") as slow:
            await trade(slow, desks)
        found = LostLines(other, tmp_path)
        for _ in range(3):
            await found.step()
        (late,) = (tmp_path / "slow").glob("*.jsonl")
        late.rename(tmp_path / "backend-slow.jsonl")
    judgement = judge(read(tmp_path))
    assert judgement.faults == []
    assert judgement.counts["event order_submitted"] == 2
    assert judgement.counts["event order_filled"] == 2
