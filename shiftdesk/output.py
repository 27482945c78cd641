"""How verbs print: tables for people on stdout, or one stable JSON document for programs."""

import logging
import re
import sys
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Annotated, Literal, TypeAlias

import msgspec
import structlog
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

JSON_VERSION = 1
_NUMBER = re.compile(r"[-+]?[\d,]+(\.\d+)?( ?%| [A-Z]{2,3})?|")

AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="one JSON document, no colour")]

PIPED_WIDTH = 240

console = Console(
    highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else PIPED_WIDTH
)
"""Wraps nothing by itself: what is copied or piped stays whole."""


def log_plainly() -> None:
    """Logs for people, on stderr. Tracebacks without local variables: those take seconds to print,
    and secrets are among them.
    """
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False),
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )


def print_json(document: dict[str, object]) -> None:
    """Print the document with its version."""
    encoded = msgspec.json.format(msgspec.json.encode({"v": JSON_VERSION} | document), indent=2)
    print(encoded.decode())


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> None:
    """Columns of numbers stand to the right. Nothing is cut: a long cell takes more lines."""
    cells = [[str(cell) for cell in row] for row in rows]
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for name, column in zip_longest(columns, zip(*cells, strict=True), fillvalue=()):
        numbers = bool(column) and all(map(_NUMBER.fullmatch, column))
        justify: Literal["left", "right"] = "right" if numbers else "left"
        table.add_column(str(name), justify=justify, overflow="fold")
    for row in cells:
        table.add_row(*map(escape, row))
    console.print(table, soft_wrap=False)


def minute(instant: str) -> str:
    """An instant of the API's, for people: UTC to the minute."""
    return instant[:16].replace("T", " ")
