"""Films the demo that runs in this folder (`make run`), in Chromium, and writes `moving.webp`.

    .venv/bin/python docs/pictures/make_moving_picture.py

It signs in as a trader, shows the desk, a signal's reasons, an answer, the schedule and a verdict;
before the demo's first night is over it waits for that verdict. It places no order.
"""

import asyncio
import io
import re
import shutil
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from PIL import Image, ImageDraw, ImageFont
from playwright.async_api import Page, async_playwright

from shiftdesk.api import running_cluster
from shiftdesk.configuration import STATE
from shiftdesk.local.state import StateFolder

PICTURE = Path(__file__).with_name("moving.webp")
MOST_BYTES = 1_500_000
WINDOW = (1280, 800)
SHOWN = (960, 600)
STRIP = 40
"""Of the caption, in pixels below what is shown."""
EVERY_SECONDS = 0.25
NIGHT_MS = 360_000
TOURED = """localStorage.setItem("shiftdesk-preferences",
  JSON.stringify({ state: { toured: true, theme: "light" }, version: 0 }))"""
QUESTION = "Why did the last signal fire?"

Task: TypeAlias = asyncio.Task[None]


@dataclass
class Film:
    """Shots of a page, each with its caption and the milliseconds for which it stands."""

    page: Page
    shots: list[tuple[bytes, str, int]] = field(default_factory=list)

    async def record(self, caption: str, seconds: float, doing: Task | None = None) -> None:
        """Shots of the page, with a caption below: while something is done there, and then for so
        many seconds.
        """
        ends = time.monotonic() + seconds
        while (began := time.monotonic()) < ends or (doing and not doing.done()):
            if doing and not doing.done():
                ends = began + seconds
            shot = await self.page.screenshot(type="png", animations="allow")
            await asyncio.sleep(max(0.0, EVERY_SECONDS - (time.monotonic() - began)))
            took = min(time.monotonic() - began, 2 * EVERY_SECONDS)
            self.shots.append((shot, caption, round(1000 * took)))

    def write(self, path: Path) -> None:
        """Raises SystemExit when it has become too large for a first screen."""
        first, *later = (_captioned(shot, caption) for shot, caption, _ in self.shots)
        durations = [stands for _, _, stands in self.shots]
        first.save(
            path,
            append_images=later,
            save_all=True,
            duration=durations,
            loop=0,
            quality=55,
            method=6,
        )
        size = path.stat().st_size
        sys.stdout.write(
            f"{path}: {len(durations)} frames, {sum(durations) / 1000:.0f} s, {size:,} B\n"
        )
        if size > MOST_BYTES:
            raise SystemExit(f"more than {MOST_BYTES:,} B: shorter scenes, or a lower quality")


def _captioned(shot: bytes, caption: str) -> Image.Image:
    frame = Image.new("RGB", (SHOWN[0], SHOWN[1] + STRIP), "#10151c")
    frame.paste(Image.open(io.BytesIO(shot)).convert("RGB").resize(SHOWN, Image.Resampling.LANCZOS))
    place = (SHOWN[0] / 2, SHOWN[1] + STRIP / 2)
    font = ImageFont.load_default(size=17)
    ImageDraw.Draw(frame).text(place, caption, fill="#e8edf2", font=font, anchor="mm")
    return frame


@asynccontextmanager
async def entered(url: str, password: str) -> AsyncIterator[Page]:
    """The desk of a trader of the demo."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("Chromium is missing: install Debian's package `chromium`")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        page = await browser.new_page(viewport={"width": WINDOW[0], "height": WINDOW[1]})
        await page.add_init_script(TOURED)
        await page.goto(url)
        await page.get_by_test_id("login-username").fill("trader1")
        await page.get_by_test_id("login-password").fill(password)
        await page.get_by_test_id("login-submit").click()
        yield page
        await browser.close()


async def play(film: Film) -> None:
    """The scenes, in the order of a day."""
    page = film.page
    judged = re.compile("champion kept|promoted", re.I)
    verdict = page.get_by_test_id("verdict-sentence").filter(has_text=judged)
    await verdict.first.wait_for(timeout=NIGHT_MS)
    open_now = page.get_by_test_id("phase-badge").filter(has_text=re.compile("trading", re.I))
    await open_now.first.wait_for(timeout=NIGHT_MS)
    await page.get_by_test_id("fill-row").first.wait_for(timeout=NIGHT_MS)
    await film.record("The market is open: the trading agent watches bars and issues signals", 6.0)
    await page.get_by_test_id("signal-row").first.click()
    await page.get_by_test_id("explanation").wait_for()
    await film.record("Each signal says why; its parts add up to the score", 3.5)
    await page.keyboard.press("Escape")
    asked = asyncio.create_task(_ask(page), name="question")
    await film.record("The chatbot answers from facts, each with its source", 3.0, asked)
    await asked
    await page.locator('nav a[href="/schedule"]').click()
    await page.get_by_text("A lane for each market").wait_for()
    await film.record("By the exchange's calendar, the agents share one pod", 3.5)
    await page.locator('nav a[href="/learning"]').click()
    await page.get_by_test_id("verdicts").wait_for()
    await film.record("Nights learn; nothing trades that has not beaten the champion", 4.0)


async def _ask(page: Page) -> None:
    await page.get_by_test_id("chat-input").press_sequentially(QUESTION, delay=35)
    await page.get_by_test_id("chat-send").click()
    await page.locator("[data-status=done]").last.wait_for()


async def main() -> None:
    password = StateFolder(STATE).secrets().demo_password
    async with entered(running_cluster().url, password) as page:
        film = Film(page)
        await play(film)
    film.write(PICTURE)


if __name__ == "__main__":
    asyncio.run(main())
