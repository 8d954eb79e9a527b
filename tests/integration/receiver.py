"""A receiver of traces in the test's own process: OTLP over HTTP, decoded, in the order they came."""

from __future__ import annotations

import secrets
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span as Exported

from interpares.common.testing.counting import until
from interpares.common.testing.processes import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from opentelemetry.proto.common.v1.common_pb2 import KeyValue


@dataclass(frozen=True)
class Span:
    """A span as it was exported.

    whence: service and role of the process. Ids are hex; ``parent`` is empty for a root, ``links`` are span ids.
    """

    whence: str
    trace: str
    id: str
    parent: str
    name: str
    kind: str
    attributes: dict[str, Any]
    links: tuple[str, ...]


def traceparent(trace_id: str, span_id: str = "") -> str:
    """Return the header that puts a request into a trace."""
    return f"00-{trace_id}-{span_id or secrets.token_hex(8)}-01"


class Receiver:
    """What was received. ``bodies``: the requests as they came, for looking into everything that left a process."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.url = ""

    def spans(self) -> list[Span]:
        """Return all spans received so far."""
        return [span for body in list(self.bodies) for span in _spans(ExportTraceServiceRequest.FromString(body))]

    async def trace(self, trace_id: str, number: int) -> list[Span]:
        """Return the spans of one trace, as soon as there are that many."""

        def found() -> list[Span]:
            return [span for span in self.spans() if span.trace == trace_id]

        async def arrived() -> bool:
            return len(found()) >= number

        await until(arrived, f"trace {trace_id} has {number} spans")
        return found()


def _spans(request: ExportTraceServiceRequest) -> Iterator[Span]:
    for process in request.resource_spans:
        resource = _plain(process.resource.attributes)
        whence = f"{resource['service.name']} {resource['interpares.role']}"
        for scope in process.scope_spans:
            for span in scope.spans:
                kind = Exported.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_").lower()
                ids = span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex()
                links = tuple(link.span_id.hex() for link in span.links)
                yield Span(whence, *ids, span.name, kind, _plain(span.attributes), links)


def _plain(attributes: Iterable[KeyValue]) -> dict[str, Any]:
    return {each.key: getattr(each.value, str(each.value.WhichOneof("value"))) for each in attributes}


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Receive during the block."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            receiver.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer((LOOPBACK, 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, name="receiver of traces", daemon=True).start()
        receiver.url = f"http://{LOOPBACK}:{server.server_address[1]}"
        yield receiver
        server.shutdown()
