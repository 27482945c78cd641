"""The load of a benchmark: its crowd counts every message, however the bytes arrive, and its pods
pass off no lower rate as the one that was asked.
"""

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from shiftdesk.loading import one_backend
from shiftdesk.loading.crowd import TIMED, Crowd, Socket
from shiftdesk.loading.loud_pods import LoudPods
from shiftdesk.loading.one_backend import Load, Scene, set_up

SMALL = Load(sockets=20, desks=4, rate=40.0, seconds=1.0, frame_bytes=200)
AGREED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"


def timed(sent: float, filler: int) -> bytes:
    return TIMED + b',"text":"' + b"x" * filler + b'","ts_sent":%.3f,"v":1}' % sent


async def _listened(data: bytes, cuts: list[int]) -> Crowd:
    crowd = Crowd()
    socket = Socket(crowd, 0, b"")
    at = 0
    for cut in sorted({cut % len(data) for cut in cuts} | {len(data)}):
        socket.data_received(data[at:cut])
        at = cut
    assert socket.opened.done()
    return crowd


@settings(max_examples=30)
@given(
    st.lists(st.sampled_from([0, 50, 200, 70_000]), max_size=6),
    st.lists(st.integers(0, 200_000), max_size=8),
)
def test_every_timed_message_is_counted_once(fillers: list[int], cuts: list[int]) -> None:
    messages = [timed(1.0, filler) for filler in fillers] + [b'{"kind":"heartbeat"}']
    data = AGREED + b"".join(Frame(Opcode.TEXT, one).serialize(mask=False) for one in messages)
    crowd = asyncio.run(_listened(data, cuts))
    assert crowd.messages[0] == len(fillers) == len(crowd.seconds)


class SlowRedis:
    """Takes its time over every entry of a stream."""

    async def xadd(self, *_entry: object, **_options: object) -> bytes:
        await asyncio.sleep(0.02)
        return b"1-0"


async def test_pods_that_cannot_keep_up_say_how_long_it_took() -> None:
    # A class with the one command that is used.
    pods = LoudPods(SlowRedis(), {"pod": ["desk"]})  # type: ignore[arg-type]
    frames, seconds = await pods.speak(rate=100.0, seconds=0.2, size=200)
    assert frames == 20
    assert seconds >= 0.4


@pytest.fixture(scope="module")
async def scene() -> AsyncIterator[Scene]:
    async with set_up(SMALL) as its:
        yield its


async def test_every_figure_of_a_small_crowd_is_measured(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a machine that may be busy: how long the pod takes to speak is another test's."""
    monkeypatch.setattr(one_backend, "MOST_BEHIND", 60.0)
    found = await one_backend.measured(scene)
    assert found["clients"] == 20
    assert 0 < found["half_messages_per_s"] <= 20 / 4 * 20
    assert 0 < found["half_ms_p50"] <= found["half_ms_p99"]
    assert min(found.values()) > 0


async def test_a_rate_that_was_not_held_gives_no_figures(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_backend, "MOST_BEHIND", 0.0)
    with pytest.raises(RuntimeError, match="frames took"):
        await one_backend.measured(scene)
