from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
import structlog
from fastapi import APIRouter, FastAPI
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from interpares.common import telemetry
from interpares.common.health import Health
from interpares.common.http import Router, create_app
from interpares.common.policy import PolicyGap
from interpares.common.testing.edge import HeldMemberships, TokenIssuer, client_of, edge_settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from interpares.common.policy import Policy

DUTY = "/api/v1/duties/9d8ef3a2-6b56-4f4d-8f0a-6f1f2b1f0001/offer"
BODY = {"reason_code": "first-come", "reason": "They asked first."}
LIMIT = 1024 * 1024


def built(router: APIRouter, policy: Policy) -> FastAPI:
    issuer = TokenIssuer()
    return create_app(
        title="Sample",
        version="1",
        routers=[router],
        policy=policy,
        verifier=issuer.verifier(),
        memberships=HeldMemberships(),
        health=Health(),
        settings=edge_settings(),
    )


def test_a_service_whose_route_has_no_policy_cannot_be_built() -> None:
    router = Router()
    router.add_api_route("/open", lambda: None)
    with pytest.raises(PolicyGap, match="GET /api/v1/open: no entry in the policy table"):
        built(router, {})


def test_a_service_whose_policy_has_no_route_cannot_be_built() -> None:
    with pytest.raises(PolicyGap, match="GET /api/v1/gone: no such route"):
        built(Router(), {("GET", "/api/v1/gone"): frozenset()})


def test_a_service_whose_route_is_not_behind_the_gate_cannot_be_built() -> None:
    router = APIRouter()
    router.add_api_route("/open", lambda: None)
    with pytest.raises(PolicyGap, match="make its router with Router"):
        built(router, {("GET", "/api/v1/open"): frozenset()})


@pytest.mark.parametrize(
    ("kind", "status", "code", "detail"),
    [
        ("conflict", 409, "sample-duty-taken", "The duty AT.1 is taken."),
        ("invalid", 422, "invalid", "There is no such role."),
        ("key", 409, "idempotency-key-reused", "This Idempotency-Key was used before with another request."),
        ("busy", 503, "busy", "The service cannot answer this just now."),
        ("bug", 500, "unexpected", "The service failed in a way nobody foresaw."),
    ],
)
async def test_failures_become_problems(
    kind: str, status: int, code: str, detail: str, otto: httpx2.AsyncClient
) -> None:
    answer = await otto.post(f"/api/v1/failures/{kind}")
    said = answer.json()
    assert (answer.status_code, said["code"], said["detail"]) == (status, code, detail)
    assert said["type"] == f"/problems/{code}"
    assert len(said["trace_id"]) == 32
    assert said["way_out"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers.get("retry-after") == ("2" if kind == "busy" else None)
    assert said["errors"] == ([{"field": "role", "message": detail}] if kind == "invalid" else [])
    assert "canary" not in answer.text


async def test_the_type_of_a_problem_leads_to_its_page(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/problems/sample-duty-taken")
    assert answer.text == (
        "Sample duty taken\n\nAnother organisation has accepted the duty already.\n\nChoose an open duty.\n"
    )
    assert (await client.get("/problems/canary")).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/", 404, "not-found"),
        ("GET", "/api/v1/duties/", 404, "not-found"),
        ("GET", "/api/v1/%00", 404, "not-found"),
        ("DELETE", "/api/v1/duties", 405, "method-not-allowed"),
        ("TRACE", "/api/v1/duties", 405, "method-not-allowed"),
    ],
)
async def test_what_is_not_there_is_a_problem_too(
    method: str, path: str, status: int, code: str, anna: httpx2.AsyncClient
) -> None:
    answer = await anna.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers.get("allow") == ("GET, POST" if status == 405 else None)


async def chunks(size: int) -> AsyncIterator[bytes]:
    yield b'{"reason": "'
    for _ in range(size // 1024):
        yield b"x" * 1024


async def test_a_body_too_large_is_refused_unread_where_its_length_is_announced(anna: httpx2.AsyncClient) -> None:
    answer = await anna.post(DUTY, content=b"x" * (LIMIT + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_body_too_large_is_refused_when_too_much_has_come_in_pieces(app: FastAPI, issuer: TokenIssuer) -> None:
    sent = 0

    async def receive() -> dict[str, Any]:
        nonlocal sent
        sent += 65536
        return {"type": "http.request", "body": b" " * 65536, "more_body": True}

    answers: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        answers.append(message)

    token = issuer.bearer()["Authorization"].encode()
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": DUTY,
        "query_string": b"",
        "headers": [(b"authorization", token), (b"content-type", b"application/json")],
    }
    await app(scope, receive, send)
    assert answers[0]["status"] == 413
    assert sent == LIMIT + 65536


async def test_a_body_of_just_the_size_in_pieces_is_read(anna: httpx2.AsyncClient) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield json.dumps(BODY).encode()
        yield b" " * (LIMIT - len(json.dumps(BODY)))

    answer = await anna.post(DUTY, content=body(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 201


@pytest.mark.parametrize("length", ["-1", "x", "9" * 5000, "²"])
async def test_a_length_that_is_none_is_refused(length: str, anna: httpx2.AsyncClient) -> None:
    answer = await anna.post(DUTY, content=b"{}", headers={b"Content-Length": length.encode("latin-1")})
    assert answer.status_code == 413


@pytest.mark.parametrize("path", ["/livez", "/docs", "/api/v1/me", "/nowhere", "/api/v1/openapi.json"])
async def test_every_answer_carries_the_security_headers(path: str, client: httpx2.AsyncClient) -> None:
    headers = (await client.get(path)).headers
    assert headers["content-security-policy"].startswith("default-src 'self'; ")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in headers


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    telemetry.configure("sample", "api", edge_settings(), [SimpleSpanProcessor(exporter)])
    yield exporter
    telemetry.shutdown()


async def test_a_request_is_one_span_of_the_callers_trace_named_by_the_route(
    spans: InMemorySpanExporter, anna: httpx2.AsyncClient
) -> None:
    traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    headers = {"traceparent": traceparent, "baggage": "who=canary", "User-Agent": "canary"}
    answer = await anna.post(f"{DUTY}?town=canary", json=BODY, headers=headers)
    (span,) = spans.get_finished_spans()
    assert span.name == "POST /api/v1/duties/{duty}/offer"
    assert span.kind is SpanKind.SERVER
    assert span.parent is not None
    assert span.parent.span_id == 0xB7AD6B7169203331
    assert dict(span.attributes or {}) == {
        "http.request.method": "POST",
        "http.route": "/api/v1/duties/{duty}/offer",
        "http.response.status_code": 201,
    }
    assert answer.json()["traceparent"].startswith("00-0af7651916cd43dd8448eb211c80319c-")
    assert "canary" not in span.to_json()


async def test_health_is_not_traced_and_failures_are_marked(
    spans: InMemorySpanExporter, otto: httpx2.AsyncClient
) -> None:
    for path in ("/livez", "/startupz", "/readyz", "/metrics"):
        await otto.get(path)
    assert spans.get_finished_spans() == ()
    said = (await otto.post("/api/v1/failures/bug")).json()
    (span,) = spans.get_finished_spans()
    assert span.status.status_code is StatusCode.ERROR
    assert span.context is not None
    assert said["trace_id"] == f"{span.context.trace_id:032x}"
    await otto.get("/canary")
    assert spans.get_finished_spans()[1].name == "GET unmatched"


async def test_a_request_is_logged_by_its_route_without_what_was_sent(anna: httpx2.AsyncClient) -> None:
    with structlog.testing.capture_logs() as logs:
        await anna.post(f"{DUTY}?town=canary", json={**BODY, "reason": "canary"})
    (line,) = logs
    assert line.pop("milliseconds") >= 0
    assert line == {
        "event": "request",
        "log_level": "info",
        "method": "POST",
        "route": "/api/v1/duties/{duty}/offer",
        "status": 201,
    }


async def test_requests_are_counted_by_route(anna: httpx2.AsyncClient) -> None:
    def count(route: str, status: int, method: str = "GET") -> float:
        labels = {"method": method, "route": route, "status": str(status)}
        return telemetry.REGISTRY.get_sample_value("interpares_http_requests_total", labels) or 0

    before = count("/api/v1/duties", 200), count("unmatched", 404), count("unmatched", 405, "OTHER")
    await anna.get("/api/v1/duties?town=Wien")
    await anna.get("/canary")
    await anna.request("CANARY", "/api/v1/duties")
    after = count("/api/v1/duties", 200), count("unmatched", 404), count("unmatched", 405, "OTHER")
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1, 1]
    metrics = await anna.get("/metrics")
    assert "canary" not in metrics.text.lower()
    assert metrics.headers["content-type"].startswith("text/plain; version=")


async def test_health_follows_the_life_of_the_application(
    app: FastAPI, health: Health, client: httpx2.AsyncClient
) -> None:
    assert (await client.get("/readyz")).json()["failing"] == {"start": "not finished"}
    async with app.router.lifespan_context(app):
        assert (await client.get("/readyz")).status_code == 200
        assert (await client.get("/startupz")).status_code == 200
    assert (await client.get("/readyz")).json()["failing"] == {"stop": "about to end"}
    assert (await client.get("/livez")).status_code == 200


async def test_other_kinds_of_connection_are_left_to_the_framework(app: FastAPI) -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/api/v1/duties", "headers": [], "query_string": b""}
    await app(scope, receive, send)
    assert sent[0]["type"] == "websocket.close"


async def test_a_failure_after_the_answer_began_is_left_to_the_server(app: FastAPI, issuer: TokenIssuer) -> None:
    async def send(_message: Any) -> None:
        message = "gone"
        raise ConnectionResetError(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": "GET", "path": "/livez", "query_string": b"", "headers": []}
    with pytest.raises(ConnectionResetError):
        await app(scope, receive, send)


async def test_a_client_that_leaves_amid_its_body_is_no_failure(app: FastAPI, issuer: TokenIssuer) -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    statuses: list[int] = []

    async def send(message: Any) -> None:
        statuses.append(message.get("status", 0))

    scope = {
        "type": "http",
        "method": "POST",
        "path": DUTY,
        "query_string": b"",
        "headers": [(b"authorization", issuer.bearer()["Authorization"].encode())],
    }
    await app(scope, receive, send)
    assert statuses[0] == 400


def test_the_client_of_tests_needs_no_network(app: FastAPI) -> None:
    assert isinstance(client_of(app), httpx2.AsyncClient)
