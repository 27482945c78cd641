"""`shiftdesk gate`: what the gate said of a policy line.

Exit code 0 when the challenger passed, 6 when the champion was kept, 3 when there is no verdict.
"""

from typing import Annotated

import typer

from shiftdesk.api import connect
from shiftdesk.errors import ChampionKept, NotFound
from shiftdesk.examples import examples
from shiftdesk.output import AsJson, print_json
from shiftdesk.verdicts import print_verdict


def register(app: typer.Typer) -> None:
    app.command("gate", epilog=examples("gate", "gate --line XNYS/AAPL+IBM/15m/balanced --json"))(
        gate
    )


def gate(
    line: Annotated[str | None, typer.Option(help="policy line; the latest verdict of any")] = None,
    as_json: AsJson = False,
) -> None:
    """The latest verdict, with every number that it rests on; exit 6 when the champion was kept."""
    verdicts = connect().get("/verdicts", line=line, limit=1)["items"]
    if not verdicts:
        raise NotFound("no verdict yet", "a night's learning gives one; or shiftdesk train LINE")
    verdict = verdicts[0]
    if as_json:
        print_json({"verdict": verdict})
    else:
        print_verdict(verdict)
    if verdict["verdict"] != "promoted":
        raise ChampionKept(verdict["sentence"])
