"""Axe, by every rule of WCAG 2.2 AA and in both themes: of a page, or of what lies over it.

Behind a dialog the page is inert and has been looked at as a page, so that only the dialog is.
"""

import json
from pathlib import Path
from typing import Any

from playwright.async_api import Page, expect

from tests.browser.conftest import SHOTS

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
THEMES = ("dark", "light")
RUN = """([within, runOnly]) => axe
  .run(within ?? document, { runOnly, resultTypes: ["violations"] })
  .then(({ violations }) => violations.map(({ id, help, nodes }) =>
    ({ id, help, at: nodes.map(({ target, any, all }) =>
      [target, [...any, ...all].map(({ message }) => message)]) })))"""


async def check_page(page: Page, name: str, within: str | None = None) -> None:
    """Nothing is found in either theme, which follows what the machine is set to."""
    found: dict[str, Any] = {}
    await expect(page.locator(within or "main").first).to_be_visible()
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text())
    for theme in THEMES:
        await page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        await expect(page.locator("html")).to_have_attribute("data-theme", theme)
        if within is None:
            await page.screenshot(path=SHOTS / f"{name}-{theme}.png")
        found[theme] = await page.evaluate(RUN, [within, RULES])
    assert found == {theme: [] for theme in THEMES}, f"{name}: {json.dumps(found, indent=1)}"


async def check_dialog(page: Page, name: str) -> None:
    """What lies over the page at this moment."""
    await check_page(page, name, "dialog[open]")
