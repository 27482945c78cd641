"""A real Chromium on the demo cluster; screenshots are kept in `artifacts/browser`."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

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


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    SHOTS.mkdir(parents=True, exist_ok=True)
    # What a service worker fetches cannot be routed; `test_routes.py` has one with it.
    context = await browser.new_context(
        viewport={"width": 1440, "height": 900}, service_workers="block"
    )
    await context.add_init_script(NOT_SHOWN_ROUND)
    opened = await context.new_page()
    opened.set_default_timeout(WAIT_MS)
    yield opened
    await context.close()


async def enter(page: Page, shift: Demo, login: str, *, url: str | None = None) -> None:
    """Sign in on the page; `url` is where it is asked for, if not at the back end itself."""
    await page.goto(url or shift.url)
    await page.get_by_test_id("login-username").fill(login)
    await page.get_by_test_id("login-password").fill(shift.cluster.secrets.demo_password)
    await page.get_by_test_id("login-submit").click()
