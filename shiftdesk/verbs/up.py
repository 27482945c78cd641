"""`shiftdesk up`: the local cluster in the foreground; Ctrl-C ends everything that it started."""

import asyncio
import time
from pathlib import Path
from typing import Annotated

import typer

from ai_pod.agents.chatbot.routing.choices import Choices
from market.clock import Anchor, parse_instant
from market.serving import stop_event
from shiftdesk.configuration import STATE, VENDOR_SETTINGS, Configuration
from shiftdesk.errors import CommandError, Conflict, UsageProblem
from shiftdesk.examples import examples
from shiftdesk.local.cluster import Cluster, Options, Prepare
from shiftdesk.local.demo import DEMO_CLOCK, greet, nothing, prepare_demo
from shiftdesk.local.hang_up import end_with_terminal
from shiftdesk.local.processes import PortTaken
from shiftdesk.local.progress import Progress
from shiftdesk.local.state import AlreadyRunning, StateFolder
from shiftdesk.local.stores import StoreError
from shiftdesk.local.supervisor import ServiceFailed

WEB = Path(__file__).parents[2] / "frontend" / "dist"

PASSED_ON = (
    "vectors_url",
    "artifacts",
    "history",
    "broker",
    "llm_canary",
    "llm_explore",
    "llm_prices",
    "hold_down_seconds",
    "paper_volume_share",
    "shadow_sessions",
    "promotion",
    "log_format",
    "otlp_endpoint",
    *VENDOR_SETTINGS,
)
"""Settings that the services read themselves."""


def register(app: typer.Typer) -> None:
    app.command(
        "up",
        epilog=examples(
            "up --demo", "up --demo --clock 2012-10-15T19:00Z@600", "up --feed alpaca --port 8080"
        ),
    )(up)


def up(
    demo: Annotated[
        bool, typer.Option("--demo", help="a recorded market, an accelerated clock, demo users")
    ] = False,
    clock: Annotated[str | None, typer.Option(help="MARKET_TIME@SPEED, or 'wall'")] = None,
    feed: Annotated[str | None, typer.Option(help="replay:…, alpaca, ccxt:<exchange>")] = None,
    port: Annotated[int | None, typer.Option(help="the page's port")] = None,
    events: Annotated[Path | None, typer.Option(help="write the raw event log here")] = None,
) -> None:
    """Start the local cluster; state is kept in .shiftdesk/."""
    flags = {"clock": clock, "feed": feed, "port": port, "events": events}
    given = {name: str(value) for name, value in flags.items() if value is not None}
    configuration = Configuration(Path.cwd(), given)
    run_cluster(STATE, options(configuration, demo=demo))


def options(configuration: Configuration, *, demo: bool) -> Options:
    """The cluster's options from the configuration. Raises UsageProblem."""
    text = configuration.get("clock")
    if demo and text == "wall":
        text = DEMO_CLOCK
    _models_can_be_read(configuration)
    events, web = configuration.get("events"), configuration.get("web")
    return Options(
        clock=_anchor(text),
        feed=configuration.get("feed"),
        pools=tuple(name.strip() for name in configuration.get("pools").split(",")),
        language_model=configuration.get("llm"),
        database_url=configuration.get("database_url"),
        redis_url=configuration.get("redis_url"),
        events=Path(events).absolute() if events else None,
        web=Path(web or WEB).absolute(),
        port=_port(configuration.get("port")),
        demo=demo,
        environment=tuple(configuration.given(*PASSED_ON).items()),
    )


def run_cluster(folder: Path, chosen: Options) -> None:
    """Run a cluster until SIGINT, SIGTERM or the terminal's end. Raises CommandErrors."""
    state = StateFolder(folder)
    prepare: Prepare = prepare_demo if chosen.demo else nothing
    try:
        with state.held():
            cluster = Cluster(state, chosen, Progress())
            asyncio.run(_run(cluster, prepare))
    except AlreadyRunning as error:
        raise Conflict(str(error), "shiftdesk status; or shiftdesk down first") from error
    except PortTaken as error:
        raise Conflict(str(error), "end that process, or choose --port NUMBER") from error
    except (StoreError, ServiceFailed) as error:
        raise CommandError(str(error), f"read {state.path('logs')}; shiftdesk doctor") from error


async def _run(cluster: Cluster, prepare: Prepare) -> None:
    stop = stop_event()
    end_with_terminal(stop)
    await cluster.run(stop, prepare, greet)


def _anchor(text: str) -> Anchor | None:
    if text in ("", "wall"):
        return None
    try:
        if "=" in text:
            return Anchor.parse(text)
        market, _, speed = text.partition("@")
        return Anchor(market=parse_instant(market), wall=time.time(), speed=float(speed or 1))
    except ValueError as error:
        raise UsageProblem(
            f"clock {text!r}: {error}", "write MARKET_TIME@SPEED, such as 2012-10-15T19:00Z@600"
        ) from error


def _models_can_be_read(configuration: Configuration) -> None:
    """Now, since a pod that does not start says so in its log only. Raises UsageProblem."""
    try:
        Choices.read(*(configuration.get(name) for name in ("llm", "llm_canary", "llm_prices")))
    except ValueError as error:
        raise UsageProblem(str(error), "docs/language-models.md") from error


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise UsageProblem(f"port {text!r} is no port", "a number from 0 (any free one) to 65535")
    return int(text)
