"""The page as its users meet it: live bars, a signal's reasons, a fill, the pods, an override."""

import asyncio
import os
import re
import signal

import pytest
from playwright.async_api import Page, Response, Route, expect

from tests.browser.conftest import SHOTS, enter
from tests.support.demo import Demo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


async def test_a_wrong_password_is_told(page: Page, shift: Demo) -> None:
    await page.goto(shift.url)
    await page.get_by_test_id("login-username").fill("trader1")
    await page.get_by_test_id("login-password").fill("not the password")
    await page.get_by_test_id("login-submit").click()
    await expect(page.get_by_role("alert").first).to_be_visible()
    await page.screenshot(path=SHOTS / "login-refused.png")


async def test_a_trader_sees_live_bars_signals_and_a_fill(page: Page, shift: Demo) -> None:
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    await enter(page, shift, "trader1")
    await expect(page.get_by_test_id("paper-badge").first).to_be_visible()
    await expect(page.get_by_test_id("connection-state").first).to_contain_text(
        re.compile("live", re.I)
    )
    count = page.get_by_test_id("chart-bar-count")
    await expect(count).to_have_text(re.compile(r"[1-9]\d*"))
    await expect(page.get_by_test_id("bars-source")).to_have_text("synthetic")
    await expect(page.get_by_test_id("signal-row").first).to_be_visible(timeout=150_000)
    await expect(page.get_by_test_id("fill-row").first).to_be_visible(timeout=150_000)
    await page.screenshot(path=SHOTS / "desk.png", full_page=True)
    await expect(page.get_by_test_id("phase-badge").first).to_contain_text(
        re.compile("learning", re.I), timeout=150_000
    )
    verdict = page.get_by_test_id("verdict-sentence").first.get_by_role("link")
    await expect(verdict).to_be_visible(timeout=150_000)
    await page.screenshot(path=SHOTS / "desk-learning.png", full_page=True)
    assert problems == []


async def test_the_reasons_of_a_signal_are_those_on_record(page: Page, shift: Demo) -> None:
    await enter(page, shift, "trader1")
    row = page.get_by_test_id("signal-row").first
    await expect(row).to_be_visible(timeout=150_000)
    async with page.expect_response(_is_explanation) as asked:
        await row.click()
    answer = await asked.value
    shown = page.get_by_test_id("explanation")
    await expect(shown).to_contain_text("= the sum of the above ✓")
    async with shift.person("trader1") as trader:
        path = answer.url.partition("/api/v1")[2]
        frozen = await trader.get(path)
    await expect(shown).to_contain_text(frozen["reason"])
    total = frozen["base"] + sum(frozen["contributions"].values())
    assert total == pytest.approx(frozen["score"], abs=1e-4)
    await page.screenshot(path=SHOTS / "explanation.png")


async def test_a_signal_ahead_of_the_record_is_waited_for(page: Page, shift: Demo) -> None:
    early = {"code": "signal_not_found", "detail": "there is no such signal"}
    told = asyncio.Event()

    async def answer(route: Route) -> None:
        if told.is_set():
            await route.continue_()
        else:
            await route.fulfill(status=404, json=early)

    await page.route("**/explanation", answer)
    await enter(page, shift, "trader1")
    await page.get_by_test_id("signal-row").first.click(timeout=150_000)
    shown = page.get_by_test_id("explanation")
    await expect(shown).to_contain_text("Not on record yet")
    told.set()
    await expect(shown).to_contain_text("= the sum of the above ✓")


async def test_an_operator_sets_and_ends_an_override(page: Page, shift: Demo) -> None:
    await enter(page, shift, "operator")
    link = page.get_by_test_id("operator-link")
    if await link.count():
        await link.first.click()
    await expect(page.get_by_test_id("pod-card")).to_have_count(2)
    await expect(page.get_by_test_id("timeline").first).to_be_visible()
    await page.screenshot(path=SHOTS / "operator.png", full_page=True)
    await _fill_override(page, shift)
    await page.get_by_test_id("override-preview").click()
    await expect(page.get_by_test_id("override-changes")).to_contain_text("paused")
    await page.screenshot(path=SHOTS / "override-preview.png", full_page=True)
    await page.get_by_test_id("override-submit").click()
    await expect(page.get_by_test_id("override-row").first).to_contain_text("browser test")
    await page.get_by_test_id("override-end").first.click()
    confirm = page.get_by_role("button", name=re.compile("^end override$", re.I))
    if await confirm.count():
        await confirm.last.click()
    await expect(page.get_by_test_id("override-row")).to_have_count(0)


async def test_a_viewer_sees_the_platform_and_changes_nothing(page: Page, shift: Demo) -> None:
    await enter(page, shift, "viewer")
    await expect(page.get_by_test_id("pod-card")).to_have_count(2)
    await expect(page.get_by_test_id("override-form")).to_have_count(0)
    await expect(page.get_by_role("alert")).to_have_count(0)
    await page.screenshot(path=SHOTS / "viewer.png", full_page=True)


async def test_the_desk_fits_a_phone(page: Page, shift: Demo) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    await enter(page, shift, "trader3")
    await expect(page.get_by_test_id("chart").first).to_be_visible()
    width = await page.evaluate("document.documentElement.scrollWidth")
    await page.screenshot(path=SHOTS / "phone.png", full_page=True)
    assert width <= 400


async def _fill_override(page: Page, shift: Demo) -> None:
    until = shift.now() + shift.cluster.clock.market_span(240.0)
    await page.get_by_test_id("override-reason").fill("browser test")
    field = page.get_by_test_id("override-until")
    kind = await field.get_attribute("type")
    text = f"{until:%Y-%m-%dT%H:%M}"
    await field.fill(text if kind == "datetime-local" else f"{text}Z")


def _is_explanation(response: Response) -> bool:
    return response.url.endswith("/explanation") and response.ok


async def test_the_page_is_live_again_after_its_back_end_was_killed(
    page: Page, shift: Demo
) -> None:
    await enter(page, shift, "trader1")
    state = page.get_by_test_id("connection-state").first
    await expect(state).to_have_text("live")
    pid = shift.cluster.supervisor.pid("backend")
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await expect(state).to_have_text("reconnecting")
    await page.screenshot(path=SHOTS / "reconnecting.png")
    await expect(state).to_have_text("live", timeout=45_000)
    await page.get_by_test_id("chat-input").fill("What is my cash?")
    await page.get_by_test_id("chat-send").click()
    await expect(page.get_by_test_id("chat-answer").last).to_contain_text(
        re.compile(r"\d"), timeout=40_000
    )
