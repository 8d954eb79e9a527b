from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from interpares.common import telemetry
from interpares.common.telemetry import continued, current_trace_id, current_traceparent, linked
from interpares.common.testing.edge import edge_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

TRACE = "0af7651916cd43dd8448eb211c80319c"
TRACEPARENT = f"00-{TRACE}-b7ad6b7169203331-01"


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    telemetry.configure("programme", "api", edge_settings(), [SimpleSpanProcessor(exporter)])
    yield exporter
    telemetry.shutdown()


def test_a_stored_context_is_continued(spans: InMemorySpanExporter) -> None:
    with continued(TRACEPARENT, "vendor=1", "publish", SpanKind.PRODUCER, position=7):
        traceparent, tracestate = current_traceparent()
        assert current_trace_id() == TRACE
    (span,) = spans.get_finished_spans()
    assert traceparent.startswith(f"00-{TRACE}-")
    assert traceparent != TRACEPARENT
    assert tracestate == "vendor=1"
    assert (span.name, span.kind, dict(span.attributes or {})) == ("publish", SpanKind.PRODUCER, {"position": 7})
    assert span.parent is not None
    assert span.parent.span_id == 0xB7AD6B7169203331
    assert span.resource.attributes["service.name"] == "interpares-programme"
    assert span.resource.attributes["interpares.role"] == "api"


@pytest.mark.parametrize("traceparent", ["", "rubbish", "00-" + "0" * 32 + "-" + "0" * 16 + "-01"])
def test_an_empty_or_malformed_context_makes_a_root_whatever_is_in_force(
    traceparent: str, spans: InMemorySpanExporter
) -> None:
    with continued(TRACEPARENT, "", "outer"), continued(traceparent, "", "inner"):
        assert current_trace_id() not in {"", TRACE}
    inner, _ = spans.get_finished_spans()
    assert inner.parent is None


def test_a_long_tracestate_is_dropped(spans: InMemorySpanExporter) -> None:
    with continued(TRACEPARENT, "vendor=" + "x" * 600, "publish"):
        assert current_traceparent()[1] == ""


def test_links_point_to_stored_contexts_below_the_span_in_force(spans: InMemorySpanExporter) -> None:
    with continued("", "", "round") as round_span, linked([(TRACEPARENT, ""), ("rubbish", "")], "write"):
        pass
    write, _ = spans.get_finished_spans()
    assert [link.context.trace_id for link in write.links] == [int(TRACE, 16)]
    assert write.parent is not None
    assert write.parent.span_id == round_span.get_span_context().span_id


def test_an_exception_leaves_its_type_and_no_message(spans: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="canary"), continued("", "", "work"):
        int("canary")
    (span,) = spans.get_finished_spans()
    assert span.attributes == {"error.type": "ValueError"}
    assert span.events == ()
    assert span.status.description is None
    assert not span.status.is_ok


class Receiver(BaseHTTPRequestHandler):
    received: ClassVar[list[tuple[str, bytes]]] = []

    def do_POST(self) -> None:
        self.received.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_spans_are_exported_to_the_receiver_the_settings_name_at_the_latest_when_the_process_ends() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as receiver:
        thread = threading.Thread(target=receiver.serve_forever)
        thread.start()
        telemetry.configure("sample", "api", edge_settings(otlp_endpoint=f"http://127.0.0.1:{receiver.server_port}/"))
        with continued("", "", "exported"):
            pass
        telemetry.shutdown()
        receiver.shutdown()
        thread.join()
    ((path, content),) = Receiver.received
    assert path == "/v1/traces"
    assert b"exported" in content
    assert b"interpares-sample" in content


def test_outside_a_span_there_is_no_context() -> None:
    assert current_traceparent() == ("", "")
    assert current_trace_id() == ""


def test_metrics_are_shown_as_prometheus_reads_them() -> None:
    content, media_type = telemetry.metrics()
    assert b"# TYPE interpares_http_requests_total counter" in content
    assert media_type.startswith("text/plain")
