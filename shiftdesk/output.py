"""How verbs print: tables for people on stdout, or one stable JSON document for programs."""

import logging
import sys
from collections.abc import Iterable, Sequence
from typing import Annotated, TypeAlias

import msgspec
import structlog
import typer
from rich.console import Console
from rich.table import Table

JSON_VERSION = 1

AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="one JSON document, no colour")]

console = Console(highlight=False)


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
    table = Table(*columns, title=title or None, title_justify="left", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    console.print(table)
