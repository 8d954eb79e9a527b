"""The gate every request passes before its route does anything: who calls, may they, is the request readable.

In this order: the token, the policy table, then the body. So nobody without a capacity makes the service read much.
"""

import hashlib
import json
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from functools import partial
from typing import Annotated, Any
from uuid import UUID, uuid5

import structlog
from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from uuid_utils.compat import uuid7

from interpares.common.auth import Caller, Unauthenticated, Verifier
from interpares.common.context import Occasion
from interpares.common.errors import Busy, Forbidden
from interpares.common.http.bodies import IdempotencyKey, parse, printable, refused
from interpares.common.http.tries import Tries
from interpares.common.policy import (
    ANYONE_SIGNED_IN,
    LINK,
    ONESELF,
    OPEN,
    SAFE,
    SERVICE,
    SERVICE_OR_OPERATOR,
    Access,
    Capacity,
    Endpoint,
    Guarded,
    Membership,
    Memberships,
    Principal,
    Rule,
)
from interpares.common.telemetry import current_trace_id, current_traceparent

ROUTE = "interpares.route"
LINK_HEADER = "X-Personal-Link"
KEYED = UUID("5f0c7a51-6f2e-5d0b-9b43-6f4a9d4d2c11")
UNKEYED = b""
RETRY_SECONDS = 5.0
log = structlog.get_logger(__name__)


class NoCapacity(Forbidden):
    """None of the caller's memberships allows this."""

    code = "no-capacity"
    way_out = "Ask the programme office, or an operator, for a membership in the right capacity."


@dataclass(frozen=True)
class Gate:
    """What the gate needs to know.

    rules: the checked policy table, by method and endpoint function. tries: how often links led nowhere.
    """

    rules: Mapping[tuple[str, Endpoint], Guarded]
    verifier: Verifier
    memberships: Memberships
    service_subjects: frozenset[str]
    max_age: timedelta
    clock: Callable[[], datetime]
    tries: Tries

    async def admit(self, request: Request, guarded: Guarded) -> None:
        """Let the request pass and note who calls.

        Raises Unauthenticated, NoCapacity, or Busy while it cannot be known what the caller may do.
        """
        if guarded.rule in OPEN:
            return
        caller = await self.verifier.verify(_bearer_token(request))
        service = guarded.rule in {SERVICE, SERVICE_OR_OPERATOR} and caller.subject in self.service_subjects
        if service or guarded.rule is SERVICE:
            # Memberships reach a service through a feed: reading one must not depend on them.
            principal, allowed = Principal(caller.actor), service
        else:
            principal = Principal(caller.actor, await self._held(caller.actor))
            allowed = _open_to(guarded.rule, principal)
        if not allowed:
            log.warning(
                "denied",
                actor=str(principal.actor),
                method=guarded.method,
                route=guarded.path,
                capacities=sorted({membership.capacity for membership in principal.memberships}),
            )
            message = "None of your memberships allows this."
            raise NoCapacity(message)
        request.state.principal = principal
        request.state.caller = caller

    async def handled(
        self, request: Request, guarded: Guarded, handle: Callable[[Request], Coroutine[Any, Any, Response]]
    ) -> Response:
        """Hand a request on; one that comes with a personal link only where not too many led nowhere."""
        linked = guarded.rule is LINK or (guarded.rule is ONESELF and LINK_HEADER in request.headers)
        return await (self.tries.watched(request, handle) if linked else handle(request))

    async def _held(self, actor: UUID) -> tuple[Membership, ...]:
        confirmed = await self.memberships.confirmed_at()
        if confirmed is None or self.clock() - confirmed > self.max_age:
            message = "It cannot be confirmed just now who may do what, so nothing is allowed."
            raise Busy(RETRY_SECONDS, message)
        return await self.memberships.of(actor)


def _open_to(rule: Rule, principal: Principal) -> bool:
    if rule is SERVICE_OR_OPERATOR:
        return principal.has(Capacity.OPERATOR)
    return rule in {ANYONE_SIGNED_IN, ONESELF} if isinstance(rule, Access) else principal.has(*rule)


class GuardedRoute(APIRoute):
    """A route behind the gate; the only kind ``create_app`` accepts."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return FastAPI's handler with the gate before it."""
        return self.guarded_by(super().get_route_handler())

    def guarded_by(
        self, handle: Callable[[Request], Coroutine[Any, Any, Response]]
    ) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return a handler with the gate before it."""
        takes_body = self.body_field is not None

        async def guarded(request: Request) -> Response:
            gate: Gate = request.app.state.gate
            rule = gate.rules[request.method, request.scope["endpoint"]]
            request.scope[ROUTE] = rule.path
            await gate.admit(request, rule)
            strict = StrictRequest(request.scope, request.receive)
            await strict.read(takes_body=takes_body)
            return await gate.handled(strict, rule, handle)

        return guarded


Router = partial(APIRouter, route_class=GuardedRoute)


class StrictRequest(Request):
    """A request whose JSON is parsed strictly, once, and whose path, query and headers hold printable text only."""

    async def read(self, *, takes_body: bool) -> None:
        """Read and check all of it. Raises RequestValidationError, or HTTPException 415 for a body that is not JSON."""
        self.check_address()
        content = b"" if self.method in SAFE else await self._whole()
        self._parsed = None
        if content:
            self._parsed = parse(content)
            if self._parsed != {} and not takes_body:
                raise refused(("body",), "Takes no fields.")
        if "idempotency-key" in self.headers:
            self.state.request_hash = self._hash()

    def check_address(self) -> None:
        """Check path and query. Raises RequestValidationError."""
        for name, value in self.path_params.items():
            printable(("path", name), str(value))
        for name, value in self.query_params.multi_items():
            printable(("query",), name)
            printable(("query", name), value)

    async def _whole(self) -> bytes:
        """Return the body; what is not JSON is refused with its first bytes, as it may be long."""
        if _is_json(self.headers.get("content-type", "")):
            return await self.body()
        async for chunk in self.stream():
            if chunk:
                raise HTTPException(415, headers={"Connection": "close"})
        self._body = b""
        return self._body

    async def json(self) -> Any:
        """Return what ``read`` parsed."""
        return self._parsed

    def _hash(self) -> bytes:
        body = json.dumps(self._parsed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(f"{self.method}\n{self.scope['path']}\n{body}".encode()).digest()


def _bearer_token(request: Request) -> str:
    values = request.headers.getlist("authorization")
    scheme, _, token = values[0].partition(" ") if len(values) == 1 else ("", "", "")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated
    return token.strip()


def _is_json(content_type: str) -> bool:
    message = Message()
    message["content-type"] = content_type
    return message.get_content_type() == "application/json"


async def principal_of(request: Request) -> Principal:
    """Return who calls. Raises Unauthenticated on a public route."""
    principal: Principal | None = getattr(request.state, "principal", None)
    if principal is None:
        raise Unauthenticated
    return principal


CurrentPrincipal = Annotated[Principal, Depends(principal_of)]


async def caller_of(request: Request) -> Caller:
    """Return whose token it is, with the subject. Raises Unauthenticated on a route without a token."""
    caller: Caller | None = getattr(request.state, "caller", None)
    if caller is None:
        raise Unauthenticated
    return caller


# For routes that bind an account to a person; everywhere else the principal is enough.
CurrentCaller = Annotated[Caller, Depends(caller_of)]


async def occasion_of(
    request: Request, principal: CurrentPrincipal, idempotency_key: IdempotencyKey = None
) -> Occasion:
    """Return the occasion of the request.

    The command id follows from actor and Idempotency-Key, so a repetition finds the first result whichever process it
    reaches; without a key it is new.
    """
    return occasion_for(request, principal.actor, str(principal.actor), idempotency_key)


def occasion_for(request: Request, actor: UUID, who: str, idempotency_key: str | None) -> Occasion:
    """Return the occasion of a request. who: what tells the keys of one caller from those of all others."""
    gate: Gate = request.app.state.gate
    trace_id = current_trace_id()
    traceparent, tracestate = current_traceparent()
    return Occasion(
        actor=actor,
        command_id=uuid5(KEYED, f"{who}:{idempotency_key}") if idempotency_key else uuid7(),
        correlation_id=UUID(trace_id) if trace_id else uuid7(),
        causation_id=None,
        now=gate.clock(),
        traceparent=traceparent,
        tracestate=tracestate,
    )


async def request_hash(request: Request) -> bytes:
    """Return the SHA-256 of method, path and canonical body, empty where the request has no Idempotency-Key."""
    hashed: bytes = getattr(request.state, "request_hash", UNKEYED)
    return hashed


CurrentOccasion = Annotated[Occasion, Depends(occasion_of)]
RequestHash = Annotated[bytes, Depends(request_hash)]


def utc_now() -> datetime:
    """Return the time of the clock on the wall, in UTC."""
    return datetime.now(UTC)
