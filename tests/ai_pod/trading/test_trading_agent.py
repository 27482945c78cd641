"""The trading agent as a process of a pod: where it begins, what it holds, what it leaves."""

import asyncio
from datetime import timedelta

import msgspec
import numpy as np
import pytest

from ai_pod.contracts import keys
from ai_pod.contracts.agents import AgentName
from ai_pod.contracts.live import Frame
from ai_pod.contracts.plan import Phase
from ai_pod.contracts.signals import Fault
from ai_pod.memory.handoffs import Handoffs
from ai_pod.orchestrator import switch
from market.history import History
from market.series import Bars
from market.words import Instrument, Interval
from tests.support.build_pod import (
    INSTRUMENTS,
    MINUTE,
    OPEN,
    Stage,
    always,
    bars,
    holds,
    running,
    seat,
    until,
)


async def _decided(stage: Stage, count: int) -> bool:
    return len(await stage.decided()) >= count


async def _minutes(stage: Stage, *minutes: int) -> None:
    generator = np.random.default_rng(11)
    for minute in minutes:
        closes = 100.0 + generator.normal(0.0, 1.0, 2)
        await stage.close(bars(OPEN + minute * MINUTE, closes.tolist()))


async def test_a_moved_desk_goes_on_after_its_last_bar(stage: Stage) -> None:
    await stage.announce(always(Phase.TRADING))
    moved = seat("moved", lease_epoch=9, resume_after=OPEN + 2 * MINUTE)
    await stage.sit(moved, seat("new", seat=1))
    await _minutes(stage, 1, 2, 3, 4)
    async with running(stage.orchestrator()) as pod:
        await holds(pod, Phase.TRADING)
        await until(lambda: _decided(stage, 2))
        await _minutes(stage, 5)
        await until(lambda: _decided(stage, 4))
        await stage.sit(moved, seat("new", seat=1), seat("late", seat=2), revision=2)
        await pod.refresh_seats()
        await until(lambda: stage.redis.exists(keys.decided("late")))
        await _minutes(stage, 6)
        await until(lambda: _decided(stage, 7))
    after = {"moved": (3, 4, 5, 6), "new": (5, 6), "late": (6,)}
    expected = [(desk, OPEN + m * MINUTE) for desk, at in after.items() for m in at]
    assert sorted(await stage.decided()) == sorted(expected)


async def test_signals_reach_the_outbox_with_a_full_window(stage: Stage) -> None:
    await stage.announce(always(Phase.TRADING))
    terms = {"policy_version": "rule:momentum@1", "resume_after": OPEN}
    await stage.sit(*(seat(f"d{n}", seat=n, **terms) for n in range(3)))
    await _minutes(stage, *range(-39, 1))
    async with running(stage.orchestrator()) as pod:
        await holds(pod, Phase.TRADING)
        await _minutes(stage, *range(1, 21))
        await until(lambda: _decided(stage, 60))
        decisions = await stage.decisions()
        signalled = [d for d in decisions if d.signals]
        await until(lambda: len(stage.frames) >= len(signalled))
    assert signalled
    assert all(d.synthetic for d in decisions)
    frames = [msgspec.json.decode(sent.frame, type=Frame) for sent in stage.frames]
    for desk in ("d0", "d1", "d2"):
        mine = [frame for frame in frames if frame.desk == desk]
        assert [f.prev for f in mine][1:] == [f.seq for f in mine][:-1]
        entries = await stage.redis.xrange(keys.live(desk))
        assert [entry.decode() for entry, _ in entries] == [f.seq for f in mine]
    assert {f.data["weights"].keys() == set(INSTRUMENTS) for f in frames} == {True}


async def test_the_window_comes_from_history(stage: Stage) -> None:
    ends = np.array([(OPEN - n * MINUTE).timestamp() for n in range(60, 0, -1)]) * 1e9
    rising = np.linspace(100.0, 120.0, 60)
    for name in INSTRUMENTS:
        venue, symbol = name.split(":")
        await asyncio.to_thread(
            History(str(stage.folder / "history")).write,
            Instrument(venue=venue, symbol=symbol),
            Interval.MINUTE,
            Bars(ends.astype(np.int64), rising, rising, rising, rising, rising),
        )
    await stage.announce(always(Phase.TRADING))
    await stage.sit(seat(policy_version="rule:momentum@1"))
    async with running(stage.orchestrator()) as pod:
        await holds(pod, Phase.TRADING)
        await until(lambda: stage.redis.exists(keys.decided("desk-1")))
        await stage.close(bars(OPEN + timedelta(hours=9), (121.0, 121.0)))
        await until(lambda: _decided(stage, 1))
    [decision] = await stage.decisions()
    assert [s.instrument for s in decision.signals] == list(INSTRUMENTS)


async def test_an_unfit_policy_is_told_at_every_bar_and_the_others_go_on(stage: Stage) -> None:
    await stage.announce(always(Phase.TRADING))
    unknown = seat("odd", policy_version="rule:fortune-teller@1")
    missing = seat("gone", seat=1, policy_version="sha256:" + "0" * 64)
    await stage.sit(unknown, missing, seat("fine", seat=2))
    await stage.close(bars(OPEN))
    async with running(stage.orchestrator()) as pod:
        await holds(pod, Phase.TRADING)
        await until(lambda: stage.redis.exists(keys.decided("fine")))
        await _minutes(stage, 1, 2)
        await until(lambda: _decided(stage, 6))
        decisions = await stage.decisions()
    assert len(decisions) == 6
    assert {d.desk: d.fault for d in decisions} == {
        "fine": None,
        "odd": Fault.REFUSED,
        "gone": Fault.REFUSED,
    }
    assert any("fortune-teller" in d.fault_detail for d in decisions if d.desk == "odd")
    assert all(set(d.weights.values()) == {0.0} and not d.signals for d in decisions if d.fault)


async def test_the_desk_s_exposure_is_what_signals_are_told_against(stage: Stage) -> None:
    held = {
        "equity": "1000.00",
        "automatic": True,
        "positions": [
            {"instrument": INSTRUMENTS[0], "last_price": "100.00", "quantity": "4"},
            {"instrument": INSTRUMENTS[1], "last_price": "100.00", "quantity": "1"},
        ],
    }
    await stage.redis.set(keys.desk("desk-1"), msgspec.json.encode(held))
    await stage.announce(always(Phase.TRADING))
    await stage.sit(seat())
    await _minutes(stage, *range(-39, 1))
    async with running(stage.orchestrator()) as pod:
        await holds(pod, Phase.TRADING)
        await until(lambda: stage.redis.exists(keys.decided("desk-1")))
        await stage.close(bars(OPEN + MINUTE, (100.0, 100.0)))
        await until(lambda: _decided(stage, 1))
    [decision] = await stage.decisions()
    [signal] = decision.signals
    assert signal.instrument == INSTRUMENTS[1]
    assert (signal.weight_before, signal.weight_after) == (0.1, 0.4)


async def test_a_desk_that_leaves_is_handed_off(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(switch.QUIESCE_SECONDS, AgentName.TRADING, 60.0)
    monkeypatch.setattr(switch, "HAND_OFF_SECONDS", 60.0)
    await stage.announce(always(Phase.TRADING))
    await stage.sit(seat("a"), seat("b", seat=1))
    await stage.close(bars(OPEN))
    async with running(stage.orchestrator()) as pod:
        await holds(pod, Phase.TRADING)
        await until(lambda: stage.redis.exists(keys.decided("b")))
        await _minutes(stage, 1)
        await until(lambda: _decided(stage, 2))
        await stage.sit(seat("b", seat=1), revision=2)
        await pod.refresh_seats()
        await until(lambda: stage.redis.exists(keys.handoff("a")))
        found = await Handoffs(stage.redis).read(["a", "b"])
        assert found["a"].bar_end == OPEN + MINUTE
        await stage.announce(always(Phase.PAUSED, version=2))
        await holds(pod, Phase.PAUSED)
        assert set(await Handoffs(stage.redis).read(["a", "b"])) == {"a", "b"}
        damaged = await stage.redis.get(keys.handoff("a"))
        await stage.redis.set(keys.handoff("a"), damaged.replace(b'"sha256":"', b'"sha256":"0'))
        assert set(await Handoffs(stage.redis).read(["a", "b"])) == {"b"}


async def test_bars_that_cannot_be_read_are_passed_over(stage: Stage) -> None:
    await stage.announce(always(Phase.TRADING))
    await stage.sit(seat())
    await stage.close(bars(OPEN))
    async with running(stage.orchestrator()) as pod:
        await holds(pod, Phase.TRADING)
        await until(lambda: stage.redis.exists(keys.decided("desk-1")))
        await stage.redis.xadd("market:bars:1m", {"j": b"no bars"})
        await _minutes(stage, 1)
        await until(lambda: _decided(stage, 1))
        assert len(stage.events("agent_started")) == 1
