"""`shiftdesk doctor`: is everything in order? Each line OK, WARN or FAIL, with the fix."""

import asyncio

import typer

from shiftdesk.errors import CommandError
from shiftdesk.examination import examine
from shiftdesk.examples import examples
from shiftdesk.finding import Finding, Mark
from shiftdesk.output import AsJson, console, print_json

COLOURS = {Mark.OK: "green", Mark.WARN: "yellow", Mark.FAIL: "red"}


def register(app: typer.Typer) -> None:
    app.command(
        "doctor",
        epilog=examples(
            "doctor", "doctor --json", "--api-url https://desk.example.com --api-login olga doctor"
        ),
    )(doctor)


def doctor(as_json: AsJson = False) -> None:
    """Check ports, stores, clock, calendars, disk, data, keys and the live socket."""
    findings = asyncio.run(examine())
    if as_json:
        print_json({"findings": [finding.document() for finding in findings]})
    else:
        _show(findings)
    failed = [finding.name for finding in findings if finding.mark is Mark.FAIL]
    if failed:
        raise CommandError(f"not in order: {', '.join(failed)}", "see the fixes above")


def _show(findings: list[Finding]) -> None:
    for finding in findings:
        colour = COLOURS[finding.mark]
        console.print(f"[{colour}]{finding.mark:4}[/] {finding.name}: {finding.detail}")
        if finding.fix:
            console.print(f"       → {finding.fix}", markup=False)
