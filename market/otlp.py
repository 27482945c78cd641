"""The tracer that sends spans to an OpenTelemetry collector by OTLP over HTTP.

Imports OpenTelemetry's SDK and exporter, so only `market.observing` imports this module, and only
where a collector is configured. Sampling, headers and limits are set by the standard variables
(`OTEL_TRACES_SAMPLER`, `OTEL_EXPORTER_OTLP_HEADERS`, …).
"""

import atexit
import contextlib
import logging
import threading
import traceback
from contextvars import ContextVar
from typing import Self

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from market.redaction import redacted
from market.tracing import Kind, Value

EXPORT_SECONDS = 2.0
"""What a batch may take on its way."""

STOP_SECONDS = 3.0
"""What the last batches may take: a collector that is away does not hold up the process's end."""

# It warns of every single span that finds the queue full.
logging.getLogger("opentelemetry.sdk").setLevel(logging.ERROR)

_KINDS = {
    Kind.INTERNAL: SpanKind.INTERNAL,
    Kind.PRODUCER: SpanKind.PRODUCER,
    Kind.CONSUMER: SpanKind.CONSUMER,
}
_wanted: ContextVar[str] = ContextVar("wanted_trace", default="")


class OtlpTracer:
    """Implements `market.tracing.Tracer`. `endpoint` is the collector's base URL; empty where a
    standard variable names it.
    """

    def __init__(self, service: str, ids: dict[str, str], endpoint: str = "") -> None:
        told = {"service.namespace": "shiftdesk", "service.name": service, **ids}
        url = f"{endpoint.rstrip('/')}/v1/traces" if endpoint else None
        exporter = OTLPSpanExporter(endpoint=url, timeout=EXPORT_SECONDS)
        self.provider = TracerProvider(
            resource=Resource.create({name: value for name, value in told.items() if value}),
            id_generator=_Ids(),
            shutdown_on_exit=False,
        )
        self.provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self.provider.get_tracer("shiftdesk")
        atexit.register(self.stop)

    def span(
        self, name: str, kind: Kind, parent: str, trace: str, attributes: dict[str, Value]
    ) -> "OtlpSpan":
        under = None
        if parent:
            under = TraceContextTextMapPropagator().extract({"traceparent": parent}, Context())
        elif trace:
            under = Context()
        token = _wanted.set(trace)
        try:
            begun = self._tracer.start_span(name, under, _KINDS[kind], _redacted(attributes))
        finally:
            _wanted.reset(token)
        return OtlpSpan(begun)

    def current(self) -> str:
        return _traceparent(trace.get_current_span())

    def keeps(self, trace: str) -> bool:
        judged = self.provider.sampler.should_sample(Context(), int(trace, 16), "")
        sampled: bool = judged.decision.is_sampled()
        return sampled

    def stop(self) -> None:
        atexit.unregister(self.stop)
        sending = threading.Thread(target=self.provider.shutdown, name="last-spans", daemon=True)
        sending.start()
        sending.join(STOP_SECONDS)


class OtlpSpan:
    """Implements `market.tracing.Span`."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span
        self._scope = contextlib.ExitStack()

    @property
    def traceparent(self) -> str:
        return _traceparent(self._span)

    def note(self, **attributes: Value) -> None:
        self._span.set_attributes(_redacted(attributes))

    def happened(self, event: str) -> None:
        self._span.add_event(redacted(event))

    def end(self, failure: str = "") -> None:
        if failure:
            self._span.set_status(StatusCode.ERROR, redacted(failure))
        self._span.end()

    def __enter__(self) -> Self:
        current = trace.use_span(
            self._span, end_on_exit=True, record_exception=False, set_status_on_exception=False
        )
        self._scope.enter_context(current)
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception):
            self._failed(error)
        self._scope.__exit__(type(error) if error else None, error, None)

    def _failed(self, error: Exception) -> None:
        """As OpenTelemetry records an exception, without what its message quotes of people."""
        told = {
            "exception.message": redacted(str(error)),
            "exception.stacktrace": redacted("".join(traceback.format_exception(error))),
        }
        self._span.record_exception(error, attributes=told)
        self._span.set_status(
            StatusCode.ERROR, f"{type(error).__name__}: {told['exception.message']}"
        )


def _redacted(attributes: dict[str, Value]) -> dict[str, Value]:
    return {
        name: redacted(value) if isinstance(value, str) else value
        for name, value in attributes.items()
    }


# the SDK's types are not read, see pyproject.toml
class _Ids(RandomIdGenerator):  # type: ignore[misc]
    """Random ids, but for traces that are begun under an id of their own."""

    def generate_trace_id(self) -> int:
        wanted = _wanted.get()
        random: int = super().generate_trace_id()
        return int(wanted, 16) if wanted else random


def _traceparent(span: trace.Span) -> str:
    context = span.get_span_context()
    if not context.is_valid:
        return ""
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"
