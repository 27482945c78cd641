"""The scheduler's probes, asked of an app whose reconciliation nobody runs."""

from contextlib import AsyncExitStack

import httpx

from market.probes import STUCK_SECONDS
from scheduler.app import _built, create_app
from scheduler.settings import Settings
from tests.support.build_scheduler import anchored


async def test_a_reconciliation_that_stands_still_is_dead() -> None:
    settings = Settings(clock=anchored())
    app = create_app(settings)
    async with AsyncExitStack() as stack:
        reconciler = await _built(app, settings, stack)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://plan.test") as http:
            assert (await http.get("/livez")).status_code == 200
            reconciler.turned_at -= STUCK_SECONDS
            dead = await http.get("/livez")
            assert dead.status_code == 503
            assert dead.json() == {"status": "the reconciliation stands still"}
