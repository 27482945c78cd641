"""A version of the chatbot's instructions from its writing to its taking back, by keys alone."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import check_page
from tests.browser.conftest import enter
from tests.browser.keys import reach
from tests.support.demo import Demo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

ADDED = "Say nothing of the weather."


async def test_instructions_are_written_compared_tried_promoted_and_taken_back(
    page: Page, shift: Demo
) -> None:
    await enter(page, shift, "operator")
    await expect(page.get_by_test_id("pod-card").first).to_be_visible()
    await page.keyboard.press("g")
    await page.keyboard.press("n")
    production = page.get_by_test_id("label-production")
    before = await production.locator("strong").inner_text()
    await _write(page)
    version = re.search(r"version=(\d+)", page.url)
    assert version is not None
    await _try(page)
    await check_page(page, "instructions-tried")
    await _promote(page)
    await expect(production.locator("strong")).to_have_text(f"Version {version[1]}")
    history = page.get_by_test_id("instructions-history")
    await expect(history.get_by_role("row").nth(1)).to_contain_text("by keys")
    await reach(page, page.get_by_role("button", name="Roll back: production"), key="Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(production.locator("strong")).to_have_text(before)
    await expect(history.get_by_role("row").nth(1)).to_contain_text("rolled back")


async def _write(page: Page) -> None:
    """A new version from the one that answers now; it answers nobody yet."""
    await expect(page.get_by_test_id("edit")).to_be_visible()
    await reach(page, page.get_by_test_id("edit"))
    await page.keyboard.press("Enter")
    await reach(page, page.get_by_test_id("instructions-editor"))
    await page.keyboard.press("Control+End")
    await page.keyboard.type(f"\n{ADDED}")
    await reach(page, page.get_by_test_id("keep"), most=1)
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(r"version=\d+"))
    await expect(page.get_by_text("Nobody is answered by it yet")).to_be_visible()
    changed = page.get_by_test_id("instructions-diff").get_by_role("row").filter(has_text=ADDED)
    await expect(changed).to_contain_text("added")


async def _try(page: Page) -> None:
    """One question to both versions, on a pod."""
    panel = page.get_by_test_id("instructions-preview")
    await reach(page, panel.get_by_role("textbox"))
    await page.keyboard.type("How much cash do I have?")
    await page.keyboard.press("Enter")
    await expect(panel.get_by_test_id("pair")).to_contain_text(re.compile(r"\d"), timeout=40_000)
    await expect(panel.get_by_test_id("run-preview")).to_be_visible()


async def _promote(page: Page) -> None:
    text = page.get_by_test_id("instructions-text")
    await reach(page, text.get_by_label("Reason"), key="Shift+Tab")
    await page.keyboard.type("by keys")
    await page.keyboard.press("Enter")
    await expect(text).to_contain_text("production is at version")
