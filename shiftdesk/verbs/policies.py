"""`shiftdesk policies`: champions, who is on the way to be one, and the moves of a person."""

from typing import Annotated, Any

import typer

from shiftdesk.api import Api, connect
from shiftdesk.errors import NotFound, UsageProblem
from shiftdesk.examples import examples
from shiftdesk.output import AsJson, console, minute, print_json, print_table
from shiftdesk.verdicts import stage_words

group = typer.Typer(
    help="Policy lines, their champions and challengers, and the gate's verdicts.",
    epilog=examples(
        "policies list", "policies show XNYS/AAPL+IBM/15m/balanced", "policies verdicts --json"
    ),
)

Line = Annotated[str, typer.Argument(help="the policy line")]
Policy = Annotated[str | None, typer.Argument(help="the policy; the one that awaits approval")]
Reason = Annotated[str, typer.Option(help="why, for the audit")]


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="policies")


@group.command("list", epilog=examples("policies list", "policies list --json"))
def list_(as_json: AsJson = False) -> None:
    """Every policy line with its champion."""
    lines = list(connect().items("/policies"))
    if as_json:
        return print_json({"lines": lines})
    rows = [(line["id"], line["champion"], line["trials"], line["desks"]) for line in lines]
    return print_table(("line", "champion", "trials", "desks"), rows)


@group.command("show", epilog=examples("policies show XNYS/AAPL+IBM/15m/balanced"))
def show(line: Line, as_json: AsJson = False) -> None:
    """A line's settings and lineage: every policy that it has known, and where it stands."""
    detail = connect().get(f"/policies/lines/{line}")
    if as_json:
        return print_json({"line": detail})
    console.print(f"[bold]{detail['id']}[/]  champion {detail['champion']}")
    console.print(f"{detail['trials']} trials, {detail['desks']} desks; {_settings(detail)}\n")
    rows = [
        (one["id"], stage_words(one["stage"]), minute(one["stage"]["changed_at"] or ""))
        for one in detail["policies"]
    ]
    return print_table(("policy", "stands", "since"), rows)


@group.command(
    "verdicts", epilog=examples("policies verdicts", "policies verdicts --limit 50 --json")
)
def verdicts(
    limit: Annotated[int, typer.Option(help="how many")] = 10, as_json: AsJson = False
) -> None:
    """The gate's last verdicts."""
    found = connect().get("/verdicts", limit=limit)["items"]
    if as_json:
        return print_json({"verdicts": found})
    rows = [(v["night"], v["policy_line"], v["verdict"], v["sentence"]) for v in found]
    return print_table(("night", "line", "verdict", "why"), rows)


@group.command(
    "approve",
    epilog=examples(
        'policies approve XNYS/AAPL+IBM/15m/balanced --reason "a month of shadow agrees"'
    ),
)
def approve(line: Line, reason: Reason, policy: Policy = None, as_json: AsJson = False) -> None:
    """Promote a challenger that passed gate and shadow and awaits approval."""
    _decide("approve", line, policy, reason, as_json=as_json)


@group.command(
    "reject",
    epilog=examples('policies reject XNYS/AAPL+IBM/15m/balanced --reason "too much turnover"'),
)
def reject(line: Line, reason: Reason, policy: Policy = None, as_json: AsJson = False) -> None:
    """Reject a challenger that is in shadow or awaits approval."""
    _decide("reject", line, policy, reason, as_json=as_json)


@group.command(
    "rollback",
    epilog=examples(
        'policies rollback XNYS/AAPL+IBM/15m/balanced --reason "the new champion loses"'
    ),
)
def rollback(line: Line, reason: Reason, as_json: AsJson = False) -> None:
    """Give the line its former champion back."""
    api = connect()
    champions = {known["id"]: known["champion"] for known in api.items("/policies")}
    if line not in champions:
        raise NotFound(f"there is no policy line {line!r}", "shiftdesk policies list")
    body = {"champion": champions[line], "reason": reason}
    _moved(api.post(f"/policies/lines/{line}/rollback", body), as_json=as_json)


@group.command(
    "settings",
    epilog=examples(
        "policies settings XNYS/AAPL+IBM/15m/balanced",
        "policies settings XNYS/AAPL+IBM/15m/balanced --promotion approval --shadow-sessions 20",
    ),
)
def settings(
    line: Line,
    shadow_sessions: Annotated[int | None, typer.Option(help="before a promotion")] = None,
    promotion: Annotated[str | None, typer.Option(help="approval or automatic")] = None,
    confidence: Annotated[float | None, typer.Option(help="of a refutation")] = None,
    drawdown_allowance: Annotated[float | None, typer.Option(help="times the other's")] = None,
    drawdown_floor: Annotated[float | None, typer.Option(help="and so much more")] = None,
    as_json: AsJson = False,
) -> None:
    """Show the line's settings, or change those that are given."""
    api, path = connect(), f"/policies/lines/{line}"
    trigger = _given(
        confidence=confidence, drawdown_allowance=drawdown_allowance, drawdown_floor=drawdown_floor
    )
    body = _given(shadow_sessions=shadow_sessions, promotion=promotion)
    if trigger:
        held = api.get(path)["settings"]["rollback"]
        body["rollback"] = held | trigger
    detail = api.call("PATCH", f"{path}/settings", json=body) if body else api.get(path)
    if as_json:
        return print_json({"settings": detail["settings"]})
    return console.print(f"{line}: {_settings(detail)}")


def _given(**values: object) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _settings(detail: dict[str, Any]) -> str:
    held, rollback = detail["settings"], detail["settings"]["rollback"]
    return (
        f"{held['shadow_sessions']} shadow sessions, promotion by {held['promotion']}; refuted at "
        f"{rollback['confidence']:.0%} or by a drawdown beyond the other's "
        f"× {rollback['drawdown_allowance']:g} + {rollback['drawdown_floor']:.1%}"
    )


def _decide(verb: str, line: str, policy: str | None, reason: str, *, as_json: bool) -> None:
    api = connect()
    chosen = policy or _waiting(api, line)
    body = {"policy": chosen, "reason": reason}
    _moved(api.post(f"/policies/lines/{line}/{verb}", body), as_json=as_json)


def _waiting(api: Api, line: str) -> str:
    """The one policy that awaits approval. Raises NotFound, UsageProblem."""
    known = api.get(f"/policies/lines/{line}")["policies"]
    found: list[str] = [one["id"] for one in known if one["stage"]["state"] == "awaiting_approval"]
    if not found:
        raise NotFound(f"nothing awaits approval in {line}", f"shiftdesk policies show {line}")
    if len(found) > 1:
        raise UsageProblem(f"{len(found)} policies await approval", f"name one: {' '.join(found)}")
    return found[0]


def _moved(detail: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        return print_json({"line": detail})
    return console.print(f"[green]✓[/] {detail['id']}: champion {detail['champion']}")
