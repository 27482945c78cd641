"""Somebody without a mouse: goes by the Tab key, and sees at every stop where the focus is."""

from playwright.async_api import Locator, Page

FOCUS = """target => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const shown = at.matches("input.visually-hidden") ? at.nextElementSibling : at;
  const { outlineStyle, outlineWidth } = getComputedStyle(shown);
  const { left, right, top, bottom } = shown.getBoundingClientRect();
  const across = (Math.max(left, 0) + Math.min(right, innerWidth)) / 2;
  const [high, low] = [Math.max(top, 0), Math.min(bottom, innerHeight)];
  const open = [0.1, 0.5, 0.9].some((share) => {
    const over = document.elementFromPoint(across, high + (low - high) * share);
    return over && (shown.contains(over) || over.contains(shown));
  });
  return {
    there: at === target || target.contains(at),
    ring: outlineStyle !== "none" && parseFloat(outlineWidth) >= 1,
    open,
    what: at.outerHTML.slice(0, 160),
  };
}"""
"""Where the focus is, whether it has a ring, and whether something of it is in sight."""


async def reach(page: Page, target: Locator, key: str = "Tab", most: int = 160) -> None:
    """Press the key until the target has the focus.

    Raises AssertionError at a stop that cannot be seen, or after `most` presses.
    """
    wanted = await target.element_handle()
    for _ in range(most):
        await page.keyboard.press(key)
        stop = await page.evaluate(FOCUS, wanted)
        if stop is None:
            continue
        assert stop["ring"], f"no ring shows where the focus is: {stop['what']}"
        assert stop["open"], f"what has the focus is out of sight: {stop['what']}"
        if stop["there"]:
            return
    raise AssertionError(f"{most} presses of {key} do not lead to {target}")
