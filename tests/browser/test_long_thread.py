"""A conversation of 500 messages: read back to its beginning, scrolled, and gone on with."""

import time
from typing import Any

import psycopg
import pytest
from playwright.async_api import Locator, Page, expect
from psycopg.types.json import Jsonb

from backend.models.base import first_id
from tests.browser.conftest import SHOTS, enter
from tests.support.demo import Demo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

MESSAGES = 500
MOST_MS = 200.0
QUESTION = "How much cash do I have?"
LISTEN = """() => {
  window.slowest = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
    if (entry.interactionId) slowest = Math.max(slowest, entry.duration);
  })).observe({ type: "event", durationThreshold: 16 });
}"""
FRAMES = """(box, by) => new Promise((done) => {
  const gaps = [];
  let last = performance.now();
  const step = () => {
    const now = performance.now();
    gaps.push(now - last);
    last = now;
    box.scrollTop += by;
    if (gaps.length < 60) requestAnimationFrame(step);
    else done(gaps.sort((left, right) => left - right));
  };
  requestAnimationFrame(step);
})"""
"""How long sixty frames took in ms, ascending, with so many pixels scrolled in each."""


async def test_a_thread_of_500_messages_stays_fluid(page: Page, shift: Demo) -> None:
    async with shift.person("trader11") as trader:
        thread = (await trader.post("/threads", {"title": "a long one"}))["id"]
    _fill(shift, thread)
    await enter(page, shift, "trader11")
    await expect(page.get_by_test_id("chart")).to_be_visible()
    messages = page.get_by_test_id("message")
    await expect(messages.last).to_be_in_viewport()
    await page.evaluate(LISTEN)
    box = page.get_by_role("log")
    short = await _measure(page, box)
    await _read_back(page, messages)
    bounds = {what: max(MOST_MS, 2 * ms) for what, ms in short.items()}
    long = await _measure(page, box)
    if _beyond(long, bounds):  # what is the machine's and not the page's does not come again
        long = await _measure(page, box)
    await page.screenshot(path=SHOTS / "long-thread.png")
    assert _beyond(long, bounds) == {}, bounds


def _beyond(measured: dict[str, float], bounds: dict[str, float]) -> dict[str, float]:
    return {what: ms for what, ms in measured.items() if ms > bounds[what]}


async def _measure(page: Page, box: Locator) -> dict[str, float]:
    """The slowest interaction of a question, and what a frame takes at most while one scrolls."""
    await page.evaluate("slowest = 0")
    asked = box.get_by_text(QUESTION)
    before = await asked.count()
    question = page.get_by_test_id("chat-input")
    await question.press_sequentially(QUESTION, delay=20)
    await question.press("Enter")
    await expect(asked).to_have_count(before + 1)
    await expect(page.get_by_test_id("chat-send")).to_be_visible(timeout=60_000)
    await expect(page.get_by_test_id("chat-answer").last).to_be_in_viewport()
    gaps = await box.evaluate(FRAMES, -400)
    return {"interaction": await page.evaluate("slowest"), "frame": gaps[56]}


async def _read_back(page: Page, messages: Locator) -> None:
    """Page by page to the beginning; what was read stays where it is when earlier ones come."""
    earlier = page.get_by_role("button", name="Earlier messages")
    while await earlier.count():
        shown = await messages.count()
        first = await messages.first.element_handle()
        assert first is not None
        await earlier.scroll_into_view_if_needed()
        before = await first.bounding_box()
        await earlier.click()
        await expect(messages.nth(shown)).to_be_attached(timeout=20_000)
        after = await first.bounding_box()
        assert before is not None
        assert after is not None
        assert abs(after["y"] - before["y"]) < 40
    assert await messages.count() >= MESSAGES


def _fill(shift: Demo, thread: str) -> None:
    """Questions, and answers with what they rest on, as the back end keeps them."""
    began = time.time() - 3600
    facts: list[dict[str, Any]] = [
        {
            "id": f"cash.{number}",
            "label": "cash",
            "value": "100000.00",
            "unit": "USD",
            "as_of": "2012-10-15T14:30:00Z",
            "source": "desk",
        }
        for number in range(4)
    ]
    rows = [
        (
            first_id("message", began + number),
            f"run_{number // 2}",
            ("user", "assistant")[number % 2],
            f"Message {number}: " + "of the cash that the desk holds, and why. " * (number % 7),
            Jsonb({"tools": [{"name": "equity", "facts": facts}]} if number % 2 else {}),
            thread,
        )
        for number in range(MESSAGES)
    ]
    with psycopg.connect(shift.cluster.urls.backend_database) as connection:
        connection.cursor().executemany(
            "INSERT INTO backend.message (id, run_id, role, text, data, thread_id, organisation_id)"
            " SELECT %s, %s, %s, %s, %s, thread.id, thread.organisation_id"
            " FROM backend.thread WHERE thread.id = %s",
            rows,
        )
