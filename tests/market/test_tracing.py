"""Spans reach a collector by OTLP, under the ids asked for; without one nothing happens."""

import socket
import subprocess
import sys

import pytest

from market import tracing
from market.observing import ENDPOINTS, start_tracing
from market.otlp import STOP_SECONDS, OtlpTracer
from tests.support.otlp_receiver import Collector, collector, traced_here

PATIENCE = 20.0
"""For a busy machine. A batch may take ten times as long, and the SDK's own end half as long again.
"""


@pytest.fixture(autouse=True)
def no_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*ENDPOINTS, "OTEL_SDK_DISABLED", "OTEL_TRACES_SAMPLER"):
        monkeypatch.delenv(name, raising=False)


def fail_in_a_span() -> None:
    with tracing.span("inner") as inner:
        inner.note(orders=2)
        raise ValueError("broken")


def test_a_span_arrives_with_its_parent_its_failure_and_what_it_tells() -> None:
    with collector() as there:
        with traced_here(there, "here"):
            with tracing.span("outer", desk="desk-1") as outer:
                outer.happened("half way")
                with pytest.raises(ValueError, match="broken"):
                    fail_in_a_span()
                elsewhere = tracing.traceparent()
            assert tracing.traceparent() == ""
            with tracing.span("far away", parent=elsewhere):
                pass
        (first,), (second,), (third,) = map(there.named, ("outer", "inner", "far away"))
    assert (first.service, first.parent, first.failed) == ("here", "", False)
    assert first.told["desk"] == "desk-1"
    assert first.told["service.namespace"] == "shiftdesk"
    assert first.events == ("half way",)
    assert (second.parent, second.trace, second.failed) == (first.id, first.trace, True)
    assert second.told["orders"] == 2
    assert elsewhere[3:52] == first.place
    assert (third.parent, third.trace) == (first.id, first.trace)


def fail_about_somebody() -> None:
    with tracing.span("asked", by="ann@example.org") as span:
        span.note(again="ann@example.org")
        raise ValueError("nobody is called ann@example.org")


def test_spans_hold_no_personal_data_also_when_they_fail() -> None:
    with collector() as there, traced_here(there):
        with pytest.raises(ValueError, match="nobody"):
            fail_about_somebody()
        tracing.span("ended").end("refused to ann@example.org")
    assert there.named("asked")[0].failed
    assert there.named("asked")[0].told["by"] == "[email]"
    sent = b"".join(there.bodies)
    assert b"nobody is called [email]" in sent
    assert b"ann@" not in sent


def test_a_trace_has_the_id_that_follows_from_what_it_is_about() -> None:
    wanted = tracing.trace_of("decision", "desk-1", "noon")
    assert wanted == tracing.trace_of("decision", "desk-1", "noon")
    assert wanted != tracing.trace_of("decision", "desk-1n", "oon")
    with collector() as there:
        with traced_here(there), tracing.span("other"):
            tracing.span("decision", trace=wanted).end()
            tracing.span("decision", trace=wanted).end("refused")
            assert tracing.kept(wanted) == wanted
        spans = there.named("decision")
    assert [(one.trace, one.parent, one.failed) for one in spans] == [
        (wanted, "", False),
        (wanted, "", True),
    ]
    assert spans[0].id != spans[1].id


def test_the_sampler_is_asked_whether_a_trace_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "parentbased_traceidratio")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", "0.5")
    traces = [tracing.trace_of("decision", str(number)) for number in range(40)]
    with collector() as there:
        with traced_here(there):
            for trace in traces:
                tracing.span("decision", trace=trace).end()
            with tracing.span("a request that is sampled or not"):
                kept = {trace for trace in traces if tracing.kept(trace)}
        assert {span.trace for span in there.named("decision")} == kept
    assert 0 < len(kept) < 40


@pytest.mark.parametrize("variable", ENDPOINTS)
def test_any_of_the_variables_switches_it_on(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with collector() as there:
        path = "/v1/traces" if "TRACES" in variable else ""
        monkeypatch.setenv(variable, there.url + path)
        monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
        start_tracing("here")
        assert not tracing.on()
        monkeypatch.delenv("OTEL_SDK_DISABLED")
        start_tracing("here", pod="pod-7")
        with tracing.span("work"):
            pass
        tracing.stop()
        assert there.wait_for("work").told["pod"] == "pod-7"


def test_a_collector_that_is_away_holds_nobody_up(caplog: pytest.LogCaptureFixture) -> None:
    tracing.use(OtlpTracer("here", {}, "http://127.0.0.1:9"))
    for _ in range(5_000):
        tracing.span("work").end()
    tracing.stop()
    assert not tracing.on()
    assert "Failed to export" in caplog.text or "Transient error" in caplog.text


def test_a_collector_that_hangs_holds_nobody_up_either() -> None:
    """It takes the connection and says nothing; the process tells how long its end took."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        program = (
            "import time\n"
            "from market import otlp, tracing\n"
            f"otlp.EXPORT_SECONDS = {10 * PATIENCE}\n"
            f"tracing.use(otlp.OtlpTracer('here', {{}}, 'http://127.0.0.1:{_port(silent)}'))\n"
            "for _ in range(5_000):\n"
            "    tracing.span('work').end()\n"
            "began = time.monotonic()\n"
            "tracing.stop()\n"
            "print(time.monotonic() - began)\n"
        )
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", program],
            stdout=subprocess.PIPE,
            check=True,
            timeout=5 * PATIENCE,
        )
    assert STOP_SECONDS / 2 < float(done.stdout) < STOP_SECONDS + PATIENCE


def _port(listener: socket.socket) -> int:
    return int(listener.getsockname()[1])


def test_off_it_gives_nothing() -> None:
    with tracing.span("work", desk="desk-1") as span:
        span.note(orders=1)
        span.happened("half way")
        assert (span.traceparent, tracing.traceparent(), tracing.trace_id()) == ("", "", "")
    assert tracing.kept(tracing.trace_of("decision")) is None


@pytest.mark.parametrize("module", ["backend.app", "ai_pod.agents.trading.trader"])
def test_nothing_is_imported_while_it_is_off(module: str) -> None:
    check = (
        f"import sys, {module}\n"
        "heavy = ('opentelemetry.sdk', 'opentelemetry.exporter', 'opentelemetry.proto')\n"
        "found = [name for name, its in sys.modules.items() if name.startswith(heavy) and its]\n"
        "assert not found, found\n"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", check], check=True, timeout=60)


def test_a_process_that_is_to_be_forked_imports_it_ahead_and_begins_no_thread() -> None:
    check = (
        "import os, sys\n"
        "from market.observing import import_ahead\n"
        "import_ahead()\n"
        "assert 'market.otlp' not in sys.modules\n"
        f"os.environ[{ENDPOINTS[0]!r}] = 'http://127.0.0.1:9'\n"
        "import_ahead()\n"
        "assert 'market.otlp' in sys.modules\n"
        "assert len(os.listdir('/proc/self/task')) == 1\n"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", check], check=True, timeout=60)


def test_a_collector_waits_for_what_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AssertionError, match="a span 'never' did not come"):
        Collector().wait_for("never", 0.01)
