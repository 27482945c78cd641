"""What the pages are for: a signal followed to its page, an order looked at before it is sent, two
weeks of the plan, and an override set in its dialog.
"""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import check_dialog
from tests.browser.conftest import enter
from tests.support.demo import Demo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


async def test_a_signal_has_a_page_that_can_be_linked(page: Page, shift: Demo) -> None:
    await enter(page, shift, "trader2")
    await page.locator('nav a[href="/signals"]').click()
    row = page.get_by_test_id("signal-table-row").first
    await expect(row).to_be_visible(timeout=150_000)
    await row.get_by_role("link").click()
    await expect(page).to_have_url(re.compile("/signals/.+"))
    await page.reload()
    await expect(page.get_by_text("= the sum of the above ✓")).to_be_visible()
    await expect(page.get_by_test_id("signal-limits")).to_be_visible()
    await expect(page.get_by_test_id("signal-outcome")).to_be_visible()
    await expect(page.get_by_test_id("chat-about")).to_contain_text("signal of")
    await page.get_by_role("button", name="Why this signal?").click()
    answer = page.get_by_test_id("chat-answer").last
    await expect(answer).to_contain_text("target weight", timeout=40_000)
    url = page.url
    await page.context.clear_cookies()
    await enter(page, shift, "operator")
    await expect(page.get_by_test_id("pod-card").first).to_be_visible()
    await page.goto(url)
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Trader2")
    await expect(page.get_by_text("= the sum of the above ✓")).to_be_visible()


async def test_a_key_is_made_shown_once_and_revoked(page: Page, shift: Demo) -> None:
    await enter(page, shift, "trader3")
    await page.locator('nav a[href="/keys"]').click()
    await expect(page.get_by_test_id("own-budget-row")).to_have_count(4)
    await page.get_by_test_id("key-new").click()
    await page.get_by_test_id("key-name").fill("a browser's test")
    await page.keyboard.press("Enter")
    text = await page.get_by_test_id("key-text").input_value()
    await check_dialog(page, "key-made")
    await page.get_by_role("button", name="Done").click()
    row = page.get_by_test_id("key-row").filter(has_text=text[:12])
    await expect(row).to_contain_text("active until")
    assert text not in await page.content()
    await row.get_by_role("button").click()
    await page.get_by_test_id("key-revoke").click()
    await expect(row).to_contain_text("revoked")


async def test_an_order_is_previewed_and_the_chart_has_a_table(page: Page, shift: Demo) -> None:
    await enter(page, shift, "trader2")
    await page.get_by_test_id("order-quantity").fill("1000000")
    preview = page.get_by_test_id("order-preview")
    await expect(preview).to_contain_text("It would be denied.")
    await page.get_by_test_id("order-quantity").fill("1")
    await expect(preview).to_contain_text("It would pass the risk check.")
    for indicator in ("sma", "ema", "bollinger"):
        await page.get_by_test_id(f"indicator-{indicator}").check()
    await page.get_by_test_id("chart-table").click()
    await expect(page.get_by_test_id("bar-row").first).to_be_visible()


async def test_two_weeks_of_the_plan_and_an_override_in_its_dialog(page: Page, shift: Demo) -> None:
    await enter(page, shift, "operator")
    await page.locator('nav a[href="/schedule"]').click()
    await expect(page.get_by_test_id("day-cell")).to_have_count(14)
    await page.get_by_text("As a table").click()
    # Which days of the next two weeks are market sessions depends on how far the demo has come.
    sessions = page.get_by_test_id("fortnight-row").filter(has_text="09:30–16:00")
    await expect(sessions.nth(7)).to_be_visible()
    await page.get_by_test_id("override-open").click()
    await page.get_by_test_id("override-reason").fill("a test of the dialog")
    await page.get_by_test_id("override-preview").click()
    await expect(page.get_by_test_id("override-changes")).to_contain_text("paused")
