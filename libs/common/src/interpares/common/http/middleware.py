"""What surrounds every request: a span, a log line, metrics, security headers, a limit on the body, and a net.

Traces, logs and metrics name a route by its template. Paths, query strings, bodies and headers stay out of them.
"""

from __future__ import annotations

from contextlib import nullcontext
from time import perf_counter
from typing import TYPE_CHECKING

import structlog
from opentelemetry.trace import SpanKind, Status, StatusCode
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException

from interpares.common.http.gate import ROUTE
from interpares.common.problems import answer, technical
from interpares.common.telemetry import HTTP_ACTIVE, HTTP_REQUESTS, HTTP_SECONDS, continued

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from opentelemetry.trace import Span
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNOBSERVED = frozenset({"/livez", "/startupz", "/readyz", "/metrics"})
UNMATCHED = "unmatched"
SERVER_ERROR = 500
JSON = "application/json"
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
log = structlog.get_logger(__name__)


class Observed:
    """Opens the span of a request, joined to the caller's trace; logs and counts the answer; nothing escapes it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        observed = scope["path"] not in UNOBSERVED
        began = perf_counter()
        with HTTP_ACTIVE.track_inprogress(), _span(scope, method, observed=observed) as span:
            try:
                await self._app(scope, receive, sending)
            except Exception as error:
                if status:
                    raise
                await answer(error)(scope, receive, sending)
            route = scope.get(ROUTE, UNMATCHED)
            seconds = perf_counter() - began
            if span is not None:
                _describe(span, method, route, status)
                log.info("request", method=method, route=route, status=status, milliseconds=round(seconds * 1000, 1))
        HTTP_REQUESTS.labels(method, route, status).inc()
        HTTP_SECONDS.labels(method, route).observe(seconds)


def _span(scope: Scope, method: str, *, observed: bool) -> AbstractContextManager[Span | None]:
    if not observed:
        return nullcontext()
    headers = Headers(scope=scope)
    stored = headers.get("traceparent", ""), headers.get("tracestate", "")
    return continued(*stored, method, SpanKind.SERVER, **{"http.request.method": method})


def _describe(span: Span, method: str, route: str, status: int) -> None:
    span.update_name(f"{method} {route}")
    span.set_attribute("http.route", route)
    span.set_attribute("http.response.status_code", status)
    if status >= SERVER_ERROR:
        span.set_status(Status(StatusCode.ERROR))


class Limited:
    """Refuses bodies above a size: at once where the length is announced, else as soon as too much has come.

    size: of JSON, in bytes. upload_size: of anything else, which only routes that take files read at all.
    """

    def __init__(self, app: ASGIApp, size: int, upload_size: int) -> None:
        self._app = app
        self._size = size
        self._upload_size = upload_size

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        json = headers.get("content-type", JSON).strip().lower().startswith(JSON)
        size = self._size if json else self._upload_size
        announced = headers.get("content-length", "0")
        if not announced.isdecimal() or int(announced[:20]) > size:
            await technical(413, "too-large", {"Connection": "close"})(scope, receive, send)
            return
        taken = 0

        async def receiving() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > size:
                raise HTTPException(413, headers={"Connection": "close"})
            return message

        await self._app(scope, receiving, send)
