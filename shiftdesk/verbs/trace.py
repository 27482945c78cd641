"""`shiftdesk trace ID`: the causal trail of an order, a signal or an override."""

from typing import Annotated, Any

import typer

from shiftdesk.api import Api, connect
from shiftdesk.errors import NotFound
from shiftdesk.output import AsJson, print_json, print_table

Step = dict[str, Any]


def register(app: typer.Typer) -> None:
    app.command("trace")(trace)


def trace(
    identity: Annotated[str, typer.Argument(metavar="ID", help="of an order, signal or override")],
    user: Annotated[str, typer.Option("--as", help="whose desk")] = "trader1",
    as_json: AsJson = False,
) -> None:
    """From the decision to the fill, or from the override to its audit row."""
    steps = _of_order(connect(user), identity) or _of_signal(connect(user), identity)
    steps = steps or _of_override(connect(), identity)
    if not steps:
        raise NotFound(f"no order, signal or override {identity!r}", "see /orders or /signals")
    if as_json:
        return print_json({"id": identity, "steps": steps})
    return print_table(("what", "when", "detail"), [tuple(step.values()) for step in steps])


def _of_order(api: Api, identity: str) -> list[Step]:
    try:
        order = api.get(f"/orders/{identity}")
    except NotFound:
        return []
    fills = [fill for fill in api.get("/fills", limit=200)["items"] if fill["order"] == identity]
    cause = f"decision of the bar that ended {order['bar_end']}" if order["bar_end"] else "by hand"
    steps = [_step("cause", order["bar_end"] or order["created_at"], cause)]
    what = f"{order['side']} {order['quantity']} {order['instrument']} ({order['kind']})"
    steps.append(_step("order", order["created_at"], what))
    steps += [
        _step("fill", f["at"], f"{f['quantity']} at {f['price']}, fee {f['fee']}") for f in fills
    ]
    reason = f" ({order['reason']})" if order["reason"] else ""
    steps.append(_step("state", order["ended_at"] or "open", f"{order['state']}{reason}"))
    return steps


def _of_signal(api: Api, identity: str) -> list[Step]:
    try:
        signal = api.get(f"/signals/{identity}")
    except NotFound:
        return []
    change = f"{signal['weight_before']:.3f} → {signal['weight_after']:.3f} {signal['instrument']}"
    steps = [_step("signal", signal["bar_end"], f"{change} by {signal['policy_version']}")]
    parts = sorted(signal["contributions"].items(), key=lambda part: -abs(part[1]))
    steps += [_step("because", "", f"{name} {share:+.4f}") for name, share in parts if share]
    orders = [
        order
        for order in api.get("/orders", limit=200)["items"]
        if order["bar_end"] == signal["bar_end"] and order["instrument"] == signal["instrument"]
    ]
    steps += [
        _step("order", order["created_at"], f"{order['id']} {order['state']}") for order in orders
    ]
    steps.append(_step("outcome", "", signal["outcome"]))
    return steps


def _of_override(api: Api, identity: str) -> list[Step]:
    rows = [row for row in api.get("/audit", limit=200)["items"] if identity in row["subject"]]
    return [
        _step(row["action"], row["at"], f"by {row['actor']}: {row['after']}") for row in rows[::-1]
    ]


def _step(what: str, when: str, detail: str) -> Step:
    return {"what": what, "when": when, "detail": detail}
