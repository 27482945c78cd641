"""The back end goes away for 20 s and comes back while somebody looks: every panel says so, and
nobody does anything.
"""

import asyncio
import time

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import SHOTS, enter
from tests.browser.outage import OutageProxy
from tests.support.demo import Demo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

AWAY_SECONDS = 20.0
STALE_WITHIN_SECONDS = 12.0
RIGHT_WITHIN_SECONDS = 2.0
WATCH = """() => {
  const look = () => {
    const states = [...document.querySelectorAll("[data-freshness]")].map(
      (each) => each.dataset.connection);
    const says = new Set(states).size === 1 ? states[0] : "mixed";
    if (says !== window.said) window.changed(window.said = says);
  };
  new MutationObserver(look).observe(document.body, {
    subtree: true, childList: true, attributes: true,
  });
  look();
}"""


async def test_an_outage_shows_on_every_panel_and_ends_by_itself(page: Page, shift: Demo) -> None:
    said: asyncio.Queue[str] = asyncio.Queue()
    async with OutageProxy(shift.url).running() as proxy:
        await page.expose_function("changed", said.put_nowait)
        await enter(page, shift, "trader7", url=proxy.url)
        await expect(page.get_by_test_id("chart")).to_be_visible()
        await page.evaluate(WATCH)
        await _until(said, "live", 20.0)
        proxy.leave()
        away_until = time.monotonic() + AWAY_SECONDS
        await _until(said, "stale", STALE_WITHIN_SECONDS)
        await page.screenshot(path=SHOTS / "stale.png")
        await asyncio.sleep(away_until - time.monotonic())
        proxy.come_back()
        await _until(said, "live", RIGHT_WITHIN_SECONDS)
        await expect(page.get_by_test_id("connection-state")).to_have_text("live")


async def _until(said: asyncio.Queue[str], wanted: str, seconds: float) -> None:
    """All panels say it, in so many seconds."""
    async with asyncio.timeout(seconds):
        while await said.get() != wanted:
            pass
