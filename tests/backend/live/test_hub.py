"""The hub's order: whatever comes from pod or stream, in whatever interleaving, every socket gets
each durable frame once and in its order; bounded queues give way as promised.
"""

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pod.contracts.live import Frame, FrameKind
from backend.live import outbox as outboxes
from backend.live.frames import Framer
from backend.live.hub import Hub
from backend.live.outbox import Outbox
from backend.live.viewer import Viewer
from backend.streams import FIRST
from market.words import Tick
from tests.support.build_trading import AAPL, IBM, T0, HandClock, bar

FRAMES = 8


def make_hub() -> Hub:
    hub = Hub(Framer(HandClock().clock))
    hub.epoch = "life-1"
    return hub


def watcher(hub: Hub, desk: str = "ann", *, resumed: bool = True) -> Viewer:
    viewer = Viewer(desk, "org")
    hub.join(viewer, FIRST)
    if resumed:
        viewer.release()
    return viewer


def frame(number: int, *, prev: int | None = None, desk: str = "ann") -> Frame:
    before = number - 1 if prev is None else prev
    return Frame(
        kind=FrameKind.SIGNAL,
        data={"n": number},
        ts_source=T0,
        ts_sent=0.0,
        desk=desk,
        seq=f"{number}-0",
        prev=f"{before}-0" if before else None,
        epoch="life-1",
    )


def got(viewer: Viewer) -> list[int]:
    if not len(viewer.outbox):
        return []
    texts = asyncio.run(viewer.outbox.take())
    return [json.loads(text)["data"]["n"] for text in texts]


@given(
    st.lists(st.sampled_from(["pod", "stream"]), min_size=2 * FRAMES, max_size=4 * FRAMES),
    st.lists(st.booleans(), min_size=FRAMES, max_size=FRAMES),
)
def test_pod_and_stream_merge_into_one_order(turns: list[str], from_pod: list[bool]) -> None:
    """The pod sends some of the frames, early or late; the stream holds all of them."""
    hub = make_hub()
    viewer = watcher(hub)
    pods = [n for n in range(1, FRAMES + 1) if from_pod[n - 1]]
    entries = list(range(1, FRAMES + 1))
    for turn in turns:
        if turn == "pod" and pods:
            hub.on_pod_frame(frame(pods.pop(0)))
        elif entries:
            number = entries.pop(0)
            hub.on_entry("ann", f"{number}-0", frame(number))
    for number in entries:
        hub.on_entry("ann", f"{number}-0", frame(number))
    assert got(viewer) == list(range(1, FRAMES + 1))


def test_a_pods_frame_is_delivered_at_once_only_when_it_is_the_next() -> None:
    hub = make_hub()
    watcher(hub)
    assert hub.on_pod_frame(frame(1))
    assert not hub.on_pod_frame(frame(3))
    assert hub.on_entry("ann", "2-0", frame(2))
    assert hub.on_pod_frame(frame(3))
    assert not hub.on_entry("ann", "3-0", frame(3))


def test_desks_are_apart() -> None:
    hub = make_hub()
    ann, ben = watcher(hub), watcher(hub, "ben")
    hub.on_pod_frame(frame(1))
    hub.on_entry("ben", "1-0", frame(7, desk="ben"))
    assert (got(ann), got(ben)) == ([1], [7])


@given(st.integers(0, FRAMES), st.integers(0, FRAMES), st.booleans())
def test_a_resume_fills_the_gap_without_loss_or_doubling(
    seen: int, delivered: int, first_word: bool
) -> None:
    """It saw up to `seen`; `delivered` frames came before its resume was answered."""
    hub = make_hub()
    start = min(seen + 2, FRAMES)
    other = watcher(hub)
    for number in range(1, start + 1):
        hub.on_entry("ann", f"{number}-0", frame(number))
    viewer = watcher(hub, resumed=not first_word)
    until = min(start + delivered, FRAMES)
    for number in range(start + 1, until + 1):
        hub.on_entry("ann", f"{number}-0", frame(number))
    missed = [(f"{n}-0", json.dumps({"data": {"n": n}})) for n in range(seen + 1, until + 1)]
    viewer.replay(f"{seen}-0", missed)
    viewer.release()
    for number in range(until + 1, FRAMES + 1):
        hub.on_entry("ann", f"{number}-0", frame(number))
    numbers = got(viewer)
    assert sorted(numbers) == list(range(seen + 1, FRAMES + 1))
    if first_word:
        assert numbers == sorted(numbers)
    assert got(other) == list(range(1, FRAMES + 1))


@given(st.integers(0, FRAMES), st.integers(0, FRAMES))
def test_who_takes_frames_in_order_only_has_them_all_after_asking_again(
    seen: int, delivered: int
) -> None:
    """As the page does: what comes before something that was missed is dropped."""
    hub = make_hub()
    start = min(seen + 2, FRAMES)
    watcher(hub)
    for number in range(1, start + 1):
        hub.on_entry("ann", f"{number}-0", frame(number))
    viewer = watcher(hub)
    until = min(start + delivered, FRAMES)
    for number in range(start + 1, until + 1):
        hub.on_entry("ann", f"{number}-0", frame(number))
    taken = seen
    for _ in range(2):
        missed = [(f"{n}-0", json.dumps({"data": {"n": n}})) for n in range(taken + 1, until + 1)]
        viewer.replay(f"{taken}-0", missed)
        for number in got(viewer):
            taken = number if number == taken + 1 else taken
    assert taken == until


def test_the_last_one_to_leave_closes_the_channel() -> None:
    hub = make_hub()
    one, other = watcher(hub), watcher(hub)
    hub.leave(one)
    assert "ann" in hub.channels
    hub.leave(other)
    assert hub.channels == {}
    assert hub.empty.is_set()


async def test_an_older_tick_gives_way_and_bars_do_not() -> None:
    hub = make_hub()
    viewer = watcher(hub)
    viewer.instruments, viewer.intervals = {AAPL}, {"1m"}
    for number in range(5):
        hub.on_tick(Tick(instrument=AAPL, at=T0, price=float(number), size=1.0))
        hub.on_tick(Tick(instrument=IBM, at=T0, price=1.0, size=1.0))
        hub.on_bar(bar(AAPL, T0 + number * (bar(AAPL, T0).end - T0)))
    frames = [json.loads(text) for text in await viewer.outbox.take()]
    ticks = [one["data"]["price"] for one in frames if one["kind"] == "tick"]
    assert ticks == [4.0]
    assert len([one for one in frames if one["kind"] == "bar"]) == 5


async def test_durable_frames_are_never_dropped_and_too_many_end_it() -> None:
    box = Outbox(most=3)
    for number in range(3):
        box.put(str(number))
    assert not box.behind
    box.put("3")
    assert box.behind
    assert await box.take() == ["0", "1", "2"]


async def test_who_takes_nothing_for_long_is_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outboxes, "MOST_BEHIND_SECONDS", 0.0)
    box = Outbox()
    assert not box.behind
    box.put("1")
    assert box.behind


async def test_taking_waits_for_something() -> None:
    box = Outbox()
    taking = asyncio.create_task(box.take())
    done, _ = await asyncio.wait({taking}, timeout=0.05)
    assert not done
    box.put_latest(("tick",), "1")
    assert await taking == ["1"]
