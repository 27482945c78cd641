"""Chat on the page: an answer, and one whose connection is cut again and again while it streams."""

import re
from itertools import pairwise

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import SHOTS, enter
from tests.browser.cutting import CuttingProxy
from tests.support.demo import Demo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

QUESTION = "What are my cash, my equity and my fees, and when does the market close?"
WATCH = """() => {
  let last = "";
  const look = () => {
    const text = [...document.querySelectorAll('[data-testid="chat-answer"]')].at(-1)?.textContent;
    if (text && text !== last) window.shown(last = text);
  };
  new MutationObserver(look).observe(document.body, {
    subtree: true, childList: true, characterData: true,
  });
}"""


async def test_the_chatbot_answers_on_the_page(page: Page, shift: Demo) -> None:
    await enter(page, shift, "trader2")
    await page.get_by_test_id("chat-input").fill("How much cash do I have?")
    await page.get_by_test_id("chat-send").click()
    await expect(page.get_by_test_id("chat-answer").last).to_contain_text(
        re.compile(r"\d"), timeout=40_000
    )
    await page.screenshot(path=SHOTS / "chat.png")


async def test_a_cut_answer_goes_on_where_it_stopped(page: Page, shift: Demo) -> None:
    async with CuttingProxy(shift.url).running() as proxy:
        seen: list[str] = []

        def on_shown(text: str) -> None:
            seen.append(text)
            proxy.on_shown()

        await page.expose_function("shown", on_shown)
        await enter(page, shift, "trader4", url=proxy.url)
        await page.get_by_test_id("chat-input").fill(QUESTION)
        await page.evaluate(WATCH)
        await page.get_by_test_id("chat-send").click()
        await expect(page.locator("[data-status=done]")).to_be_visible(timeout=60_000)
        await page.screenshot(path=SHOTS / "chat-cut.png")
    _check_resumed(proxy)
    question, answer = await _messages(shift, "trader4")
    assert (question["role"], question["text"]) == ("user", QUESTION)
    _check_shown(seen, answer["text"], cuts=sum(opening.cut for opening in proxy.openings))


def _check_resumed(proxy: CuttingProxy) -> None:
    """The question was asked once; each stream goes on after the last event of the one before."""
    first, *later = proxy.openings
    assert (first.method, first.after) == ("POST", None)
    assert len(later) >= 3
    for before, opening in pairwise(proxy.openings):
        assert before.cut
        assert (opening.method, opening.after) == ("GET", before.events[-1])


def _check_shown(seen: list[str], answer: str, cuts: int) -> None:
    """The words only ever grew toward the answer: none was lost, none came twice."""
    assert seen[-1] == answer
    assert [text for text in seen if not answer.startswith(text)] == []
    assert [len(text) for text in seen] == sorted(len(text) for text in seen)
    assert len(seen) >= cuts


async def _messages(shift: Demo, login: str) -> list[dict[str, str]]:
    async with shift.person(login) as trader:
        (thread,) = (await trader.get("/threads"))["items"]
        items: list[dict[str, str]] = (await trader.get(f"/threads/{thread['id']}/messages"))[
            "items"
        ]
    return items
