"""Frames are written at once while the socket takes them, and queue behind what waits."""

import asyncio
from collections import deque

from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from backend.live import sockets
from backend.live.outbox import Outbox


class Wire:
    """A socket that takes frames while `open`; whoever sends waits until it is."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.open = asyncio.Event()
        self.open.set()

    def write(self, frame: str) -> bool:
        if not self.open.is_set():
            return False
        self.sent.append(frame)
        return True

    async def send_all(self, outbox: Outbox) -> None:
        while True:
            for frame in await outbox.take():
                await self.open.wait()
                self.sent.append(frame)


async def _play(steps: list[str]) -> tuple[list[str], list[str]]:
    wire = Wire()
    outbox = Outbox(wire.write)
    sending = asyncio.create_task(wire.send_all(outbox))
    put: deque[str] = deque()
    for number, step in enumerate(steps):
        if step == "put":
            put.append(str(number))
            outbox.put(str(number))
        elif step == "turn":
            await asyncio.sleep(0)
        elif step == "open":
            wire.open.set()
        else:
            wire.open.clear()
    wire.open.set()
    for _ in range(4):
        await asyncio.sleep(0)
    sending.cancel()
    await asyncio.wait({sending})
    return wire.sent, list(put)


@given(st.lists(st.sampled_from(["put", "put", "turn", "open", "shut"]), max_size=40))
def test_every_frame_is_sent_once_and_in_order(steps: list[str]) -> None:
    sent, put = asyncio.run(_play(steps))
    assert sent == put


async def test_a_frame_that_can_go_at_once_does_not_wait_for_a_turn() -> None:
    wire = Wire()
    outbox = Outbox(wire.write)
    sending = asyncio.create_task(wire.send_all(outbox))
    await asyncio.sleep(0)
    outbox.put("durable")
    outbox.put_latest(("tick", "A"), "tick")
    assert wire.sent == ["durable", "tick"]
    assert len(outbox) == 0
    sending.cancel()


@given(st.binary(max_size=300) | st.integers(0, 70_000).map(bytes))
def test_a_written_message_is_what_the_library_would_send(payload: bytes) -> None:
    expected = Frame(Opcode.TEXT, payload).serialize(mask=False)
    assert sockets._head(len(payload)) + payload == expected
