"""The issuer over HTTP: discovery, keys, and tokens by client credentials (RFC 6749, section 4.4)."""

from __future__ import annotations

import base64
import binascii
import time
from typing import Any
from urllib.parse import parse_qs, unquote_plus
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from interpares.console.issuer.clients import Clients
from interpares.console.issuer.keys import ALGORITHM, published

AUDIENCE = "interpares"
LIFETIME_SECONDS = 300
LARGEST_BODY = 4096
# Neither tokens nor refusals may be kept by anything in between.
NO_STORE = {"Cache-Control": "no-store"}


def issuer_app(url: str, key: EllipticCurvePrivateKey, clients: Clients) -> FastAPI:
    """Return the application. url: the issuer's own address, as it stands in ``iss``."""
    app = FastAPI(title="Interpares development issuer", openapi_url=None)
    public = published(key)

    @app.get("/.well-known/openid-configuration")
    async def discovery() -> dict[str, Any]:
        return {
            "issuer": url,
            "jwks_uri": f"{url}/jwks.json",
            "token_endpoint": f"{url}/token",
            "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "response_types_supported": ["none"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
        }

    @app.get("/jwks.json")
    async def jwks() -> dict[str, Any]:
        return {"keys": [public]}

    @app.post("/token")
    async def token(request: Request) -> JSONResponse:
        if int(request.headers.get("content-length") or LARGEST_BODY + 1) > LARGEST_BODY:
            return _refused(400, "invalid_request")
        form = parse_qs((await request.body()).decode(errors="replace"))
        if form.get("grant_type") != ["client_credentials"]:
            return _refused(400, "unsupported_grant_type")
        subject = clients.subject(*_basic(request.headers.get("authorization", "")))
        if subject is None:
            return _refused(401, "invalid_client")
        body = {
            "access_token": access_token(url, subject, key, public["kid"], int(time.time())),
            "token_type": "Bearer",
            "expires_in": LIFETIME_SECONDS,
        }
        return JSONResponse(body, headers=NO_STORE)

    return app


def access_token(url: str, subject: str, key: EllipticCurvePrivateKey, kid: str, now: int) -> str:
    """Return a signed access token (RFC 9068) that says who asks and nothing else. now: POSIX time in seconds."""
    claims = {
        "iss": url,
        "aud": AUDIENCE,
        "sub": subject,
        "iat": now,
        "exp": now + LIFETIME_SECONDS,
        "jti": str(uuid4()),
        "token_use": "access",
    }
    return jwt.encode(claims, key, algorithm=ALGORITHM, headers={"typ": "at+jwt", "kid": kid})


def _basic(authorization: str) -> tuple[str, str]:
    """Return client id and secret of HTTP Basic, empty where there are none."""
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        client_id, _, secret = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote_plus(client_id), unquote_plus(secret)


def _refused(status: int, error: str) -> JSONResponse:
    headers = {**NO_STORE, "WWW-Authenticate": "Basic"} if status == 401 else NO_STORE  # noqa: PLR2004 -- HTTP's own
    return JSONResponse({"error": error}, status, headers)
