"""Which bars a question means, and where they come from."""

from datetime import timedelta
from pathlib import Path

import msgspec
import numpy as np
import pytest
from redis.asyncio import Redis

from ai_pod.agents.chatbot.bars import BarSource
from ai_pod.agents.chatbot.facts import FactBook
from ai_pod.agents.chatbot.question import read
from ai_pod.agents.chatbot.sources import Caller, Sources, Stores
from ai_pod.agents.chatbot.tools.periods import Period, period
from ai_pod.agents.chatbot.tools.statistics import statistics
from market import keys
from market.calendars import to_ns
from market.history import History
from market.series import Bars
from market.words import BarsClosed, Instrument, Interval
from tests.support.build_chat import (
    DESK,
    NOW,
    ORGANISATION,
    POD,
    POOL,
    at,
    bar,
    desk_snapshot,
    still_clock,
    write_desk,
)

IBM = Instrument(venue="XNYS", symbol="IBM", synthetic=True)
SERVED = {IBM.id: IBM}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("high of IBM", Period(Interval.MINUTE, at(0), NOW)),
        ("high of IBM today", Period(Interval.MINUTE, at(0), NOW)),
        ("high of IBM yesterday", Period(Interval.DAY, at(0, 0, 15), at(0))),
        ("IBM over the last 2 hours", Period(Interval.MINUTE, NOW - timedelta(hours=2), NOW)),
        ("IBM over the past month", Period(Interval.DAY, NOW - timedelta(30), NOW, covered=True)),
        ("return of IBM in 2011", None),
        ("what was IBM's low 5 days ago", None),
        ("IBM over the last 9999 days", None),
    ],
)
def test_the_period_that_a_question_means(text: str, meant: Period | None) -> None:
    question = read(text, SERVED, NOW)
    assert period(question, NOW, Interval.QUARTER, long=False) == meant


def test_days_and_bars_are_counted() -> None:
    for text, interval in (("last 20 days", Interval.DAY), ("last 26 bars", Interval.QUARTER)):
        found = period(read(f"IBM {text}", SERVED, NOW), NOW, Interval.QUARTER, long=False)
        assert found is not None
        assert (found.interval, found.count) == (interval, int(text.split()[1]))


@pytest.fixture
def history(tmp_path: Path) -> str:
    """Ten days of IBM that close at 100, 101 …, the last of them on October 12."""
    ends = [at(20, 0, 12) - timedelta(days=9 - n) for n in range(10)]
    close = np.arange(100.0, 110.0)
    series = Bars(
        end=np.array([to_ns(end) for end in ends]),
        open=close - 0.5,
        high=close + 1,
        low=close - 1,
        close=close,
        volume=np.full(10, 50.0),
    )
    History(str(tmp_path)).write(IBM, Interval.DAY, series)
    return str(tmp_path)


async def test_the_stream_goes_on_where_history_ends_and_nothing_is_ahead_of_now(
    redis: Redis, history: str
) -> None:
    later = [bar(Interval.DAY, at(20, 0, day), 100.0 + day, 7.0) for day in (12, 15, 16)]
    for one in later:
        closed = BarsClosed(interval=one.interval, end=one.end, bars=(one,))
        await redis.xadd(keys.bars(Interval.DAY), {keys.FIELD: msgspec.json.encode(closed)})
    source = BarSource(redis, history)
    found = await source.between(IBM.id, Interval.DAY, at(0, 0, 10), NOW)
    assert found.close.tolist() == [107.0, 108.0, 112.0, 115.0]
    assert found.end.tolist() == [to_ns(at(20, 0, day)) for day in (10, 11, 12, 15)]
    assert len(await source.between("XNYS:NONE", Interval.DAY, at(0, 0, 10), NOW)) == 0


async def test_a_period_that_is_not_covered_has_no_figures(redis: Redis, history: str) -> None:
    await redis.hset(keys.instruments(), IBM.id, msgspec.json.encode(IBM))
    await write_desk(redis, desk_snapshot())
    caller = Caller(desk=DESK, organisation=ORGANISATION, pool=POOL, pod=POD)
    sources = Sources(Stores(redis, still_clock(), history), caller)

    async def told(text: str) -> list[str]:
        return await statistics(sources, read(text, SERVED, NOW), FactBook())

    assert len(await told("IBM over the last 10 days")) == 1
    assert await told("IBM over the last 11 days") == []
    assert await told("52 week high of IBM") == []
    assert await told("the implied volatility of IBM over the last 5 days") == []
