"""A real Chromium on the demo cluster; screenshots are kept in `artifacts/browser`."""

import shutil
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, CDPSession, Page, async_playwright, expect

from tests.support.demo import Demo, demo

SHOTS = Path(__file__).parents[2] / "artifacts" / "browser"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WAIT_MS = 20_000
"""For what the page does, on a machine that does much else."""
expect.set_options(timeout=WAIT_MS)
NOT_SHOWN_ROUND = """
if (!localStorage.getItem("shiftdesk-preferences")) {
  const state = { toured: true };
  localStorage.setItem("shiftdesk-preferences", JSON.stringify({ state, version: 0 }));
}
"""
"""The first-run tour is for people."""
COUNT = """
window.framesSeen = 0;
window.WebSocket = class extends WebSocket {
  constructor(...all) {
    super(...all);
    this.addEventListener("message", () => { window.framesSeen += 1; });
  }
};
"""


@dataclass(frozen=True)
class OpenDesk:
    """A desk's page, and what it held (bytes) at `since` (monotonic seconds); it has counted the
    live frames since as `framesSeen`.
    """

    page: Page
    cdp: CDPSession
    since: float
    held: float


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def shift() -> AsyncIterator[Demo]:
    """The demo, some market hours before a close."""
    async with demo("2012-10-15T14:30:00Z@600") as started:
        yield started


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.fail("Chromium is missing: install Debian's package `chromium`")
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield launched
        await launched.close()


@pytest_asyncio.fixture(scope="package", loop_scope="session", autouse=True)
async def open_desk(browser: Browser, shift: Demo) -> AsyncIterator[OpenDesk]:
    """A desk that stays open while all else is tested; `test_staying_open.py`, the last one, judges
    what it holds by then.
    """
    context = await _context(browser)
    await context.add_init_script(COUNT)
    page = await context.new_page()
    await enter(page, shift, "trader5")
    await expect(page.get_by_test_id("chart")).to_be_visible()
    await expect(page.get_by_test_id("connection-state")).to_have_text("live")
    cdp = await context.new_cdp_session(page)
    await cdp.send("Performance.enable")
    yield OpenDesk(page, cdp, time.monotonic(), await heap(cdp))
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    SHOTS.mkdir(parents=True, exist_ok=True)
    context = await _context(browser)
    opened = await context.new_page()
    opened.set_default_timeout(WAIT_MS)
    yield opened
    await context.close()


async def _context(browser: Browser) -> BrowserContext:
    # What a service worker fetches cannot be routed; `test_routes.py` has one with it.
    context = await browser.new_context(
        viewport={"width": 1440, "height": 900}, service_workers="block"
    )
    await context.add_init_script(NOT_SHOWN_ROUND)
    return context


async def heap(cdp: CDPSession) -> float:
    """Bytes of JavaScript objects that are still held."""
    await cdp.send("HeapProfiler.collectGarbage")
    metrics = await cdp.send("Performance.getMetrics")
    return float(
        next(each["value"] for each in metrics["metrics"] if each["name"] == "JSHeapUsedSize")
    )


async def enter(page: Page, shift: Demo, login: str, *, url: str | None = None) -> None:
    """Sign in on the page; `url` is where it is asked for, if not at the back end itself."""
    await page.goto(url or shift.url)
    await page.get_by_test_id("login-username").fill(login)
    await page.get_by_test_id("login-password").fill(shift.cluster.secrets.demo_password)
    await page.get_by_test_id("login-submit").click()
