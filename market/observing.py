"""Where every process begins to be observed: its logs, and its traces if somebody collects them."""

import importlib
import os

from market import tracing
from market.logs import configure_logging

ENDPOINTS = (
    "SHIFTDESK_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
)
"""The variables of which any switches tracing on; the first is a base URL, like the last."""


def observe(service: str, **ids: str) -> None:
    """Log, and trace where that is configured, as `service`; `ids` are told with all of it."""
    configure_logging(service, **ids)
    start_tracing(service, **ids)


def start_tracing(service: str, **ids: str) -> None:
    """Trace, if an endpoint is configured. Spans that are left at the end are sent then."""
    if not _is_wanted():
        return
    from market.otlp import OtlpTracer

    tracing.use(OtlpTracer(service, ids, os.environ.get(ENDPOINTS[0], "")))


def import_ahead() -> None:
    """Import what `start_tracing` would, in a process that is to be forked."""
    if _is_wanted():
        importlib.import_module("market.otlp")


def _is_wanted() -> bool:
    off = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    return not off and any(os.environ.get(name) for name in ENDPOINTS)
