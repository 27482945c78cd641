"""The crowd of a load benchmark counts every message, however the bytes arrive."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from shiftdesk.loading.crowd import TIMED, Crowd, Socket

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
