"""The market's probes, asked of an app whose gateway somebody else turns."""

import time
from datetime import timedelta
from pathlib import Path

import httpx
from redis.asyncio import Redis

from market.app import create_app
from market.clock import Anchor, Clock
from market.eventlog import EventLog
from market.feed.choice import open_feed
from market.feed.gateway import Gateway
from market.feed.publication import Publication
from market.probes import STUCK_SECONDS
from market.settings import Settings
from market.telemetry import Telemetry
from tests.support.build_market import MONDAY


async def test_a_gateway_that_stands_still_is_dead(tmp_path: Path) -> None:
    anchor = Anchor(market=MONDAY + timedelta(hours=1), wall=time.time(), speed=1.0)
    settings = Settings(clock=str(anchor), history=str(tmp_path))
    clock, app = Clock.parse(settings.clock), create_app(settings)
    async with Redis() as redis:
        feed, events = open_feed(settings, clock), EventLog(None, "market", clock)
        gateway = Gateway(feed, Publication(redis), clock, events, Telemetry())
        app.state.gateway = gateway
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://market.test") as http:
            assert (await http.get("/livez")).status_code == 200
            gateway.turned_at -= STUCK_SECONDS
            dead = await http.get("/livez")
            assert (dead.status_code, dead.json()) == (503, {"status": "the gateway stands still"})
