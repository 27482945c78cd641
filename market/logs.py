"""Structured logs on stderr: how every process of Shiftdesk writes them.

`SHIFTDESK_LOG_FORMAT=json` gives a JSON object a line, for collectors; else lines are for people.
Every line carries the ids that its process and its work have: request, desk, pod, run, trace; none
carries personal data or keys.
"""

import logging
import os
import sys
from collections.abc import Mapping
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

from market import tracing
from market.redaction import redacted

FORMAT_VARIABLE = "SHIFTDESK_LOG_FORMAT"


def configure_logging(service: str, **ids: str) -> None:
    """Log as `service`, with these ids in every line; the standard library's loggers join in."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        _Told({"service": service, **ids}),
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last = _last()
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    )
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def _last() -> list[Processor]:
    if os.environ.get(FORMAT_VARIABLE) == "json":
        renderer = structlog.processors.JSONRenderer(default=str)
        return [structlog.processors.format_exc_info, _without_personal_data, renderer]
    plain = structlog.dev.plain_traceback
    colours = sys.stderr.isatty()
    lines = structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=plain)
    return [lines, _line_without_personal_data]


def _line_without_personal_data(_logger: Any, _method: str, line: Any) -> str:
    """Of the line as people see it, tracebacks and all."""
    return redacted(str(line))


def _without_personal_data(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Of the values, before they are JSON, which escapes what redaction looks for."""
    return {name: _clean(value, name) for name, value in event.items()}


def _clean(value: Any, name: str = "") -> Any:
    """A text under a name that tells of a secret is one, so it is looked at with its name."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(key): _clean(one, str(key)) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(one, name) for one in value]
    return redacted(f"{name}={value}").removeprefix(f"{name}=")


class _Told:
    """A processor that adds the process's ids, and the trace that the work belongs to."""

    def __init__(self, ids: dict[str, str]) -> None:
        self._ids = {name: value for name, value in ids.items() if value}

    def __call__(self, _logger: Any, _method: str, event: EventDict) -> EventDict:
        for name, value in self._ids.items():
            event.setdefault(name, value)
        if trace := tracing.trace_id():
            event["trace_id"] = trace
        return event
