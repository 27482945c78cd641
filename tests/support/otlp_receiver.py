"""A collector for tests: a real HTTP server that takes spans by OTLP and remembers them."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from market import otlp, tracing
from market.otlp import OtlpTracer


@dataclass(frozen=True)
class Received:
    """A span as a collector sees it; ids in hexadecimal, `parent` empty at a root."""

    service: str
    name: str
    trace: str
    id: str
    parent: str
    failed: bool
    events: tuple[str, ...]
    told: dict[str, object]

    @property
    def place(self) -> str:
        """What a traceparent says of it, but for the version and the flags."""
        return f"{self.trace}-{self.id}"


@dataclass
class Collector:
    """`url` is its base URL; spans come in batches, so wait for them."""

    url: str = ""
    spans: list[Received] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def take(self, body: bytes) -> None:
        self.bodies.append(body)
        request = ExportTraceServiceRequest.FromString(body)
        with self.arrived:
            for resource in request.resource_spans:
                about = {pair.key: _value(pair.value) for pair in resource.resource.attributes}
                for scope in resource.scope_spans:
                    self.spans += [_read(about, span) for span in scope.spans]
            self.arrived.notify_all()

    def named(self, name: str) -> list[Received]:
        return [span for span in self.spans if span.name == name]

    def wait_for(self, name: str, seconds: float = 20.0) -> Received:
        """The first span of that name."""
        self.wait_until(lambda: bool(self.named(name)), f"a span {name!r}", seconds)
        return self.named(name)[0]

    def wait_until(self, check: Callable[[], bool], what: str, seconds: float = 20.0) -> None:
        deadline = time.monotonic() + seconds
        with self.arrived:
            while not check():
                left = deadline - time.monotonic()
                names = [span.name for span in self.spans]
                assert left > 0, f"{what} did not come; there were {names}"
                self.arrived.wait(left)


@contextlib.contextmanager
def collector() -> Iterator[Collector]:
    """A collector on a free port, until the block ends."""
    ours = Collector()
    handler = type("Handler", (_Handler,), {"ours": ours})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    ours.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="collector")
    thread.start()
    try:
        yield ours
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def traced_here(ours: Collector, service: str = "test") -> Iterator[None]:
    """This process traces to the collector within the block; what is left has arrived after it,
    however late a busy machine answers.
    """
    with pytest.MonkeyPatch.context() as patience:
        for name in ("EXPORT_SECONDS", "STOP_SECONDS"):
            patience.setattr(otlp, name, 60.0)
        tracing.use(OtlpTracer(service, {}, ours.url))
        try:
            yield
        finally:
            tracing.stop()


class _Handler(BaseHTTPRequestHandler):
    ours: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path != "/v1/traces":
            self.send_error(404)
            return
        self.ours.take(body)
        self.send_response(200)
        self.send_header("Content-Type", "application/x-protobuf")
        self.end_headers()
        self.wfile.write(ExportTraceServiceResponse().SerializeToString())

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


def _read(about: dict[str, object], span: Span) -> Received:
    return Received(
        service=str(about.get("service.name")),
        name=span.name,
        trace=span.trace_id.hex(),
        id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        failed=span.status.code == 2,
        events=tuple(event.name for event in span.events),
        told=about | {pair.key: _value(pair.value) for pair in span.attributes},
    )


def _value(value: AnyValue) -> object:
    return getattr(value, value.WhichOneof("value") or "string_value")
