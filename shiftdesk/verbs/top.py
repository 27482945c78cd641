"""`shiftdesk top`: a live view in the terminal: the plan, every pod with its agents, every desk."""

import contextlib
import time
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

import typer
from rich.console import Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from shiftdesk.api import Api, connect
from shiftdesk.errors import CommandError
from shiftdesk.examples import examples
from shiftdesk.output import AsJson, console, minute, print_json
from shiftdesk.planned import now_and_next
from shiftdesk.verbs.desks import row_of

AGENTS = ("trading", "learning", "chatbot")
PHASE_STYLES = {"trading": "green", "learning": "magenta", "paused": "yellow", "draining": "yellow"}
LINES_AROUND = 12
"""Of a screen, what is left for desks once headings and a few pods are shown."""

Process: TypeAlias = tuple[str, int]
"""A pod's name, and a process of its."""


@dataclass(frozen=True)
class Glance:
    """What the API said at one moment; `at` is monotonic, in seconds."""

    at: float
    pods: dict[str, Any]
    schedule: dict[str, Any]
    desks: list[dict[str, Any]]


def register(app: typer.Typer) -> None:
    app.command("top", epilog=examples("top", "top --every 5", "top --once > now.txt"))(top)


def top(
    every: Annotated[float, typer.Option(min=0.5, help="seconds between two looks")] = 2.0,
    once: Annotated[bool, typer.Option(help="one look, then end")] = False,
    as_json: AsJson = False,
) -> None:
    """Watch it work: the plan, pods with their agents' processor and memory, desks. Ctrl-C ends."""
    api = connect()
    seen = look(api)
    if as_json:
        return print_json(document(seen))
    if once or not console.is_terminal:
        console.print(screen(api.url, seen), soft_wrap=False)
        return None
    with contextlib.suppress(KeyboardInterrupt):
        watch(api, seen, every)
    return None


def watch(api: Api, seen: Glance, every: float) -> None:
    """For ever; while the back end is away, the last picture stands, and says so."""
    before, away = seen, ""
    with Live(console=console, screen=True, auto_refresh=False) as live:
        while True:
            picture = screen(api.url, seen, before, console.size.height)
            live.update(Group(picture, Text(away, style="red")), refresh=True)
            time.sleep(every)
            try:
                before, seen, away = seen, look(api), ""
            except CommandError as error:
                away = f"as of {minute(seen.schedule['now'])}: {error.what}"


def look(api: Api) -> Glance:
    """Raises CommandError when it cannot be had."""
    pods, schedule = api.get("/pods"), api.get("/schedule", hours=24)
    return Glance(time.monotonic(), pods, schedule, list(api.items("/desks")))


def document(seen: Glance) -> dict[str, object]:
    """The same for programs."""
    return {
        "market_time": seen.schedule["now"],
        "plan": [now_and_next(plan, seen.schedule["now"]) for plan in seen.schedule["plans"]],
        "pods": seen.pods["items"],
        "scaling": seen.pods["scaling"],
        "desks": seen.desks,
    }


def screen(
    url: str, seen: Glance, before: Glance | None = None, height: int | None = None
) -> RenderableType:
    """One picture. `before` gives the processor's share; `height` bounds it, in lines."""
    speed = f", {seen.schedule['speed']:g}×" if seen.schedule["speed"] != 1 else ""
    head = Text.assemble(
        ("shiftdesk", "bold"), f"  {url}  market time {minute(seen.schedule['now'])} UTC{speed}"
    )
    plan = [
        Text(now_and_next(one, seen.schedule["now"])["sentence"]) for one in seen.schedule["plans"]
    ]
    scaling = [
        Text(f"{one['pool']}: {one['next_action']} ({one['reason']})", style="dim")
        for one in seen.pods["scaling"]
    ]
    shown = len(seen.desks)
    if height is not None:
        shown = max(3, height - LINES_AROUND - len(seen.pods["items"]))
    return Group(head, *plan, Text(), _pods(seen, before), *scaling, Text(), _desks(seen, shown))


def _pods(seen: Glance, before: Glance | None) -> Table:
    table = _table("pod", "phase", "seats", *AGENTS, "last switch")
    used = _cpu_seconds(before) if before else {}
    passed = seen.at - before.at if before else 0.0
    for pod in seen.pods["items"]:
        table.add_row(*_pod_row(pod, used, passed))
    return table


def _pod_row(pod: dict[str, Any], used: dict[Process, float], passed: float) -> list[Text]:
    taken, free, beat = len(pod["desks"]), pod["free_seats"], pod["heartbeat"]
    seats = Text(f"{'■' * taken}{'□' * free} {taken}/{taken + free}")
    if beat is None:
        return [Text(pod["pod"]), Text("silent", style="red"), seats]
    phase = "draining" if pod["draining"] else beat["phase"]
    agents = {agent["name"]: agent for agent in beat["agents"]}
    cells = [
        _agent(agent, used.get((pod["pod"], agent["pid"])), passed)
        for agent in (agents[name] for name in AGENTS)
    ]
    switch = beat["last_switch"]
    last = f"{switch['to_phase']}, {switch['late_seconds']:.1f} s late" if switch else ""
    return [Text(pod["pod"]), Text(phase, PHASE_STYLES.get(phase, "")), seats, *cells, Text(last)]


def _agent(agent: dict[str, Any], used: float | None, passed: float) -> Text:
    """State, share of a core since `used` CPU-seconds, memory; without a process it is a dot."""
    if not agent["pid"]:
        return Text("·" if agent["state"] != "faulted" else "faulted", style="dim")
    memory = f"{(agent['pss_bytes'] or agent['rss_bytes']) / 1e6:.0f} MB"
    share = ""
    if passed and used is not None:
        share = f"{100 * max(0.0, agent['cpu_seconds'] - used) / passed:.0f} % "
    return Text(f"{agent['state']} {share}{memory}")


def _cpu_seconds(seen: Glance) -> dict[Process, float]:
    beats = [pod["heartbeat"] for pod in seen.pods["items"] if pod["heartbeat"]]
    return {
        (beat["pod"], agent["pid"]): agent["cpu_seconds"]
        for beat in beats
        for agent in beat["agents"]
        if agent["pid"]
    }


def _desks(seen: Glance, shown: int) -> RenderableType:
    table = _table("desk", "owner", "seat", "trades", "policy", "cash")
    for desk in seen.desks[:shown]:
        table.add_row(*map(Text, row_of(desk)))
    left = len(seen.desks) - shown
    return Group(table, Text(f"and {left} more", style="dim")) if left > 0 else table


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, no_wrap=True)
    return table
