"""Fakes for the HTTP edge: an issuer of access tokens in memory, memberships in a list, settings without servers."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import httpx2
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from interpares.common.auth import KeySet, Verifier, actor_id
from interpares.common.policy import Capacity, Membership
from interpares.common.settings import ServiceSettings

if TYPE_CHECKING:
    from fastapi import FastAPI

ISSUER = "https://issuer.test"
AUDIENCE = "interpares"
KEY_ID = "first"


def edge_settings(kind: type[ServiceSettings] = ServiceSettings, **changes: Any) -> ServiceSettings:
    """Return settings for an application that meets no server. kind: of a service that has some of its own."""
    values: dict[str, Any] = {
        "environment": "development",
        "database_url": "postgresql://nobody@nowhere.test/none",
        "nats_url": "nats://nowhere.test",
        "oidc_issuer": ISSUER,
        "oidc_audience": AUDIENCE,
        "oidc_jwks_url": f"{ISSUER}/keys",
        "token_url": f"{ISSUER}/token",
        "client_id": "test",
        "client_secret": "opens nothing",
    }
    return kind(**(values | changes))


class TokenIssuer:
    """Issues access tokens, right ones and wrong ones.

    document: what it publishes. reachable: whether that can be fetched. fetches: how often it was.
    """

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.reachable = True
        self.fetches = 0
        self.document: object = {}
        self.publish(public_jwk(self.key))

    def publish(self, *keys: dict[str, Any]) -> None:
        """Publish these keys and no others."""
        self.document = {"keys": list(keys)}

    def claims(self, subject: str = "anna", **changes: Any) -> dict[str, Any]:
        """Return the claims of an access token; a change to None leaves a claim out."""
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": subject, "iat": now, "exp": now + 300} | changes
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, subject: str = "anna", headers: dict[str, Any] | None = None, **changes: Any) -> str:
        """Return an access token as in RFC 9068, with the changes asked for."""
        return self.sign(self.claims(subject, **changes), {"typ": "at+jwt", "kid": KEY_ID} | (headers or {}))

    def sign(self, claims: dict[str, Any], headers: dict[str, Any]) -> str:
        """Sign any claims under any headers with the issuer's key; a header that is None is left out."""
        kept = {name: value for name, value in headers.items() if value is not None or name == "typ"}
        return jwt.encode(claims, self.key, "ES256", kept)

    def bearer(self, subject: str = "anna") -> dict[str, str]:
        """Return the header that signs a request."""
        return {"Authorization": f"Bearer {self.token(subject)}"}

    def keys(self, **options: Any) -> KeySet:
        """Return the issuer's keys as a service sees them."""
        return KeySet(
            f"{ISSUER}/keys", "ES256", httpx2.AsyncClient(transport=httpx2.MockTransport(self.answer)), **options
        )

    def verifier(self) -> Verifier:
        """Return a verifier that believes this issuer."""
        return Verifier(ISSUER, AUDIENCE, "ES256", self.keys())

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        """Answer a request for the keys, as a transport."""
        self.fetches += 1
        if not self.reachable:
            message = "no route to the issuer"
            raise httpx2.ConnectError(message, request=request)
        return httpx2.Response(200, json=self.document)


def public_jwk(key: ec.EllipticCurvePrivateKey, kid: str = KEY_ID) -> dict[str, Any]:
    """Return the public half of a key as it is published."""
    return {**json.loads(ECAlgorithm.to_jwk(key.public_key())), "kid": kid, "use": "sig"}


class HeldMemberships:
    """Memberships in a list; confirmed: up to when they are complete, the present unless set."""

    def __init__(self) -> None:
        self.held: list[Membership] = []
        self.confirmed: datetime | None = None
        self.known = True

    def grant(self, subject: str, capacity: Capacity, organisation_id: UUID | None = None) -> Membership:
        """Let somebody hold a capacity."""
        membership = Membership(uuid4(), actor_id(ISSUER, subject), organisation_id or uuid4(), capacity)
        self.held.append(membership)
        return membership

    async def of(self, actor: UUID) -> tuple[Membership, ...]:
        """See ``Memberships``."""
        return tuple(membership for membership in self.held if membership.actor == actor)

    async def confirmed_at(self) -> datetime | None:
        """See ``Memberships``."""
        return (self.confirmed or datetime.now(UTC)) if self.known else None


def client_of(app: FastAPI, **options: Any) -> httpx2.AsyncClient:
    """Return a client that talks to the application without a network."""
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://service.test", **options)
