"""The outbox: a decision is never dropped, and who stays behind is told to go."""

import msgspec

from ai_pod.agents.messages import FrameSent
from ai_pod.api.outbox import Consumer, Outbox


async def test_other_frames_give_way_to_decisions() -> None:
    consumer = Consumer(most=3)
    for name in (b"phase-1", b"phase-2", b"phase-3"):
        consumer.put(name, decision=False)
    for name in (b"decision-1", b"decision-2"):
        consumer.put(name, decision=True)
    got = [await consumer.next(0.1) for _ in range(3)]
    assert got == [b"phase-3", b"decision-1", b"decision-2"]
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
    assert [await one.next(0.1), await one.next(0.1)] == [b'{"v":1}', b'{"v":2}']
    assert [await other.next(0.1), await other.next(0.01)] == [b'{"v":1}', None]
