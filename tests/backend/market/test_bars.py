"""Bars for a chart: history and today's in one series, never later than now, never too many."""

import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backend.market.repository import as_series
from backend.market.service import bucketed
from backend.models import Role
from backend.settings import Settings
from market.clock import Anchor
from market.history import History
from market.words import Interval
from tests.support.build_backend import Backend, running_backend
from tests.support.build_trading import AAPL, INSTRUMENTS, T0, bar, publish_bars, serve_instruments

BAR = timedelta(minutes=15)


@pytest.fixture
async def viewer(settings: Settings, tmp_path: Path) -> AsyncIterator[Backend]:
    """History until an hour before T0, three bars on the stream, of which one is in the future."""
    History(str(tmp_path)).write(
        INSTRUMENTS[AAPL],
        Interval.QUARTER,
        as_series(bar(AAPL, T0 - n * BAR, 50.0 + n, interval=Interval.QUARTER) for n in (6, 5, 4)),
    )
    clock = str(Anchor(market=T0, wall=time.time(), speed=1.0))
    changed = settings.model_copy(update={"clock": clock, "history": str(tmp_path)})
    async with running_backend(changed) as backend:
        await serve_instruments(backend.state.redis)
        today = [bar(AAPL, T0 - n * BAR, 60.0, interval=Interval.QUARTER) for n in (4, 3, -1)]
        await publish_bars(backend.state.redis, *today)
        await backend.user("ann", Role.VIEWER)
        yield backend


async def get(backend: Backend, status: int = 200, **params: Any) -> Any:
    headers = await backend.sign_in("ann")
    query = {"instrument": AAPL, "interval": "15m"} | params
    answer = await backend.client.get("/api/v1/market/bars", params=query, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_history_and_today_are_one_series_that_ends_now(viewer: Backend) -> None:
    answer = await get(viewer)
    ends = [one["end"] for one in answer["bars"]]
    assert ends == [f"{T0 - n * BAR:%Y-%m-%dT%H:%M:%SZ}" for n in (5, 4, 3, 2)]
    assert [one["open"] for one in answer["bars"]] == [56.0, 55.0, 60.0, 60.0]
    assert (answer["synthetic"], answer["bars_per_point"]) == (True, 1)


async def test_a_range_with_more_than_the_limit_is_merged(viewer: Backend) -> None:
    answer = await get(viewer, limit=2, **{"from": (T0 - 10 * BAR).isoformat()})
    assert (len(answer["bars"]), answer["bars_per_point"]) == (2, 2)
    assert (answer["bars"][0]["open"], answer["bars"][0]["volume"]) == (56.0, 2_000.0)


async def test_without_a_start_the_last_bars_come_unmerged(viewer: Backend) -> None:
    answer = await get(viewer, limit=2)
    assert [one["open"] for one in answer["bars"]] == [60.0, 60.0]


async def test_wrong_questions_are_refused(viewer: Backend) -> None:
    assert (await get(viewer, 404, instrument="XNYS:NONE"))["code"] == "unknown_instrument"
    assert (await get(viewer, 422, limit=2_001))["code"] == "invalid_request"
    assert (await get(viewer, 422, interval="7m"))["code"] == "invalid_request"
    backwards = {"from": T0.isoformat(), "to": (T0 - BAR).isoformat()}
    assert (await get(viewer, 422, **backwards))["code"] == "invalid_range"


async def test_instruments_say_that_they_are_synthetic(viewer: Backend) -> None:
    headers = await viewer.sign_in("ann")
    answer = await viewer.client.get("/api/v1/market/instruments", headers=headers)
    assert {one["id"]: one["synthetic"] for one in answer.json()} == dict.fromkeys(
        INSTRUMENTS, True
    )


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
def test_merged_bars_lose_no_extreme_and_no_volume(size: int) -> None:
    series = as_series(bar(AAPL, T0 + n * BAR, 100.0 + n * (-1) ** n) for n in range(17))
    merged = bucketed(series, size)
    assert len(merged) == -(-17 // size)
    assert merged.high.max() == series.high.max()
    assert merged.low.min() == series.low.min()
    assert np.isclose(merged.volume.sum(), series.volume.sum())
    assert (merged.open[0], merged.close[-1]) == (series.open[0], series.close[-1])


async def test_sessions_are_those_about_the_markets_now(viewer: Backend) -> None:
    headers = await viewer.sign_in("ann")
    path = "/api/v1/market/sessions"
    answer = await viewer.client.get(path, params={"calendar": "XNYS"}, headers=headers)
    days = [one["day"] for one in answer.json()["sessions"]]
    assert f"{T0:%Y-%m-%d}" in days
    assert days[0] >= f"{T0 - timedelta(days=30):%Y-%m-%d}"
    assert days[-1] <= f"{T0 + timedelta(days=14):%Y-%m-%d}"
    refused = await viewer.client.get(path, params={"calendar": "x"}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (404, "unknown_calendar")
