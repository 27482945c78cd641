"""The emission script on a real Redis: what is stale is fenced, what is done is not done again."""

from datetime import datetime
from typing import Any

import msgspec
import pytest

from ai_pod.agents.trading.publishing import Outcome, Publisher
from ai_pod.contracts import keys
from ai_pod.contracts.agents import PhaseRecord
from ai_pod.contracts.live import Frame, FrameKind
from ai_pod.contracts.plan import Phase
from ai_pod.contracts.signals import Decision, Signal
from market.clock import Anchor
from market.words import Interval
from tests.support.build_pod import MINUTE, OPEN, POD, Stage

SIGNAL = Signal(
    instrument="XNYS:IBM",
    weight_before=0.0,
    weight_after=0.4,
    price=200.0,
    score=1.0,
    base=0.5,
    contributions={"momentum_8": 0.5},
    reason="because",
)
ANCHOR = Anchor(market=OPEN, wall=1.0, speed=60.0)


def decision(bar_end: datetime = OPEN, **fields: Any) -> Decision:
    usual: dict[str, Any] = {
        "desk": "desk-1",
        "organisation": "org-1",
        "pod": POD,
        "bar_end": bar_end,
        "interval": Interval.MINUTE,
        "policy_line": "line-1",
        "policy_version": "rule:equal-weight@1",
        "lease_epoch": 1,
        "phase_epoch": 3,
        "weights": {"XNYS:IBM": 0.4},
        "prices": {"XNYS:IBM": 200.0},
        "signals": (SIGNAL,),
        "published_wall": 1.0,
    }
    return Decision(**(usual | fields))


async def phase(stage: Stage, phase: Phase = Phase.TRADING, epoch: int = 3) -> None:
    record = PhaseRecord(pod=POD, phase=phase, phase_epoch=epoch, committed_at=0.0)
    await stage.redis.set(keys.phase(POD), msgspec.json.encode(record))


@pytest.fixture
async def publisher(stage: Stage) -> Publisher:
    await phase(stage)
    return Publisher(stage.redis, POD, ANCHOR)


async def test_a_decision_with_its_frame(stage: Stage, publisher: Publisher) -> None:
    [first] = await publisher.publish([decision()])
    [second] = await publisher.publish([decision(OPEN + MINUTE)])
    assert first.frame is not None
    assert second.frame is not None
    frames = [msgspec.json.decode(sent.frame, type=Frame) for sent in (first, second)]
    assert frames[0].prev is None
    assert frames[1].prev == frames[0].seq
    entries = await stage.redis.xrange(keys.live("desk-1"))
    assert [entry.decode() for entry, _ in entries] == [frame.seq for frame in frames]
    stored = msgspec.json.decode(entries[0][1][b"j"], type=Frame)
    assert (stored.kind, stored.desk, stored.data["signals"][0]["score"]) == (
        FrameKind.SIGNAL,
        "desk-1",
        1.0,
    )
    assert frames[0].epoch == (await stage.redis.get(keys.live_epoch())).decode()
    assert await stage.decisions() == [decision(), decision(OPEN + MINUTE)]


async def test_a_bar_s_decisions_are_answered_in_order(stage: Stage, publisher: Publisher) -> None:
    await publisher.publish([decision(desk="b")])
    bar = [decision(desk="a"), decision(desk="b"), decision(desk="c", signals=())]
    answers = await publisher.publish(bar)
    assert [answer.outcome for answer in answers] == ["published", "duplicate", "published"]
    assert [answer.frame is None for answer in answers] == [False, True, True]
    assert [d.desk for d in await stage.decisions()] == ["b", "a", "c"]


async def test_without_signals_there_is_no_frame(stage: Stage, publisher: Publisher) -> None:
    [answer] = await publisher.publish([decision(signals=())])
    assert answer.outcome is Outcome.PUBLISHED
    assert answer.frame is None
    assert not await stage.redis.exists(keys.live("desk-1"))


async def test_a_bar_is_decided_once(stage: Stage, publisher: Publisher) -> None:
    [first] = await publisher.publish([decision(OPEN + MINUTE)])
    [older] = await publisher.publish([decision(OPEN)])
    [same] = await publisher.publish([decision(OPEN + MINUTE)])
    assert (older.outcome, older.entry) == (Outcome.DUPLICATE, "")
    assert (same.outcome, same.entry) == (Outcome.DUPLICATE, first.entry)
    assert len(await stage.decisions()) == 1


async def test_a_lower_lease_is_fenced_and_a_higher_one_begins_again(
    stage: Stage, publisher: Publisher
) -> None:
    moved = decision(OPEN, lease_epoch=5)
    [_, replayed, late] = await publisher.publish(
        [decision(OPEN + MINUTE), moved, decision(OPEN + 2 * MINUTE, lease_epoch=4)]
    )
    assert replayed.outcome is Outcome.PUBLISHED
    assert late.outcome is Outcome.FENCED
    assert [d.lease_epoch for d in await stage.decisions()] == [1, 5]


@pytest.mark.parametrize(
    ("held", "epoch", "outcome"),
    [
        (Phase.TRADING, 4, Outcome.PHASE_OVER),
        (Phase.LEARNING, 3, Outcome.PHASE_OVER),
        (Phase.LEARNING, 4, Outcome.PHASE_OVER),
        (Phase.LEARNING, 2, Outcome.BEHIND),
    ],
)
async def test_a_stale_phase_publishes_nothing(
    stage: Stage, publisher: Publisher, held: Phase, epoch: int, outcome: Outcome
) -> None:
    await phase(stage, held, epoch)
    [answer] = await publisher.publish([decision()])
    assert answer.outcome is outcome
    assert not await stage.decisions()


async def test_an_unknown_phase_is_waited_for(stage: Stage, publisher: Publisher) -> None:
    await stage.redis.delete(keys.phase(POD))
    [answer] = await publisher.publish([decision()])
    assert answer.outcome is Outcome.BEHIND


async def test_the_script_is_loaded_again(stage: Stage, publisher: Publisher) -> None:
    await publisher.publish([decision()])
    await stage.redis.script_flush()
    [answer] = await publisher.publish([decision(OPEN + MINUTE)])
    assert answer.outcome is Outcome.PUBLISHED
