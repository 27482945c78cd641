"""What people do, by keys alone: sign in, order and cancel, stop and lift, ask, override."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import enter
from tests.browser.keys import reach
from tests.support.demo import Demo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


async def test_a_trader_needs_no_mouse(page: Page, shift: Demo) -> None:
    await page.goto(shift.url)
    await expect(page.get_by_test_id("login-username")).to_be_focused()
    await page.keyboard.type("trader10")
    await reach(page, page.get_by_test_id("login-password"), most=2)
    await page.keyboard.type(shift.cluster.secrets.demo_password)
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("chart")).to_be_visible()
    await reach(page, page.get_by_role("link", name="Skip to content"))
    await page.keyboard.press("Enter")
    await expect(page.locator("main")).to_be_focused()
    await _order_and_cancel(page)
    await _stop_and_lift(page)
    await _ask(page)


async def _order_and_cancel(page: Page) -> None:
    await reach(page, page.get_by_role("radio", name="market"))
    await page.keyboard.press("ArrowRight")
    await reach(page, page.get_by_test_id("order-quantity"), most=3)
    await page.keyboard.type("1")
    await reach(page, page.get_by_label("Limit price"), most=1)
    await page.keyboard.type("1")
    await expect(page.get_by_test_id("order-preview")).to_contain_text("would pass")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("order-outcome")).to_contain_text("Order accepted.")
    row = page.get_by_test_id("order-row").filter(has_text="@ 1.00")
    await reach(page, row.get_by_role("button"))
    await page.keyboard.press("Enter")
    await expect(row).to_contain_text("cancelled")


async def _stop_and_lift(page: Page) -> None:
    await page.keyboard.press("k")
    switch = page.get_by_test_id("killswitch")
    await expect(switch).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog").get_by_label("Reason")).to_be_focused()
    await page.keyboard.type("by keys")
    await page.keyboard.press("Enter")
    says = switch.locator("..").get_by_role("status")
    await expect(says).to_have_text("Halted: by keys.")
    await expect(switch).to_be_focused()
    await page.keyboard.press("Enter")
    await reach(page, page.get_by_test_id("killswitch-confirm"), most=1)
    await page.keyboard.press("Enter")
    await expect(says).to_have_text("The desk may trade.")


async def _ask(page: Page) -> None:
    await page.keyboard.press("c")
    await expect(page.get_by_test_id("chat-input")).to_have_count(0)
    await page.keyboard.press("c")
    await expect(page.get_by_test_id("chat-input")).to_be_focused()
    await page.keyboard.type("How much cash do I have?")
    await page.keyboard.press("Enter")
    answer = page.get_by_test_id("chat-answer").last
    await expect(answer).to_contain_text(re.compile(r"\d"), timeout=40_000)


async def test_an_operator_overrides_without_a_mouse(page: Page, shift: Demo) -> None:
    await enter(page, shift, "operator")
    await expect(page.get_by_test_id("pod-card").first).to_be_visible()
    await page.keyboard.press("g")
    await page.keyboard.press("s")
    opener = page.get_by_test_id("override-open")
    await expect(opener).to_be_visible()
    await reach(page, opener)
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("override-scope")).to_be_focused()
    await reach(page, page.get_by_test_id("override-reason"), most=12)
    await page.keyboard.type("by keys")
    await reach(page, page.get_by_test_id("override-preview"), most=2)
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("override-changes")).to_contain_text("paused")
    await reach(page, page.get_by_test_id("override-submit"), most=1)
    await page.keyboard.press("Enter")
    row = page.get_by_test_id("override-row").filter(has_text="by keys")
    await expect(row).to_have_count(1)
    await page.keyboard.press("Escape")
    await expect(opener).to_be_focused()
    await reach(page, row.get_by_test_id("override-end"))
    await page.keyboard.press("Enter")
    await expect(row).to_have_count(0)
