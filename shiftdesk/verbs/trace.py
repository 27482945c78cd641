"""`shiftdesk trace ID`: the causal trail of an order, a signal, an answer or an override."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import takewhile
from typing import Annotated, Any

import typer

from shiftdesk.api import Api, connect, look_at
from shiftdesk.errors import Forbidden, NotFound
from shiftdesk.examples import examples
from shiftdesk.output import AsJson, print_json, print_table

Step = dict[str, Any]

TRACE = "trace"
NOT_TOLD = ("id", "organisation", "revision", "created_at")


def register(app: typer.Typer) -> None:
    app.command(
        "trace", epilog=examples("trace ORDER", "trace SIGNAL --json", "trace RUN --as trader2")
    )(trace)


def trace(
    identity: Annotated[
        str, typer.Argument(metavar="ID", help="of an order, a signal, an answer or an override")
    ],
    user: Annotated[str, typer.Option("--as", help="whose desk; at the demo: trader1")] = "",
    as_json: AsJson = False,
) -> None:
    """From the decision to the fill, from the question to its facts, from the override to its
    audit row.
    """
    api = look_at(user)
    steps = _of_order(api, identity) or _of_signal(api, identity) or _of_answer(api, identity)
    steps = steps or _of_override(connect(), identity)
    if not steps:
        raise NotFound(
            f"no order, signal, answer or override {identity!r}",
            "the page and the API show ids; --as USER for another's desk",
        )
    if as_json:
        found = next((step["detail"] for step in steps if step["what"] == TRACE), None)
        return print_json({"id": identity, "trace_id": found, "steps": steps})
    rows = [(step["what"], _second(step["when"]), step["detail"]) for step in steps]
    return print_table(("what", "when (UTC)", "detail"), rows)


def _of_order(api: Api, identity: str) -> list[Step]:
    try:
        order = api.get(f"/orders/{identity}")
    except NotFound:
        return []
    cause = f"decision of the bar that ended {order['bar_end']}" if order["bar_end"] else "by hand"
    steps = [_step("cause", order["bar_end"] or order["created_at"], cause)]
    what = f"{order['side']} {order['quantity']} {order['instrument']} ({order['kind']})"
    steps.append(_step("order", order["created_at"], what))
    steps += [
        _step("fill", fill["at"], f"{fill['quantity']} at {fill['price']}, fee {fill['fee']}")
        for fill in _fills(api, order)
    ]
    reason = f" ({order['reason']})" if order["reason"] else ""
    steps.append(_step("state", order["ended_at"] or "open", f"{order['state']}{reason}"))
    return steps + _of_trace(order)


def _fills(api: Api, order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    missing = Decimal(order["filled"])
    for fill in api.items("/fills") if missing else ():
        if fill["order"] == order["id"]:
            missing -= Decimal(fill["quantity"])
            yield fill
        if missing <= 0:
            return


def _of_signal(api: Api, identity: str) -> list[Step]:
    try:
        signal = api.get(f"/signals/{identity}")
    except NotFound:
        return []
    change = f"{signal['weight_before']:.3f} → {signal['weight_after']:.3f} {signal['instrument']}"
    steps = [_step("signal", signal["bar_end"], f"{change} by {signal['policy_version']}")]
    parts = sorted(signal["contributions"].items(), key=lambda part: -abs(part[1]))
    steps += [_step("because", "", f"{name} {share:+.4f}") for name, share in parts if share]
    bar = signal["bar_end"]
    orders = api.items("/orders", desk=signal["desk"])
    later = takewhile(lambda o: (o["bar_end"] or o["created_at"]) >= bar, orders)
    steps += [
        _step("order", order["created_at"], f"{order['id']} {order['state']}")
        for order in later
        if order["bar_end"] == bar and order["instrument"] == signal["instrument"]
    ]
    steps.append(_step("outcome", "", signal["outcome"]))
    return steps + _of_trace(signal)


def _of_answer(api: Api, identity: str) -> list[Step]:
    """By the id of its run or message."""
    for thread in api.items("/threads"):
        messages = list(api.items(f"/threads/{thread['id']}/messages"))
        run = next((m["run_id"] for m in messages if identity in (m["id"], m["run_id"])), None)
        if run is not None:
            return [step for m in messages if m["run_id"] == run for step in _of_message(m)]
    return []


def _of_message(message: dict[str, Any]) -> list[Step]:
    data, at = message["data"], message["created_at"]
    if message["role"] == "user":
        return [_step("question", at, message["text"])]
    steps = [
        _step("fact", fact["as_of"], f"{tool['name']}: {fact['label']} {fact['value']}")
        for tool in data.get("tools", [])
        for fact in tool["facts"]
    ]
    steps += [_step("passage", at, f"{c['id']} {c['title']}") for c in data.get("citations", [])]
    steps.append(_step("answer", at, message["text"]))
    label = f" ({data['label']})" if data.get("label") else ""
    told = f"instructions version {data.get('instructions')}{label}"
    grounded = "every number has a source" if data.get("grounded") else "not grounded"
    return [*steps, _step("by", at, f"{told}; {grounded}"), *_of_trace(data)]


def _of_trace(told: dict[str, Any]) -> list[Step]:
    """The OpenTelemetry trace, where one was recorded."""
    return [_step(TRACE, "", told["trace_id"])] if told.get("trace_id") else []


def _of_override(api: Api, identity: str) -> list[Step]:
    """Of those who may read the audit trail."""
    subject = f"override:{identity}"
    try:
        rows = [row for row in api.items("/audit") if row["subject"] == subject]
    except Forbidden:
        return []
    return [_step(row["action"], row["at"], _changed(row)) for row in rows[::-1]]


def _changed(row: dict[str, Any]) -> str:
    before, after = row["before"] or {}, row["after"] or {}
    changes = [
        f"{name} {value}"
        for name, value in after.items()
        if name not in NOT_TOLD and value is not None and value != before.get(name)
    ]
    return f"by {row['actor']}: {', '.join(changes)}"


def _second(instant: str) -> str:
    return instant[:19].replace("T", " ")


def _step(what: str, when: str, detail: str) -> Step:
    return {"what": what, "when": when, "detail": detail}
