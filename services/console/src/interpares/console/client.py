"""The services over HTTP, as any client would use them.

A command carries an Idempotency-Key and is repeated with the same key while the connection fails or the service says
503: the first result stands, whatever became of its answer.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import uuid4

import httpx2
import stamina

from interpares.console.contexts import Context
from interpares.console.failures import Problem, Unreachable
from interpares.console.tokens import Tokens
from interpares.console.visiting import Visitor

PATIENCE_SECONDS = 30.0
TIMEOUT = httpx2.Timeout(30.0, connect=5.0)
# Idle connections go before the server, which waits five seconds, closes them under a request.
LIMITS = httpx2.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=2.0)

Json = dict[str, Any]


def http() -> httpx2.AsyncClient:
    """Return an HTTP client that several contexts may share; the caller closes it."""
    return httpx2.AsyncClient(timeout=TIMEOUT, limits=LIMITS, trust_env=False)


class Client:
    """Speaks to the services as one context.

    patience: seconds to go on repeating while a service is down or busy; 0 for one attempt only.
    """

    def __init__(self, context: Context, http: httpx2.AsyncClient, *, patience: float = PATIENCE_SECONDS) -> None:
        self.context = context
        self.tokens = Tokens(context, http)
        self._http = http
        self._patience = patience

    async def get(self, service: str, path: str, *, at_least: int | None = None, **params: Any) -> Json:
        """Read. at_least: a position this read must have seen. Raises Problem, Refused, Unreachable."""
        headers = {} if at_least is None else {"X-At-Least-Position": str(at_least)}
        answer = await self._send("GET", service, path, headers, params=params)
        return dict(answer.json())

    async def file(self, service: str, path: str, **params: Any) -> bytes:
        """Read what is no JSON: a letter, a table."""
        return (await self._send("GET", service, path, {}, params=params)).content

    async def post(self, service: str, path: str, body: Mapping[str, Any], *, key: str | None = None) -> Json:
        """Command. key: Idempotency-Key, a new one if not given. Raises Problem, Refused, Unreachable."""
        headers = {"Idempotency-Key": key or str(uuid4())}
        answer = await self._send("POST", service, path, headers, body=body)
        return dict(answer.json())

    async def upload(self, service: str, path: str, content: bytes, media_type: str) -> Json:
        """Send a file as it is. Raises Problem, Refused, Unreachable."""
        headers = {"Content-Type": media_type, "Idempotency-Key": str(uuid4())}
        return dict((await self._send("POST", service, path, headers, content=content)).json())

    def visitor(self, service: str) -> Visitor:
        """Return somebody who opens pages of the service without an account."""
        return Visitor(self.context.address(service), self._http)

    async def items(
        self, service: str, path: str, *, at_least: int | None = None, **params: Any
    ) -> AsyncIterator[Json]:
        """Read a list to its end, page by page."""
        after: str | None = None
        while True:
            page = await self.get(service, path, at_least=at_least, **params, **({"after": after} if after else {}))
            for item in page["items"]:
                yield item
            after = page["next"]
            if after is None:
                return

    async def _send(
        self,
        method: str,
        service: str,
        path: str,
        headers: Mapping[str, str],
        *,
        params: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        content: bytes | None = None,
    ) -> httpx2.Response:
        url = f"{self.context.address(service).rstrip('/')}/api/v1{path}"
        asked = {name: value for name, value in (params or {}).items() if value is not None}
        attempts = None if self._patience else 1
        async for attempt in stamina.retry_context(
            _when_to_repeat, attempts=attempts, timeout=self._patience or None, wait_jitter=0.2, wait_max=2.0
        ):
            with attempt:
                return await self._once(method, url, headers, params=asked, json=body, content=content)
        raise AssertionError  # pragma: no cover -- retry_context returns or raises

    async def _once(self, method: str, url: str, headers: Mapping[str, str], **sent: Any) -> httpx2.Response:
        token = await self.tokens.value()
        given = {"Authorization": f"Bearer {token}", **headers}
        try:
            answer = await self._http.request(method, url, headers=given, **sent)
        except httpx2.TransportError as error:
            raise Unreachable(
                title="The service does not answer",
                detail=f"{url}: {type(error).__name__}.",
                way_out="Is it running? interpares doctor looks at every address.",
            ) from error
        if answer.status_code == httpx2.codes.UNAUTHORIZED:
            self.tokens.forget()
        if answer.is_success:
            return answer
        raise _problem(answer)


class Unwilling(Problem):
    """The service cannot answer now, and said when to ask again. retry_after: seconds."""

    exit_code = Unreachable.exit_code

    def __init__(self, status: int, body: Json, retry_after: float) -> None:
        super().__init__(status, body)
        self.retry_after = retry_after


def _problem(answer: httpx2.Response) -> Problem:
    try:
        told = answer.json()
    except json.JSONDecodeError:
        told = {}
    body: Json = told if isinstance(told, dict) else {}
    if answer.status_code == httpx2.codes.SERVICE_UNAVAILABLE:
        after = answer.headers.get("Retry-After", "1")
        return Unwilling(answer.status_code, body, float(after) if after.replace(".", "", 1).isdigit() else 1.0)
    return Problem(answer.status_code, body)


def _when_to_repeat(error: Exception) -> bool | float:
    """Tell whether, or after how many seconds, a request is worth repeating."""
    if isinstance(error, Unwilling):
        return error.retry_after
    return isinstance(error, Unreachable)
