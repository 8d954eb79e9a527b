"""Traces and metrics of a process.

Spans follow W3C Trace Context only: no baggage, nothing a caller could write into every event of a flow. Neither
actor ids nor anything people typed may be put on a span; exceptions leave the name of their type and no message.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.propagate import set_global_textmap
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import SpanProcessor
    from opentelemetry.trace import Span, Tracer

    from interpares.common.settings import ServiceSettings

Attribute = str | int | bool
SCOPE = "interpares"
EXPORT_TIMEOUT_SECONDS = 5
# What a caller may hand in goes into every event of its flow; W3C asks for 512 characters at least.
TRACESTATE_LENGTH = 512

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)
HTTP_REQUESTS = Counter(
    "interpares_http_requests_total", "Requests answered.", ["method", "route", "status"], registry=REGISTRY
)
HTTP_SECONDS = Histogram(
    "interpares_http_request_seconds",
    "Seconds from the request to the end of the answer.",
    ["method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
HTTP_ACTIVE = Gauge("interpares_http_requests_active", "Requests being answered.", registry=REGISTRY)
APPEND_COMMANDS = Histogram(
    "interpares_append_commands",
    "Commands written in one transaction.",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128),
    registry=REGISTRY,
)
APPEND_WAIT = Histogram(
    "interpares_append_wait_seconds",
    "Seconds from a command's arrival at the writer to its commit.",
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
APPEND_WAITING = Gauge("interpares_append_waiting", "Commands that wait for the writer.", registry=REGISTRY)
RELAY_LAG = Gauge("interpares_relay_lag_events", "Events in the store the relay has not read.", registry=REGISTRY)
RELAY_PUBLISHED = Counter("interpares_relay_published_total", "Messages acknowledged by JetStream.", registry=REGISTRY)
RELAY_LEADING = Gauge("interpares_relay_leading", "1 while this process is the relay.", registry=REGISTRY)
STREAM_BYTES = Gauge("interpares_stream_bytes", "Bytes the stream of this service holds.", registry=REGISTRY)
STREAM_LIMIT = Gauge("interpares_stream_limit_bytes", "Bytes the stream may hold.", registry=REGISTRY)
INBOX_POSITION = Gauge("interpares_inbox_position", "Last position recorded.", ["feed"], registry=REGISTRY)
INBOX_LAG = Gauge(
    "interpares_inbox_lag_seconds", "Age of the last event when it had its effect.", ["feed"], registry=REGISTRY
)
INBOX_GAPS = Counter("interpares_inbox_gaps_total", "Gaps met on the stream.", ["feed"], registry=REGISTRY)
INBOX_UNFIT = Counter(
    "interpares_inbox_unfit_total", "Messages that were not what a relay writes.", ["feed"], registry=REGISTRY
)
INBOX_PARKED = Gauge("interpares_inbox_parked", "Messages that are parked.", ["feed"], registry=REGISTRY)
INBOX_CONFIRMED = Gauge(
    "interpares_inbox_confirmed_timestamp_seconds",
    "Up to when everything the producer published is known, in Unix time.",
    ["feed"],
    registry=REGISTRY,
)
STORE_POSITION = Gauge("interpares_store_position", "Position of the last event in the store.", registry=REGISTRY)
VIEW_POSITION = Gauge("interpares_view_position", "Last position applied.", ["view"], registry=REGISTRY)

_propagator = TraceContextTextMapPropagator()
# Real spans from the first moment on; they go nowhere until ``configure`` names a receiver.
_provider = TracerProvider(shutdown_on_exit=False)
_receivers = 0


@cache
def _tracer() -> Tracer:
    """Return the tracer of the provider; asked for once, since looking one up costs more than a span."""
    return _provider.get_tracer(SCOPE)


def configure(
    service: str, role: str, settings: ServiceSettings, processors: Sequence[SpanProcessor] = ()
) -> TracerProvider:
    """Set up tracing for the process, once, before anything is traced.

    service: name of the service; role: what the process does, such as ``api`` or ``api+worker``.
    processors: further receivers of spans, for tests.
    """
    global _provider, _receivers  # noqa: PLW0603 -- a process has one tracer provider
    resource = Resource.create(
        {
            "service.name": f"{SCOPE}-{service}",
            "service.namespace": SCOPE,
            "deployment.environment.name": settings.environment,
            "interpares.role": role,
        }
    )
    _provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    if settings.otlp_endpoint is not None:
        # With protobuf several MB of memory, which whoever exports nothing does without.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415

        endpoint = f"{settings.otlp_endpoint.rstrip('/')}/v1/traces"
        exporter = OTLPSpanExporter(endpoint=endpoint, timeout=EXPORT_TIMEOUT_SECONDS)
        processors = (BatchSpanProcessor(exporter), *processors)
    for processor in processors:
        _provider.add_span_processor(processor)
    _receivers = len(processors)
    _tracer.cache_clear()
    set_global_textmap(_propagator)
    return _provider


def shutdown() -> None:
    """Export what waits and stop; spans made afterwards go nowhere."""
    global _provider, _receivers
    _provider.shutdown()
    _provider, _receivers = TracerProvider(shutdown_on_exit=False), 0
    _tracer.cache_clear()


def metrics() -> tuple[bytes, str]:
    """Return all metrics in the Prometheus text format, and its content type."""
    return generate_latest(REGISTRY), CONTENT_TYPE_LATEST


def current_traceparent() -> tuple[str, str]:
    """Return ``traceparent`` and ``tracestate`` of the span in force, two empty strings where there is none."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent", ""), carrier.get("tracestate", "")


def current_trace_id() -> str:
    """Return the id of the trace in force, 32 hex digits, empty where there is none."""
    context = trace.get_current_span().get_span_context()
    return trace.format_trace_id(context.trace_id) if context.is_valid else ""


@contextmanager
def continued(
    traceparent: str, tracestate: str, name: str, kind: SpanKind = SpanKind.INTERNAL, **attributes: Attribute
) -> Iterator[Span]:
    """Open a span as child of a stored context; as a root where that is empty or malformed."""
    with _spanning(name, kind, attributes, _stored(traceparent, tracestate)) as span:
        yield span


def passed_on(traceparent: str, tracestate: str, name: str, kind: SpanKind) -> tuple[str, str]:
    """Record that something was passed on, as child of a stored context; return the context it travels with.

    That is a moment, not a stretch of time. Where nobody receives spans it is the stored context itself.
    """
    if not _receivers:
        return traceparent, tracestate
    span = _tracer().start_span(name, _stored(traceparent, tracestate), kind)
    span.end()
    carrier: dict[str, str] = {}
    _propagator.inject(carrier, trace.set_span_in_context(span))
    return carrier.get("traceparent", ""), carrier.get("tracestate", "")


@contextmanager
def linked(
    contexts: Iterable[tuple[str, str]], name: str, kind: SpanKind = SpanKind.INTERNAL, **attributes: Attribute
) -> Iterator[Span]:
    """Open a span below the one in force that points to stored contexts: one piece of work for many causes.

    contexts: pairs of traceparent and tracestate.
    """
    origins = [trace.get_current_span(_stored(*context)).get_span_context() for context in contexts]
    links = [Link(origin) for origin in origins if origin.is_valid]
    with _spanning(name, kind, attributes, None, links) as span:
        yield span


def _stored(traceparent: str, tracestate: str) -> Context:
    if len(tracestate) > TRACESTATE_LENGTH:
        tracestate = ""
    # Extracted into an empty context: a malformed one makes a root, never a child of whatever is in force by chance.
    return _propagator.extract({"traceparent": traceparent, "tracestate": tracestate})


@contextmanager
def _spanning(
    name: str,
    kind: SpanKind,
    attributes: dict[str, Attribute],
    context: Context | None,
    links: list[Link] | None = None,
) -> Iterator[Span]:
    with _tracer().start_as_current_span(
        name,
        context,
        kind,
        attributes,
        links,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield span
        except Exception as error:
            span.set_attribute("error.type", type(error).__qualname__)
            span.set_status(Status(StatusCode.ERROR))
            raise
