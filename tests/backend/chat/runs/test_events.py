"""A run's stream: whoever takes it up again loses no event and gets none twice, wherever it was
cut; and of several writers only the latest is heard.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from ai_pod.contracts import keys
from ai_pod.contracts.chat import RunEvent, RunEventKind
from backend.chat import events
from backend.chat.events import BEGINNING, RunLost, RunWriter, serve

RUN = "run-1"
DONE = RunEvent(kind=RunEventKind.DONE, data={"text": "whole"})

texts = st.text(max_size=12)
tokens = st.builds(lambda text: RunEvent(kind=RunEventKind.TOKEN, data={"text": text}), texts)
cuts = st.lists(st.integers(0, 400), max_size=8)
some = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


async def _none() -> RunEvent | None:
    return None


class Listener:
    """An `EventSource` as browsers have it: an event counts once its blank line is there."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, object]] = []
        self.last_id = BEGINNING

    def take(self, said: bytes) -> None:
        whole, _, _ = said.rpartition(b"\n\n")
        for block in whole.decode().split("\n\n"):
            lines = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line[1:])
            if "event" in lines:
                self.heard.append((lines["event"], json.loads(lines["data"])))
                self.last_id = lines["id"]


async def _heard_until(stream: AsyncIterator[bytes], most: int | None) -> bytes:
    """What arrives before the connection is cut, after so many bytes; all of it without."""
    said = b""
    async for piece in stream:
        said += piece
        if most is not None and len(said) >= most:
            break
    return said if most is None else said[:most]


@given(said=st.lists(tokens, max_size=12), cuts=cuts)
@some
def test_nothing_is_lost_or_doubled_wherever_it_is_cut(
    redis_url: str, said: list[RunEvent], cuts: list[int]
) -> None:
    async def scenario() -> Listener:
        async with Redis.from_url(redis_url) as redis:
            await redis.delete(keys.run(RUN))
            writer, listener = RunWriter(redis, RUN, 1), Listener()
            for event in [*said, DONE]:
                await writer.append(event)
            for most in [*cuts, None]:
                stream = serve(redis, RUN, listener.last_id, end=_none)
                if listener.heard[-1:] != [("done", DONE.data)]:
                    listener.take(await _heard_until(stream, most))
            return listener

    listener = asyncio.run(scenario())
    assert listener.heard == [(str(event.kind), event.data) for event in [*said, DONE]]


steps = st.lists(st.tuples(st.integers(1, 3), st.booleans()), max_size=20)


@given(steps=steps)
@some
def test_an_earlier_holder_is_refused_and_nothing_follows_the_last_event(
    redis_url: str, steps: Sequence[tuple[int, bool]]
) -> None:
    async def scenario() -> list[tuple[int, bool]]:
        async with Redis.from_url(redis_url) as redis:
            await redis.delete(keys.run(RUN))
            writers = {epoch: RunWriter(redis, RUN, epoch) for epoch in (1, 2, 3)}
            written = []
            for epoch, last in steps:
                event = DONE if last else RunEvent(kind=RunEventKind.STEP, data={})
                try:
                    await writers[epoch].append(event)
                except RunLost:
                    continue
                written.append((epoch, last))
            assert await redis.xlen(keys.run(RUN)) == len(written)
            return written

    written = asyncio.run(scenario())
    assert [epoch for epoch, _ in written] == sorted(epoch for epoch, _ in written)
    assert not any(last for _, last in written[:-1])
    assert written[:1] == list(steps[:1])


async def test_what_is_written_while_the_end_is_asked_for_comes_before_it(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "BLOCK_MS", 20)
    token = RunEvent(kind=RunEventKind.TOKEN, data={"text": "late"})
    async with Redis.from_url(redis_url) as redis:
        writer = RunWriter(redis, RUN, 1)

        async def end() -> RunEvent | None:
            await writer.append(token)
            return DONE

        heard = [event async for _, event in events.follow(redis, RUN, end=end)]
    assert heard == [token, DONE]


async def test_a_reader_of_a_lost_stream_is_told_the_end(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "BLOCK_MS", 20)
    ends = iter([None, DONE])

    async def end() -> RunEvent | None:
        return next(ends)

    async with Redis.from_url(redis_url) as redis:
        said = [piece async for piece in serve(redis, RUN, end=end)]
    assert said == [b": still working\n\n", events.encode(DONE)]
