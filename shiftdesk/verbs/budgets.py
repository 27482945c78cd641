"""`shiftdesk budgets show|list|set|remove`: what language models may cost, and what is spent."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import typer

from shiftdesk.api import DEMO_TRADER, Api, connect
from shiftdesk.errors import NotFound, UsageProblem
from shiftdesk.examples import examples
from shiftdesk.output import AsJson, console, minute, print_json, print_table

LIMITS = ("day_tokens", "month_tokens", "day_usd", "month_usd")
WORDS = ("organisation", "everyone")
"""Subjects that are no person; everyone: each user without a budget of their own."""

group = typer.Typer(
    help="What language models may cost in a day and a month (UTC), and what is spent of it.",
    epilog=examples("budgets show", "budgets list", "budgets set everyone --day-usd 2"),
)

Subject = Annotated[str, typer.Argument(help="organisation, everyone, or a login")]


def _dollars(text: str) -> Decimal:
    """Raises BadParameter for what is no amount."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("nan")
    if not amount.is_finite() or amount < 0:
        raise typer.BadParameter(f"{text!r} is no amount of US dollars, such as 2.50")
    return amount


Tokens = Annotated[int | None, typer.Option(min=0, help="input and output together")]
Dollars = Annotated[Decimal | None, typer.Option(parser=_dollars, metavar="USD", help="US dollars")]


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="budgets")


@group.command("show", epilog=examples("budgets show", "budgets show --as trader2 --json"))
def show(
    user: Annotated[str, typer.Option("--as", help="whose; at the demo: trader1")] = "",
    as_json: AsJson = False,
) -> None:
    """What is left for you, and for the organisation; requests on their way count in full."""
    accounts = connect(user, demo=DEMO_TRADER).get("/budget")["accounts"]
    if as_json:
        return print_json({"accounts": accounts})
    rows = [
        (
            one["whose"],
            one["period"],
            one["since"],
            f"{one['tokens']:,}",
            _tokens(one["most_tokens"]),
            _money(one["usd"]),
            _money(one["most_usd"]),
        )
        for one in accounts
    ]
    columns = ("whose", "period", "since (UTC)", "tokens", "of", "cost", "of")
    return print_table(columns, rows)


@group.command("list", epilog=examples("budgets list", "budgets list --json"))
def list_(as_json: AsJson = False) -> None:
    """The limits of the organisation and its users, and who set them."""
    api = connect()
    found = list(api.items("/budgets"))
    if as_json:
        return print_json({"budgets": found})
    logins = _logins(api) if api.get("/me")["user"]["role"] == "operator" else {}
    rows = [
        (
            logins.get(one["subject"], one["subject"]),
            _tokens(one["day_tokens"]),
            _tokens(one["month_tokens"]),
            _money(one["day_usd"]),
            _money(one["month_usd"]),
            one["set_by"],
            minute(one["set_at"]),
        )
        for one in found
    ]
    columns = ("of", "tokens a day", "a month", "cost a day", "a month", "set by", "at (UTC)")
    return print_table(columns, rows)


@group.command(
    "set",
    epilog=examples(
        "budgets set everyone --day-tokens 200000 --day-usd 2",
        "budgets set trader1 --month-usd 50 --json",
    ),
)
def set_(
    subject: Subject,
    day_tokens: Tokens = None,
    month_tokens: Tokens = None,
    day_usd: Dollars = None,
    month_usd: Dollars = None,
    as_json: AsJson = False,
) -> None:
    """Set limits; those that are not named stay. They hold from the next question on."""
    given = dict(zip(LIMITS, (day_tokens, month_tokens, day_usd, month_usd), strict=True))
    wanted = {name: value for name, value in given.items() if value is not None}
    if not wanted:
        raise UsageProblem("no limit is given", "such as --day-usd 2; budgets remove SUBJECT")
    api = connect()
    whose = _identity(api, subject)
    body = {name: _wire(limit) for name, limit in wanted.items()}
    made = api.patch(f"/budgets/{whose}", body)
    if as_json:
        return print_json({"budget": made})
    console.print(
        f"[green]✓[/] {subject}: {_tokens(made['day_tokens'])} tokens and {_money(made['day_usd'])}"
        f" a day, {_tokens(made['month_tokens'])} and {_money(made['month_usd'])} a month"
    )
    return None


@group.command("remove", epilog=examples("budgets remove trader1"))
def remove(subject: Subject) -> None:
    """Take all limits of the organisation, of everyone or of one user away."""
    api = connect()
    api.delete(f"/budgets/{_identity(api, subject)}")
    console.print(f"[green]✓[/] {subject} has no budget of its own any more")


def _identity(api: Api, subject: str) -> str:
    """What the API calls it. Raises NotFound."""
    if subject in WORDS:
        return subject
    for identity, login in _logins(api).items():
        if subject in (login, identity):
            return identity
    raise NotFound(f"there is no user {subject!r}", f"a login, or one of: {', '.join(WORDS)}")


def _logins(api: Api) -> dict[str, str]:
    """Of every user, by id; only operators are told."""
    return {one["id"]: one["login"] for one in api.items("/users")}


def _wire(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def _tokens(value: int | None) -> str:
    return "no limit" if value is None else f"{value:,}"


def _money(value: str | None) -> str:
    return "no limit" if value is None else f"{Decimal(value).normalize():,f} USD"
