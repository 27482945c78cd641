"""`shiftdesk desks`: every desk of the organisation, and where it sits."""

from decimal import Decimal
from typing import Any

import typer

from shiftdesk.api import connect
from shiftdesk.examples import examples
from shiftdesk.output import AsJson, print_json, print_table


def register(app: typer.Typer) -> None:
    app.command("desks", epilog=examples("desks", "desks --json"))(desks)


def desks(as_json: AsJson = False) -> None:
    """Desks with their seats, policy lines and cash."""
    found = list(connect().items("/desks"))
    if as_json:
        return print_json({"desks": found})
    columns = ("desk", "owner", "seat", "trades", "policy", "cash")
    return print_table(columns, [row_of(desk) for desk in found])


def row_of(desk: dict[str, Any]) -> tuple[str, ...]:
    """Name, owner, seat, how it trades, policy, cash."""
    seat = desk["seat"]
    where = f"{seat['pod']} #{seat['seat']}" if seat else _waiting(desk)
    trades = "by itself" if desk["automatic"] else "by hand"
    cash = f"{Decimal(desk['cash']):,.2f} {desk['currency']}"
    return desk["name"], desk["owner"], where, trades, desk["policy_version"] or "none", cash


def _waiting(desk: dict[str, Any]) -> str:
    return f"waits, place {desk['waiting']['place']}" if desk["waiting"] else "no seat"
