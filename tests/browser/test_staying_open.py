"""What a desk's page holds that was open all the time. By its name this file is the last."""

import asyncio
import json
import time

import pytest
from playwright.async_api import expect

from tests.browser.conftest import SHOTS, OpenDesk, heap

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

OPEN_SECONDS = 300.0
LEAST_FRAMES_PER_SECOND = 1.0


async def test_a_desk_that_stays_open_does_not_hold_ever_more(open_desk: OpenDesk) -> None:
    page = open_desk.page
    await asyncio.sleep(max(0.0, open_desk.since + OPEN_SECONDS - time.monotonic()))
    await expect(page.get_by_test_id("connection-state")).to_have_text("live")
    seconds = time.monotonic() - open_desk.since
    frames = int(await page.evaluate("framesSeen"))
    grown = round((await heap(open_desk.cdp) - open_desk.held) / 1e6, 2)
    figures = {"seconds": round(seconds), "frames": frames, "heap_growth_mb": grown}
    (SHOTS / "open.json").write_text(json.dumps(figures))
    assert frames >= LEAST_FRAMES_PER_SECOND * seconds
    assert grown <= 10
