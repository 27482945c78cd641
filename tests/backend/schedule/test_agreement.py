"""A half day, and the two Sundays on which clocks change: the plan, the API that the ring is drawn
from, previews and the command line agree to the minute.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from ai_pod.contracts.plan import Phase, Segment
from backend.models import Role
from backend.settings import Settings
from scheduler.app import create_app as create_scheduler
from scheduler.migrate import migrate as migrate_scheduler
from scheduler.plan import Inputs, plan, sessions_for
from scheduler.settings import Settings as SchedulerSettings
from tests.support.build_backend import running_backend
from tests.support.build_scheduler import SetClock, planned, pool
from tests.support.chat_web import client_of
from tests.support.fake_pod import serving
from tests.support.verbs import verb

HOURS = 336
UNTIL = timedelta(hours=120)
DAYS = {
    "clocks go forward": (datetime(2013, 3, 8, 15, 0, tzinfo=UTC), "2013-03-11", "13:30", "20:00"),
    "clocks go back": (datetime(2012, 11, 2, 15, 0, tzinfo=UTC), "2012-11-05", "14:30", "21:00"),
    "half day": (datetime(2012, 11, 20, 15, 0, tzinfo=UTC), "2012-11-23", "14:30", "18:00"),
}

Stretch = tuple[datetime, datetime, str]


@dataclass
class Desk:
    """An operator at a back end with a scheduler whose clock can be set."""

    web: httpx.AsyncClient
    scheduler: FastAPI
    folder: Path

    def set_clock(self, now: datetime) -> None:
        self.scheduler.state.services.planner.clock = SetClock(now)

    async def said(self, *arguments: str) -> str:
        """What the command line prints."""
        said = await asyncio.to_thread(verb, self.folder, *arguments)
        assert said.code == 0, said.error
        return said.output


@pytest.fixture
async def desk(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    migrate_scheduler(settings.database_url)
    theirs = SchedulerSettings(
        database_url=settings.database_url, redis_url=settings.redis_url, secret=settings.secret
    )
    scheduler = create_scheduler(theirs)
    async with serving(scheduler) as url:
        ours = settings.model_copy(update={"scheduler_url": url})
        async with running_backend(ours) as backend:
            await backend.user("olga", Role.OPERATOR)
            headers = await backend.sign_in("olga")
            async with client_of(backend, headers) as web:
                monkeypatch.setenv("SHIFTDESK_API_URL", str(web.base_url))
                monkeypatch.setenv(
                    "SHIFTDESK_API_TOKEN", headers["Authorization"].removeprefix("Bearer ")
                )
                yield Desk(web, scheduler, tmp_path)


def _stretches(segments: Iterable[dict[str, Any]]) -> list[Stretch]:
    return [
        (datetime.fromisoformat(one["starts"]), datetime.fromisoformat(one["ends"]), one["phase"])
        for one in segments
    ]


def _by_pool(schedule: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """What each pool's plan says; when it was published, and as which version, may have changed."""
    return {plan["pool"]: plan["segments"] for plan in schedule["plans"]}


def _expected(now: datetime) -> list[Segment]:
    """The plan over the fortnight, as the rules alone make it."""
    ahead = timedelta(hours=HOURS + 1)
    made = plan(pool(), sessions_for(pool(), now, ahead), Inputs(1), now, ahead)
    return [one for one in made.segments if one.starts < now + timedelta(hours=HOURS)]


async def test_plan_ring_preview_and_command_line_agree(desk: Desk) -> None:
    for now, day, opens, closes in DAYS.values():
        desk.set_clock(now)
        expected = [(one.starts, one.ends, one.phase.value) for one in _expected(now)]
        ring = (await desk.web.get("/api/v1/schedule", params={"hours": HOURS})).json()
        assert _stretches(ring["plans"][0]["segments"]) == expected
        listed = json.loads(await desk.said("schedule", "show", "--hours", f"{HOURS}", "--json"))
        assert _by_pool(listed) == _by_pool(ring)
        told = await desk.said("schedule", "show", "--hours", f"{HOURS}")
        session = [one for one in expected if f"{one[0]:%Y-%m-%d}" == day and one[2] == "trading"]
        assert [(f"{one[0]:%H:%M}", f"{one[1]:%H:%M}") for one in session] == [(opens, closes)]
        assert f"{day} {opens}" in told
        assert f"{day} {closes}" in told
        published = [(one.starts, one.ends, one.phase.value) for one in planned(now=now).segments]
        assert published[:-1] == expected[: len(published) - 1]
        await _previews_agree(desk, now)


async def _previews_agree(desk: Desk, now: datetime) -> None:
    """Every minute at which a pause would change something is one of the plan's."""
    ends = now + UNTIL
    asked = {"scope": "all", "phase": "paused", "ends": ends.isoformat(), "reason": "a test"}
    found = (await desk.web.post("/api/v1/schedule/preview", json=asked)).json()
    parts = [
        (max(one.starts, now), min(one.ends, ends), one.phase.value)
        for one in _expected(now)
        if one.starts < ends and one.ends > now and one.phase is not Phase.PAUSED
    ]
    assert _changed(found) == parts
    arguments = ("--scope", "all", "--phase", "paused", "--until", f"{ends:%Y-%m-%dT%H:%MZ}")
    printed = json.loads(
        await desk.said("schedule", "preview", *arguments, "--reason", "a test", "--json")
    )
    assert _changed(printed) == parts


def _changed(found: dict[str, Any]) -> list[Stretch]:
    """What holds the pods without the override, where it would change it."""
    return _stretches(one | {"phase": one["before"]["phase"]} for one in found["changes"])
