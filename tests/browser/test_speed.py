"""How fast the desk is: when it stands, whether it jumps, and what 50 messages a second cost.

The figures are left in `artifacts/browser/speed.json`. `SHIFTDESK_PAGE_SECONDS` is how long the
messages come for: 300 and more show what the page's memory does.
"""

import asyncio
import json
import os
import time
from typing import Any

import pytest
from playwright.async_api import Page, WebSocketRoute, expect

from tests.browser.conftest import SHOTS, enter, heap
from tests.support.demo import Demo
from tests.support.people import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(2400)]

SECONDS = float(os.environ.get("SHIFTDESK_PAGE_SECONDS", "6"))
MESSAGES_PER_SECOND = 50
LEAST_TICKS = SECONDS * MESSAGES_PER_SECOND * 0.8
LOOK = """() => {
  window.figures = { lcp: 0, shifts: [], presses: {}, paints: [], bare: [] };
  const watch = (type, take, more = {}) => new PerformanceObserver((list) =>
    list.getEntries().forEach(take)).observe({ type, buffered: true, ...more });
  watch("largest-contentful-paint", (entry) => { figures.lcp = entry.startTime; });
  watch("layout-shift", (entry) => { if (entry.hadRecentInput) return;
    const moved = entry.sources[0]?.node;
    const says = (moved?.outerHTML ?? moved?.data ?? "").slice(0, 90);
    const from = entry.sources[0]?.previousRect.y;
    const to = entry.sources[0]?.currentRect.y;
    figures.shifts.push([entry.startTime, entry.value, `${from} to ${to}: ${says}`]);
  });
  watch("event", (entry) => {
    const { interactionId, duration } = entry;
    if (!interactionId) return;
    figures.presses[interactionId] = Math.max(figures.presses[interactionId] ?? 0, duration);
  }, { durationThreshold: 16 });
  const painted = new MessageChannel();
  const waiting = [];
  painted.port1.onmessage = () => {
    for (const [at, into] of waiting.splice(0)) into.push(performance.now() - at);
  };
  window.untilPainted = (into) => {
    if (!waiting.length) requestAnimationFrame(() => painted.port2.postMessage(0));
    waiting.push([performance.now(), into]);
  };
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...all) {
      super(...all);
      this.addEventListener("message", ({ data }) => {
        if (String(data).includes('"kind":"tick"')) untilPainted(figures.paints);
      });
    }
  };
}"""


async def test_the_desk_stands_soon_and_stays_fluid(page: Page, shift: Demo) -> None:
    sockets: list[WebSocketRoute] = []

    def join(route: WebSocketRoute) -> None:
        sockets.append(route)
        route.connect_to_server()

    # In this order: what stands for the socket while it is routed is listened to.
    await page.route_web_socket("**/api/v1/live*", join)
    await page.add_init_script(f"({LOOK})()")
    await enter(page, shift, "trader8")
    await expect(page.get_by_test_id("chart")).to_be_visible()
    await page.reload()
    await expect(page.get_by_test_id("connection-state")).to_have_text("live")
    async with shift.person("trader8") as trader:
        instrument = (await trader.get("/desk"))["instruments"][0]
    cdp = await page.context.new_cdp_session(page)
    await cdp.send("Performance.enable")
    before = await heap(cdp)
    await _flood(page, [_tick(shift, instrument, price) for price in range(630, 637)], sockets[-1])
    await until(lambda: _painted(page), what="the ticks painted that were sent")
    figures: dict[str, Any] = await page.evaluate("figures")
    figures["inp"] = _inp(list(figures.pop("presses").values()))
    figures["cls"], figures["moved"] = _cls(figures.pop("shifts"))
    figures["ticks"] = len(figures["paints"])
    figures["tick_to_paint_ms_p95"] = _p95(figures.pop("paints"))
    figures["bare_paint_ms_p95"] = _p95(figures.pop("bare"))
    figures["heap_growth_mb"] = round((await heap(cdp) - before) / 1e6, 2)
    (SHOTS / "speed.json").write_text(json.dumps(figures, indent=1))
    _judge(figures)


async def _painted(page: Page) -> bool:
    return int(await page.evaluate("figures.paints.length")) >= LEAST_TICKS


def _judge(figures: dict[str, Any]) -> None:
    """Bounds of a machine that has a core for the page; where an empty frame takes longer than it
    should, they are so many of these.
    """
    bare = figures["bare_paint_ms_p95"]
    assert figures["ticks"] >= LEAST_TICKS
    assert figures["cls"] <= 0.02, figures["moved"]
    assert figures["heap_growth_mb"] <= 10
    assert figures["lcp"] <= max(1500, 30 * bare)
    assert figures["inp"] <= max(200, 4 * bare)
    assert figures["tick_to_paint_ms_p95"] <= max(100, 4 * bare)


def _inp(presses: list[float]) -> float:
    """Interaction to next paint: the longest, but for one in fifty (web.dev/articles/inp)."""
    return sorted(presses, reverse=True)[len(presses) // 50]


def _cls(shifts: list[tuple[float, float, str]]) -> tuple[float, list[str]]:
    """The worst window of layout shifts, and what moved in it: less than 1 s from one shift to the
    next and 5 s in all (web.dev/articles/cls). Of each shift: when, in ms, how much, and of what.
    """
    windows: list[list[tuple[float, float, str]]] = []
    for shift in sorted(shifts):
        window = windows[-1] if windows else []
        if window and shift[0] - window[-1][0] < 1000 and shift[0] - window[0][0] < 5000:
            window.append(shift)
        else:
            windows.append([shift])
    worst = max(windows, key=lambda each: sum(value for _, value, _ in each), default=[])
    return sum(value for _, value, _ in worst), [f"{value:.4f} {what}" for _, value, what in worst]


def _p95(values: list[float]) -> float:
    return round(sorted(values)[int(len(values) * 0.95)], 1)


async def _flood(page: Page, ticks: list[str], socket: WebSocketRoute) -> None:
    """Ticks of what the chart shows at an even pace, while somebody presses things."""
    intervals = page.get_by_role("group", name="Bar interval").locator("label")
    started = time.monotonic()
    for number in range(int(SECONDS * MESSAGES_PER_SECOND)):
        socket.send(ticks[number % len(ticks)])
        if number % 10 == 5:
            await page.evaluate("setTimeout(() => untilPainted(figures.bare), 7)")
        if number % 40 == 20:
            await intervals.nth(number // 40 % 2 + 1).click()
        due = started + (number + 1) / MESSAGES_PER_SECOND
        await asyncio.sleep(max(0.0, due - time.monotonic()))


def _tick(shift: Demo, instrument: str, price: float) -> str:
    at = shift.now().isoformat()
    data = {"instrument": instrument, "price": price, "size": 1.0, "at": at}
    frame = {"v": 1, "kind": "tick", "seq": None, "prev": None, "epoch": None, "clock": None}
    return json.dumps(
        {**frame, "ts_source": at, "ts_sent": time.time(), "data": {**data, "synthetic": True}},
        separators=(",", ":"),
    )
