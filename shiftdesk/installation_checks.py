"""What `shiftdesk doctor` can see of an installation elsewhere: all of it through the API."""

import asyncio
import json
import time
from collections.abc import Callable

import websockets

from market.tasks import in_time
from shiftdesk.api import Api, connect
from shiftdesk.errors import CommandError, Forbidden, UsageProblem
from shiftdesk.finding import Finding, Mark

FRAME_SECONDS = 10.0

Check = Callable[[Api], Finding]


async def examine_installation() -> list[Finding]:
    """Raises UsageProblem when the settings name nobody to ask as."""
    try:
        api = await asyncio.to_thread(connect)
        person = (await asyncio.to_thread(api.get, "/me"))["user"]
    except UsageProblem:
        raise
    except CommandError as error:
        return [Finding("api", Mark.FAIL, error.what, error.fix)]
    found = [Finding("api", Mark.OK, f"{api.url}, as {person['login']} ({person['role']})")]
    for name, check in {"plan": _plan, "pods": _pods}.items():
        found.append(await asyncio.to_thread(_guarded, name, check, api))
    return [*found, await round_trip(api)]


async def round_trip(api: Api) -> Finding:
    """Whether a live socket opens and says something."""
    try:
        ticket = (await asyncio.to_thread(api.post, "/ws-ticket"))["ticket"]
    except CommandError as error:
        return Finding("live socket", Mark.FAIL, error.what, error.fix)
    url = api.url.replace("http", "ws", 1) + f"/api/v1/live?ticket={ticket}"
    began, origin = time.monotonic(), websockets.Origin(api.url)
    try:
        async with websockets.connect(url, origin=origin, open_timeout=FRAME_SECONDS) as socket:
            frame = json.loads(await in_time(socket.recv(), FRAME_SECONDS))
    except (OSError, TimeoutError, websockets.WebSocketException) as error:
        detail = f"{type(error).__name__}: {error}"
        return Finding("live socket", Mark.FAIL, detail, "does a proxy between pass WebSockets?")
    took = (time.monotonic() - began) * 1000
    return Finding("live socket", Mark.OK, f"first frame ({frame['kind']}) after {took:.0f} ms")


def _guarded(name: str, check: Check, api: Api) -> Finding:
    """What is not the login's to see is no fault of the installation's."""
    try:
        return check(api)
    except CommandError as error:
        mark = Mark.WARN if isinstance(error, Forbidden) else Mark.FAIL
        return Finding(name, mark, error.what, error.fix)


def _plan(api: Api) -> Finding:
    schedule = api.get("/schedule", hours=24)
    now = schedule["now"]
    held = {
        plan["pool"]: segment["phase"]
        for plan in schedule["plans"]
        for segment in plan["segments"]
        if segment["starts"] <= now < segment["ends"]
    }
    without = [plan["pool"] for plan in schedule["plans"] if plan["pool"] not in held]
    if without or not held:
        detail = f"no phase now for {', '.join(without) or 'any pool'}"
        return Finding("plan", Mark.FAIL, detail, "docs/runbooks/alerts/plan-not-published.md")
    phases = ", ".join(f"{pool} {phase}" for pool, phase in held.items())
    return Finding("plan", Mark.OK, f"now: {phases}")


def _pods(api: Api) -> Finding:
    pods = api.get("/pods")["items"]
    silent = [pod["pod"] for pod in pods if pod["heartbeat"] is None]
    if silent or not pods:
        detail = f"silent: {', '.join(silent)}" if silent else "none"
        return Finding("pods", Mark.WARN, detail, "docs/runbooks/alerts/pods-missing.md")
    desks = sum(len(pod["desks"]) for pod in pods)
    return Finding("pods", Mark.OK, f"{len(pods)}, with {desks} desks")
