"""What the server does not answer is told where it is missing, and an order never waits unseen for
the network.
"""

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.conftest import enter
from tests.support.demo import Demo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

FAILING = {
    "orders": "orders-panel",
    "fills": "fills-panel",
    "positions": "positions-panel",
    "equity": "equity-panel",
    "signals": "signals-list",
}
"""What is read of the API, and the panel that shows it."""


async def test_each_panel_says_what_it_lacks_and_an_order_without_a_network_is_not_kept(
    page: Page, shift: Demo
) -> None:
    for name in FAILING:
        await page.route(f"**/api/v1/{name}*", _fail)
    await enter(page, shift, "trader12")
    for panel in FAILING.values():
        alert = page.get_by_test_id(panel).get_by_role("alert")
        await expect(alert).to_contain_text("cannot be shown")
        await expect(alert).to_contain_text("tell an operator")
        await expect(alert).to_contain_text("internal_error · req_test")
    await page.unroute_all()
    # The signals first: they are read again by themselves, some seconds after they failed.
    for panel in reversed(FAILING.values()):
        await page.get_by_test_id(panel).get_by_role("button", name="Try again").click()
        await expect(page.get_by_test_id(panel).get_by_role("alert")).to_have_count(0)
    await _order_without_a_network(page, shift)


async def _order_without_a_network(page: Page, shift: Demo) -> None:
    await page.get_by_test_id("order-quantity").fill("7")
    await expect(page.get_by_test_id("order-preview")).to_be_visible()
    await page.context.set_offline(True)
    await page.get_by_test_id("order-submit").click()
    told = page.get_by_role("alert").filter(has_text="not known whether the order was made")
    await expect(told).to_contain_text("cannot be reached")
    await page.context.set_offline(False)
    await expect(page.get_by_test_id("connection-state")).to_have_text("live")
    async with shift.person("trader12") as trader:
        orders = (await trader.get("/orders"))["items"]
    assert [order for order in orders if float(order["quantity"]) == 7] == []


async def _fail(route: Route) -> None:
    problem = {"title": "Internal error", "status": 500, "detail": "", "code": "internal_error"}
    await route.fulfill(status=500, json=problem, headers={"X-Request-Id": "req_test"})
