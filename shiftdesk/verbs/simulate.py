"""`shiftdesk simulate`: the platform past one machine, in simulated days."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from shiftdesk.errors import UsageProblem
from shiftdesk.examples import examples
from shiftdesk.output import AsJson, console, print_json, print_table
from shiftdesk.simulation.cluster import Machine
from shiftdesk.simulation.figures import over_sizes
from shiftdesk.simulation.people import Habits
from shiftdesk.simulation.run import World


def register(app: typer.Typer) -> None:
    app.command(
        "simulate",
        epilog=examples(
            "simulate", "simulate --users 5000 --days 2 --seed 7", "simulate --automatic 0.5 --json"
        ),
    )(simulate)


def simulate(
    users: Annotated[int, typer.Option(min=1, help="how many have a desk")] = 1000,
    days: Annotated[int, typer.Option(min=1, max=30, help="from a Monday on")] = 5,
    seed: Annotated[int, typer.Option(help="the same seed, the same days")] = 1,
    sizes: Annotated[str, typer.Option(help="compare the cost per user with these")] = "100,1000",
    poll: Annotated[float, typer.Option(min=1, help="seconds between an autoscaler's looks")] = 15,
    hold_down: Annotated[float, typer.Option(min=0, help="as SHIFTDESK_HOLD_DOWN_SECONDS")] = 60,
    prewarm: Annotated[float, typer.Option(min=0, help="as SHIFTDESK_PREWARM_SECONDS")] = 1800,
    automatic: Annotated[
        float, typer.Option(min=0, max=1, help="share of desks that trade by themselves")
    ] = Habits.automatic,
    rush: Annotated[
        float, typer.Option(min=1, help="spread of the arrivals around the open, in seconds")
    ] = Habits.open_spread_seconds,
    as_json: AsJson = False,
) -> None:
    """Allocation, scaling, drains and crashes by the back end's own functions; people and cluster
    are simulated, by assumptions that are printed.
    """
    world = World(
        users,
        days,
        seed,
        hold_down=hold_down,
        around=prewarm,
        habits=Habits(automatic=automatic, open_spread_seconds=rush),
        machine=Machine(poll_seconds=poll),
    )
    found = over_sizes(world, _sizes(sizes))
    assumed = _assumed(world)
    if as_json:
        return print_json({"name": "simulate", "settings": assumed, "figures": found})
    print_table(("assumed", "value"), assumed.items())
    console.print()
    return print_table(
        ("figure", "value"), ((name, f"{value:,.4g}") for name, value in found.items())
    )


def _sizes(text: str) -> list[int]:
    try:
        return [int(size) for size in text.split(",") if size.strip()]
    except ValueError as error:
        raise UsageProblem(f"--sizes {text!r}: {error}", "such as 100,1000") from error


def _assumed(world: World) -> dict[str, Any]:
    plain = {
        "users": world.users,
        "days": world.days,
        "seed": world.seed,
        "pool": world.pool,
        "hold_down_seconds": world.hold_down,
        "prewarm_seconds": world.around,
    }
    return plain | asdict(world.machine) | asdict(world.habits)
