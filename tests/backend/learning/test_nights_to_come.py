"""From the line's record through the nights' replay and back: what was sealed becomes champion by
sessions that came later, and gives way when its own sessions refute it.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np

from ai_pod.agents.learning.shadow import reports
from ai_pod.contracts import keys
from ai_pod.contracts.learning import PolicyLine as LineWord
from ai_pod.contracts.learning import ShadowReported
from ai_pod.policies.artifacts import PolicyStore
from ai_pod.policies.backtest import Terms
from market.calendars import to_ns
from market.series import Panel
from tests.support.build_backend import Backend
from tests.support.build_learning import panel
from tests.support.build_nights import (
    CHAMPION,
    LINE,
    OPENS,
    announce,
    line_of,
    seats_follow,
    send,
    stage,
    verdict,
)
from tests.support.build_trading import AAPL, IBM

CASH = "rule:cash@1"
BARS = 1_200
FIRST_RISING = OPENS + timedelta(days=2)


def prices() -> Panel:
    """Quarter-hours around the clock, from before the seal to a week after it; from the third
    session on everything rises, which cash misses.
    """
    noise = panel(BARS, 2, seed=4)
    end = to_ns(OPENS - timedelta(days=3)) + np.arange(BARS) * 900 * 10**9
    path = np.exp(np.where(end > to_ns(FIRST_RISING), 0.003, 0.0).cumsum())[:, None]
    moved = {name: getattr(noise, name) * path for name in ("open", "high", "low", "close")}
    return replace(noise, instruments=(AAPL, IBM), end=end, **moved)


async def night(backend: Backend, folder: Path, now: datetime) -> list[ShadowReported]:
    """What a pod does with the line as it stands in Redis."""
    stored = await backend.state.redis.hget(keys.learning_lines(), LINE)
    assert isinstance(stored, bytes)
    line = msgspec.json.decode(stored, type=LineWord)
    known = prices()
    seen = int(np.searchsorted(known.end, to_ns(now), side="right"))
    arrays = ("end", "open", "high", "low", "close", "volume")
    past = replace(known, **{name: getattr(known, name)[:seen] for name in arrays})
    found = reports(line, past, PolicyStore(str(folder)), Terms(), now)
    await announce(backend, *found)
    return found


async def test_shadow_then_champion_then_rolled_back_by_its_review(
    nights: Backend, tmp_path: Path
) -> None:
    await send(nights, "otto", "settings", {"shadow_sessions": 2}, "PATCH")
    await announce(nights, verdict("v1", promoted=True, challenger=CASH))
    closes = OPENS + timedelta(hours=7)
    assert [len(one.sessions) for one in await night(nights, tmp_path, closes)] == [1]
    assert (await stage(nights, CASH))["state"] == "shadow"
    (second,) = await night(nights, tmp_path, closes + timedelta(days=1))
    assert not second.refuted
    assert (await line_of(nights)).champion == CASH
    await seats_follow(nights, CASH)
    later = [await night(nights, tmp_path, closes + timedelta(days=n)) for n in (2, 5, 6, 7)]
    assert any(one.refuted for found in later for one in found), later
    assert (await line_of(nights)).champion == CHAMPION
    await seats_follow(nights, CHAMPION)
    assert (await stage(nights, CASH))["state"] == "rolled_back"
    assert await night(nights, tmp_path, closes + timedelta(days=8)) == []
