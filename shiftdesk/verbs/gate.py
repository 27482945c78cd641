"""`shiftdesk gate`: what the gate said of a policy line; exit code 6 when the champion was kept."""

from typing import Annotated

import typer

from shiftdesk.api import connect
from shiftdesk.errors import ChampionKept, NotFound
from shiftdesk.output import AsJson, console, print_json, print_table


def register(app: typer.Typer) -> None:
    app.command("gate")(gate)


def gate(
    line: Annotated[str | None, typer.Option(help="policy line; the latest verdict of any")] = None,
    as_json: AsJson = False,
) -> None:
    """The latest verdict, with every number that it rests on."""
    verdicts = connect().get("/verdicts", line=line, limit=1)["items"]
    if not verdicts:
        raise NotFound("no verdict yet", "a night's learning gives one; or shiftdesk train LINE")
    verdict = verdicts[0]
    if as_json:
        print_json({"verdict": verdict})
    else:
        console.print(f"[bold]{verdict['verdict']}[/] {verdict['policy_line']} {verdict['night']}")
        rows = [
            (
                c["name"],
                f"{c['sharpe']:.2f}",
                f"{c['total_return']:.1%}",
                f"{c['max_drawdown']:.1%}",
            )
            for c in verdict["competitors"]
        ]
        print_table(("", "Sharpe (annual)", "return", "drawdown"), rows)
        print_table(("check", ""), ((k, "✓" if v else "✗") for k, v in verdict["checks"].items()))
    if verdict["verdict"] != "promoted":
        raise ChampionKept(verdict["sentence"])
