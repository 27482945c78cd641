"""What opens over a page, or within it when something is done, in one sweep for each role: axe in
both themes.
"""

import re
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.axe import check_dialog, check_page
from tests.browser.conftest import enter
from tests.support.demo import Demo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


async def test_what_opens_on_the_desk_passes_axe(page: Page, shift: Demo) -> None:
    await enter(page, shift, "trader9")
    await expect(page.get_by_test_id("signal-row").first).to_be_visible(timeout=150_000)
    await page.get_by_test_id("chat-input").fill("How much cash do I have?")
    await page.get_by_test_id("chat-send").click()
    await _sweep(
        page,
        {
            "bars": lambda: page.get_by_test_id("chart-table").click(),
            "explanation": lambda: page.get_by_test_id("signal-row").first.click(),
            "killswitch": lambda: page.get_by_test_id("killswitch").click(),
            "palette": lambda: page.keyboard.press("Control+k"),
            "shortcuts": lambda: page.keyboard.press("?"),
            "arrange": lambda: _command(page, "arrange"),
        },
    )
    await _use(page)
    await _conversations(page)
    await _command(page, "show me round")
    await check_page(page, "tour", "[data-testid=tour]")
    await page.keyboard.press("Escape")
    await page.get_by_test_id("user-menu").click()
    await check_page(page, "menu", "#user-menu")


async def test_what_opens_for_an_operator_passes_axe(page: Page, shift: Demo) -> None:
    await enter(page, shift, "operator")
    await page.locator('nav a[href="/users"]').click()
    disable = page.get_by_test_id("user-row").get_by_role("button").first
    await page.route(re.compile("/policies/lines/[^/]+$"), _with_a_predecessor)
    await _sweep(page, {"disable": disable.click})
    await page.locator('nav a[href="/learning"]').click()
    await _sweep(page, {"move": page.get_by_test_id("policy-rollback").click})
    await page.unroute_all(behavior="ignoreErrors")
    await page.locator('nav a[href="/schedule"]').click()
    await page.get_by_test_id("override-open").click()
    await page.get_by_test_id("override-reason").fill("a sweep")
    await page.get_by_test_id("override-preview").click()
    await expect(page.get_by_test_id("override-changes")).to_contain_text("paused")
    await check_dialog(page, "dialog-override")


async def _sweep(page: Page, openers: dict[str, Any]) -> None:
    """Open each dialog, look at it, and close it."""
    for name, opener in openers.items():
        await opener()
        await check_dialog(page, f"dialog-{name}")
        await page.keyboard.press("Escape")
        await expect(page.locator("dialog[open]")).to_have_count(0)


async def _command(page: Page, words: str) -> None:
    await page.keyboard.press("Control+k")
    await page.get_by_test_id("palette-input").fill(words)
    await page.keyboard.press("Enter")


async def _use(page: Page) -> None:
    """A ticket with its preview and a denial, a chart with indicators, an answer with its facts."""
    for indicator in ("sma", "ema", "bollinger"):
        await page.get_by_test_id(f"indicator-{indicator}").check()
    await page.get_by_test_id("order-quantity").fill("1000000")
    await expect(page.get_by_test_id("order-preview")).to_contain_text("would be denied")
    await page.get_by_test_id("order-submit").click()
    await expect(page.get_by_test_id("order-outcome")).to_contain_text("Denied.")
    await expect(page.get_by_test_id("thumb-up").last).to_be_visible(timeout=60_000)
    await page.get_by_test_id("thumb-up").last.click()
    for summary in await page.locator("aside summary").all():
        await summary.click()
    await check_page(page, "desk-in-use")


async def _conversations(page: Page) -> None:
    """The list, with one that is renamed and then one that is about to be deleted."""
    await page.get_by_test_id("conversations").click()
    row = page.get_by_test_id("conversation").first
    await row.get_by_role("button", name="Rename").click()
    await check_dialog(page, "dialog-rename")
    await row.get_by_role("button", name="Save").click()
    await row.get_by_role("button", name="Delete").click()
    await expect(row).to_contain_text("Delete for good?")
    await check_dialog(page, "dialog-delete")
    await page.keyboard.press("Escape")


async def _with_a_predecessor(route: Route) -> None:
    """The line's champion has followed another, so that it can be rolled back."""
    response = await route.fetch()
    line = await response.json()
    stage = {"state": "champion", "why": "it passed", "sessions": 0, "of_sessions": 0}
    numbers = {"sharpe": 1.0, "predecessor": "sha256:0", "stage": stage}
    await route.fulfill(
        response=response, json=line | {"policies": [{"id": line["champion"], **numbers}]}
    )
