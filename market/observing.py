"""Where every process begins to be observed: its logs, and its traces if somebody collects them."""

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
    off = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    if off or not any(os.environ.get(name) for name in ENDPOINTS):
        return
    from market.otlp import OtlpTracer

    tracing.use(OtlpTracer(service, ids, os.environ.get(ENDPOINTS[0], "")))
