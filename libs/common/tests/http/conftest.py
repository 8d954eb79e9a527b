"""A small service behind the edge: duties that are offered, a feed, and routes that fail."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI, Query
from pydantic import Field

from interpares.common.errors import Busy, Conflict, Invalid, KeyReused
from interpares.common.health import Health
from interpares.common.http import (
    After,
    AtLeastPosition,
    Body,
    CurrentOccasion,
    CurrentPrincipal,
    Limit,
    Page,
    ReasonCode,
    ReasonText,
    RequestHash,
    Router,
    ShortText,
    Translated,
    create_app,
    decode_cursor,
    encode_cursor,
)
from interpares.common.policy import ANYONE_SIGNED_IN, SERVICE, Capacity, Policy
from interpares.common.testing.edge import HeldMemberships, TokenIssuer, client_of, edge_settings

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WRITERS = frozenset({Capacity.OFFICE, Capacity.COORDINATOR})
POLICY: Policy = {
    ("POST", "/api/v1/duties/{duty}/offer"): WRITERS,
    ("POST", "/api/v1/duties"): WRITERS,
    ("GET", "/api/v1/duties"): WRITERS | {Capacity.AUDITOR},
    ("GET", "/api/v1/me"): ANYONE_SIGNED_IN,
    ("GET", "/api/v1/feed"): SERVICE,
    ("POST", "/api/v1/failures/{kind}"): frozenset({Capacity.OPERATOR}),
}
duties = Router(prefix="/duties", tags=["duties"])
others = Router()


class Offer(Body):
    reason_code: ReasonCode
    reason: ReasonText
    about: tuple[UUID, ...] = ()
    label: Translated | None = None
    weight: Annotated[int, Field(ge=1, le=9)] = 1


class DutyTaken(Conflict):
    """Another organisation has accepted the duty
    already.

    More that is not for the page.
    """

    code = "sample-duty-taken"
    way_out = "Choose an open duty."


@duties.post("/{duty}/offer", status_code=201)
async def offer_duty(
    duty: UUID, body: Offer, occasion: CurrentOccasion, hashed: RequestHash, principal: CurrentPrincipal
) -> dict[str, Any]:
    return {
        "duty": duty,
        "reason": body.reason,
        "command": occasion.command_id,
        "correlation": occasion.correlation_id,
        "actor": occasion.actor,
        "traceparent": occasion.traceparent,
        "now": occasion.now,
        "hash": hashed.hex(),
        "capacities": [membership.capacity for membership in principal.memberships],
    }


@duties.post("")
async def derive_duties(occasion: CurrentOccasion) -> dict[str, Any]:
    return {"command": occasion.command_id}


@duties.get("")
async def list_duties(
    after: After = None,
    limit: Limit = 2,
    position: AtLeastPosition = None,
    town: Annotated[ShortText | None, Query()] = None,
) -> Page[int]:
    (start,) = decode_cursor(after, int) if after else (0,)
    shown = range(start, min(start + limit, 5))
    return Page(items=tuple(shown), next=encode_cursor(shown.stop) if shown.stop < 5 else None)


@others.get("/me")
async def me(principal: CurrentPrincipal) -> dict[str, Any]:
    return {"actor": principal.actor, "memberships": len(principal.memberships)}


@others.get("/feed")
async def feed(principal: CurrentPrincipal) -> dict[str, Any]:
    return {"memberships": len(principal.memberships)}


@others.post("/failures/{kind}")
async def fail(kind: str) -> None:
    message = "The duty AT.1 is taken."
    failures = {
        "conflict": DutyTaken(message),
        "invalid": Invalid("There is no such role.", "Choose another.", field="role"),
        "key": KeyReused(),
        "busy": Busy(1.2),
        "bug": ZeroDivisionError("canary"),
    }
    raise failures[kind]


@pytest.fixture
def issuer() -> TokenIssuer:
    return TokenIssuer()


@pytest.fixture
def memberships() -> HeldMemberships:
    held = HeldMemberships()
    held.grant("anna", Capacity.COORDINATOR)
    held.grant("otto", Capacity.OPERATOR)
    held.grant("vera", Capacity.AUDITOR)
    held.confirmed = NOW
    return held


@pytest.fixture
def policy() -> Policy:
    return POLICY


@pytest.fixture
def health() -> Health:
    return Health()


@pytest.fixture
def app(issuer: TokenIssuer, memberships: HeldMemberships, health: Health) -> FastAPI:
    return create_app(
        title="Sample",
        version="1.2.3",
        routers=[duties, others],
        policy=POLICY,
        verifier=issuer.verifier(),
        memberships=memberships,
        health=health,
        settings=edge_settings(service_subjects={"registration"}),
        clock=lambda: NOW,
    )


@pytest.fixture
def client(app: FastAPI) -> httpx2.AsyncClient:
    """Nobody in particular: without a token."""
    return client_of(app)


@pytest.fixture
def anna(app: FastAPI, issuer: TokenIssuer) -> httpx2.AsyncClient:
    """A coordinator."""
    return client_of(app, headers=issuer.bearer("anna"))


@pytest.fixture
def otto(app: FastAPI, issuer: TokenIssuer) -> httpx2.AsyncClient:
    """An operator."""
    return client_of(app, headers=issuer.bearer("otto"))
