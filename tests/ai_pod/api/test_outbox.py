"""The outbox: a decision is never dropped, and who stays behind is told to go."""

import asyncio
from typing import cast

import msgspec
import pytest
from fastapi import WebSocket

from ai_pod.agents.messages import FrameSent
from ai_pod.api import live
from ai_pod.api.doors import Parts
from ai_pod.api.outbox import Consumer, Outbox


async def test_other_frames_give_way_to_decisions_and_are_counted() -> None:
    dropped: list[None] = []
    consumer = Consumer(most=3, gave_way=lambda: dropped.append(None))
    for name in (b"phase-1", b"phase-2", b"phase-3"):
        consumer.put(name, decision=False)
    for name in (b"decision-1", b"decision-2"):
        consumer.put(name, decision=True)
    got = [await consumer.next(0.1) for _ in range(3)]
    assert got == [b"phase-3", b"decision-1", b"decision-2"]
    assert len(dropped) == 2
    assert not consumer.behind


async def test_too_many_decisions_put_a_consumer_behind() -> None:
    consumer = Consumer(most=2)
    for number in range(3):
        consumer.put(b"%d" % number, decision=True)
    assert consumer.behind
    assert await consumer.next(0.1) is None


async def test_every_consumer_gets_every_frame() -> None:
    outbox = Outbox()
    one, other = outbox.join(), outbox.join()
    outbox.publish(FrameSent(frame=msgspec.Raw(b'{"v":1}'), decision=True))
    outbox.leave(other)
    outbox.publish(FrameSent(frame=msgspec.Raw(b'{"v":2}')))
    assert (one.waiting, other.waiting, outbox.longest) == (2, 1, 2)
    assert [await one.next(0.1), await one.next(0.1)] == [b'{"v":1}', b'{"v":2}']
    assert [await other.next(0.1), await other.next(0.01)] == [b'{"v":1}', None]


class DeafSocket:
    """Takes no message: who sends waits for ever."""

    async def send_text(self, _text: str) -> None:
        await asyncio.Event().wait()


async def test_who_reads_nothing_at_all_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_heartbeat", lambda _pod: "{}")
    consumer = Consumer(most=2)
    socket, parts = cast(WebSocket, DeafSocket()), cast(Parts, None)
    serving = asyncio.create_task(live._serve(socket, parts, consumer))
    for number in range(3):
        await asyncio.sleep(0)
        assert not serving.done()
        consumer.put(b"%d" % number, decision=True)
    await asyncio.wait_for(serving, 5)
