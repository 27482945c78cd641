"""Every page: axe in both themes, a phone's width, the keyboard, the shell without a network."""

import re

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.axe import check_page
from tests.browser.conftest import SHOTS, enter
from tests.support.demo import Demo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

KEPT = """async () => (await Promise.all((await caches.keys()).map(async (name) =>
  (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)))).flat()"""
"""The paths of all that the service worker keeps."""
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1440, "height": 900}


async def test_sign_in_passes_axe_in_both_themes(page: Page, shift: Demo) -> None:
    await page.goto(shift.url)
    await expect(page.get_by_test_id("login-username")).to_be_visible()
    await check_page(page, "login")


async def test_every_page_passes_axe_and_serves_a_phone(page: Page, shift: Demo) -> None:
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    seen: set[str] = set()
    # A trader of the line that learns first: a slow night comes to no verdict on the others.
    for login in ("operator", "trader7"):
        await page.context.clear_cookies()
        await enter(page, shift, login)
        links = page.get_by_role("navigation").get_by_role("link")
        await expect(links.first).to_be_visible()
        paths = [str(await link.get_attribute("href")) for link in await links.all()]
        for path in paths:
            if path not in seen:
                await _open(page, page.locator(f'nav a[href="{path}"]'))
                await _look_at(page, f"page{path.replace('/', '-')}")
        seen |= set(paths)
    assert {"/", "/signals", "/operator", "/instructions", "/users"} <= seen
    await page.locator('nav a[href="/signals"]').click()
    await _open(page, page.get_by_test_id("signal-table").get_by_role("link").first)
    await _look_at(page, "one-signal")
    await page.locator('nav a[href="/learning"]').click()
    await page.get_by_test_id("verdict-row").first.locator("summary").click(timeout=150_000)
    await _open(page, page.get_by_test_id("verdict-link").first)
    await _look_at(page, "one-verdict")
    assert problems == []


async def _open(page: Page, link: Locator) -> None:
    """Follow a link, and wait until its page stands and has all that it reads."""
    here = await link.get_attribute("aria-current") == "page"
    before = None if here else await page.query_selector("main h1")
    await link.click()
    if before is not None:
        await before.wait_for_element_state("hidden")
    await expect(page.locator("main h1")).to_be_attached()
    await expect(page.locator("main [data-freshness]").first).to_be_visible()
    await expect(page.locator("main [aria-busy=true]")).to_have_count(0)


async def _look_at(page: Page, name: str) -> None:
    """Axe finds nothing, and on a phone nothing reaches out sideways and chat opens whole."""
    await check_page(page, name)
    await page.set_viewport_size(PHONE)
    await page.screenshot(path=SHOTS / f"{name}-phone.png")
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], f"{name} is {width} px wide on a phone"
    toggle = page.get_by_test_id("chat-toggle")
    if await toggle.get_attribute("aria-pressed") == "false":
        await toggle.click()
    await expect(page.get_by_test_id("chat-input")).to_be_in_viewport(ratio=1)
    await expect(page.get_by_test_id("chat-send")).to_be_in_viewport(ratio=1)
    await toggle.click()
    await page.set_viewport_size(DESKTOP)


async def test_the_keyboard_opens_pages_help_and_settings(page: Page, shift: Demo) -> None:
    await enter(page, shift, "operator")
    await expect(page.get_by_test_id("pod-card").first).to_be_visible()
    await page.keyboard.press("Control+k")
    await expect(page.get_by_test_id("palette-input")).to_be_focused()
    await page.keyboard.type("usage")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("/usage$"))
    await page.keyboard.press("g")
    await page.keyboard.press("a")
    await expect(page).to_have_url(re.compile("/audit$"))
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_contain_text("g a")
    await page.keyboard.press("Escape")
    before = await page.get_by_test_id("zone").input_value()
    await page.keyboard.press("z")
    await expect(page.get_by_test_id("zone")).not_to_have_value(before)
    await page.keyboard.press("Control+k")
    await expect(page.get_by_test_id("palette-input")).to_be_focused()
    await page.keyboard.type("deutsch")
    await page.keyboard.press("Enter")
    await expect(page.locator("html")).to_have_attribute("lang", "de")
    await expect(page.get_by_role("heading", name="Protokoll").first).to_be_attached()


async def test_the_audit_is_filtered_by_its_address_and_its_chain_is_checked(
    page: Page, shift: Demo
) -> None:
    await enter(page, shift, "operator")
    await page.locator('nav a[href="/audit"]').click()
    shown = page.get_by_test_id("audit-row").get_by_role("button")
    subject = await shown.first.inner_text()
    # By its name: another change may have come meanwhile, and stand first.
    await shown.get_by_text(subject, exact=True).first.click()
    await expect(page).to_have_url(re.compile("subject="))
    await page.reload()
    await expect(shown.first).to_be_visible()
    assert set(await shown.all_inner_texts()) == {subject}
    await page.get_by_role("button", name="Check the chain").click()
    await expect(page.get_by_test_id("audit-chain")).to_contain_text("intact")


async def test_a_newcomer_is_shown_round_once_and_finds_the_shell_without_a_network(
    browser: Browser, shift: Demo
) -> None:
    context = await browser.new_context()
    try:
        page = await context.new_page()
        await enter(page, shift, "trader6")
        await _look_round(page)
        await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        await page.reload()
        await expect(page.get_by_test_id("chart")).to_be_visible()
        await expect(page.get_by_test_id("tour")).to_have_count(0)
        kept = await page.evaluate(KEPT)
        assert "/" in kept
        strays = [path for path in kept if not re.match(r"/(assets/|favicon|app\.json|$)", path)]
        assert strays == []
        await context.set_offline(True)
        await page.reload()
        await expect(page.get_by_role("alert").first).to_contain_text("cannot be reached")
    finally:
        await context.close()


async def _look_round(page: Page) -> None:
    tour = page.get_by_test_id("tour")
    await expect(tour).to_contain_text("Welcome")
    await expect(tour.get_by_role("button").last).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(tour).to_contain_text("PAPER or LIVE")
    await page.keyboard.press("Escape")
    await expect(tour).to_have_count(0)
