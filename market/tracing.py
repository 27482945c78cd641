"""Traces: spans, sent to an OpenTelemetry collector where one is configured and made nowhere else.

Nothing here imports OpenTelemetry: `market.otlp` does, and only `market.observing` imports that. A
process has one tracer, as it has one logger.
"""

import hashlib
from enum import StrEnum
from typing import Any, Protocol, Self, TypeAlias

Value: TypeAlias = str | int | float | bool


class Kind(StrEnum):
    """OpenTelemetry's kinds of spans, as far as they are ours."""

    INTERNAL = "internal"
    PRODUCER = "producer"
    CONSUMER = "consumer"


class Span(Protocol):
    """A piece of work. As a context it is the current span, and what raises marks it as failed."""

    @property
    def traceparent(self) -> str:
        """The span as W3C's header says it, for whoever goes on elsewhere; empty when off."""

    def note(self, **attributes: Value) -> None:
        """Add to what the span tells."""

    def happened(self, event: str) -> None:
        """Mark this instant within the span."""

    def end(self, failure: str = "") -> None:
        """End a span that is not used as a context; with a failure it counts as failed."""

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None: ...


class Tracer(Protocol):
    """Makes spans. `provider` is OpenTelemetry's, for libraries that trace by themselves."""

    @property
    def provider(self) -> Any: ...

    def span(
        self, name: str, kind: Kind, parent: str, trace: str, attributes: dict[str, Value], /
    ) -> Span: ...

    def current(self) -> str:
        """The current span's `traceparent`; empty outside of any."""

    def keeps(self, trace: str, /) -> bool:
        """Whether spans of a trace with this id, begun here, are sampled."""

    def stop(self) -> None:
        """Send what is left, within a bound."""


class _NoSpan:
    traceparent = ""

    def note(self, **attributes: Value) -> None: ...

    def happened(self, event: str) -> None: ...

    def end(self, failure: str = "") -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None: ...


class _NoTracer:
    provider = None

    def span(self, *_: object) -> Span:
        return _NO_SPAN

    def current(self) -> str:
        return ""

    def keeps(self, *_: object) -> bool:
        return False

    def stop(self) -> None: ...


_NO_SPAN = _NoSpan()
_OFF: Tracer = _NoTracer()
_tracer: Tracer = _OFF


def use(tracer: Tracer | None) -> None:
    """Trace with this from now on; None ends it."""
    global _tracer
    _tracer = tracer or _OFF


def stop() -> None:
    """Send what is left, and trace no more."""
    ending = _tracer
    use(None)
    ending.stop()


def on() -> bool:
    return _tracer is not _OFF


def provider() -> Any:
    """OpenTelemetry's tracer provider; None without tracing."""
    return _tracer.provider


def span(
    name: str,
    *,
    kind: Kind = Kind.INTERNAL,
    parent: str = "",
    trace: str = "",
    **attributes: Value,
) -> Span:
    """Begin a span: under `parent` (a traceparent) if there is one; else at the root of `trace` (an
    id, see `trace_of`) if it is named; else under the current span, or in a new trace.
    """
    return _tracer.span(name, kind, parent, trace, attributes)


def traceparent() -> str:
    """The current span, as a header says it; empty when there is none."""
    return _tracer.current()


def trace_id() -> str:
    """The current trace's id, 32 hexadecimal digits; empty when there is none."""
    return _tracer.current()[3:35]


def trace_of(*identity: str) -> str:
    """The trace id of what has an identity of its own: whoever knows that, finds the trace."""
    return hashlib.sha256("\n".join(identity).encode()).hexdigest()[:32]


def kept(trace: str) -> str | None:
    """The trace id, if such traces are recorded; else None."""
    return trace if _tracer.keeps(trace) else None
