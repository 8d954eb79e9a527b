"""Who calls: access tokens of one OIDC issuer, verified against its published keys.

Every refusal looks the same from outside, so that a caller learns nothing about which check failed.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5

import httpx2
import jwt
import structlog
from jwt import PyJWK, PyJWTError

from interpares.common.errors import Busy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from interpares.common.settings import Algorithm, ServiceSettings

# A header may hold these and nothing else: no keys (jwk, jku, x5c, x5u), nothing critical, no detached payload.
HEADERS = frozenset({"alg", "kid", "typ", "x5t", "x5t#S256"})
REQUIRED = ["exp", "iat", "aud", "iss", "sub"]
# Key type and curve each algorithm takes.
KEYS: Mapping[str, tuple[str, str | None]] = {
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
    "RS256": ("RSA", None),
    "PS256": ("RSA", None),
    "EdDSA": ("OKP", "Ed25519"),
}
TOKEN_LENGTH = 8192
SUBJECT_LENGTH = 255
LEEWAY_SECONDS = 5
log = structlog.get_logger(__name__)


def actor_id(issuer: str, subject: str) -> UUID:
    """Return the opaque id a person acts under; it follows from issuer and subject and is the same in every service."""
    return uuid5(uuid5(NAMESPACE_URL, issuer), subject)


class Unauthenticated(Exception):
    """The request carries no valid access token; why, nobody outside is told."""


@dataclass(frozen=True)
class Caller:
    """Whose token it is. subject: ``sub`` as the issuer wrote it; it must enter neither events nor logs nor traces."""

    subject: str = field(repr=False)
    actor: UUID


class KeySet:
    """The issuer's signing keys, fetched when needed.

    Keys are fetched again when they are older than ``max_age`` and when a token names an unknown one, in that case at
    most every ``pause`` seconds. When the issuer does not answer, keys known so far go on counting for ``outlast``.
    """

    def __init__(
        self,
        url: str,
        algorithm: Algorithm,
        client: httpx2.AsyncClient,
        *,
        max_age: float = 600,
        outlast: float = 86_400,
        pause: float = 10,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = url
        self._algorithm = algorithm
        self._client = client
        self._max_age = max_age
        self._outlast = outlast
        self._pause = pause
        self._clock = clock
        self._lock = asyncio.Lock()
        self._keys: dict[str, PyJWK] = {}
        self._fetched: float | None = None
        self._tried: float | None = None
        self._heard: float | None = None

    async def key(self, kid: str) -> PyJWK | None:
        """Return a key by its id, None if the issuer has none such. Raises Busy while no key at all is known."""
        if self._wanting(kid):
            asked = self._clock()
            async with self._lock:
                # Whoever waited while another asked takes that answer: a silent issuer costs each request one time-out.
                answered = self._heard is not None and self._heard >= asked
                if self._wanting(kid) and not answered:
                    await self._fetch()
        if self._age() > self._outlast:
            raise Busy(self._pause, "The sign-in service cannot be reached just now.")
        return self._keys.get(kid)

    def _wanting(self, kid: str) -> bool:
        return self._age() > self._max_age or kid not in self._keys

    def _age(self) -> float:
        return float("inf") if self._fetched is None else self._clock() - self._fetched

    async def _fetch(self) -> None:
        # Without any key the next request may try at once: otherwise a slow start would refuse everybody for a while.
        if self._tried is not None and self._keys and self._clock() - self._tried < self._pause:
            return
        self._tried = self._clock()
        try:
            response = await self._client.get(self._url)
            response.raise_for_status()
            self._keys = _signing_keys(response.json(), self._algorithm)
        except (httpx2.HTTPError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            log.warning("signing-keys-not-fetched", error=type(error).__name__)
        else:
            self._fetched = self._clock()
        finally:
            self._heard = self._clock()


def _signing_keys(document: Any, algorithm: Algorithm) -> dict[str, PyJWK]:
    keys: dict[str, PyJWK] = {}
    for each in document["keys"]:
        kid = each.get("kid")
        meant = each.get("use", "sig") == "sig" and each.get("alg", algorithm) == algorithm
        if isinstance(kid, str) and meant and (each.get("kty"), each.get("crv")) == KEYS[algorithm]:
            try:
                keys[kid] = PyJWK({name: value for name, value in each.items() if name != "d"}, algorithm)
            except PyJWTError as error:
                log.warning("signing-key-unfit", error=type(error).__name__)
    return keys


class Verifier:
    """Turns a bearer token into a caller."""

    def __init__(self, issuer: str, audience: str, algorithm: Algorithm, keys: KeySet) -> None:
        self._issuer = issuer
        self._audience = audience
        self._algorithm = algorithm
        self._keys = keys

    async def verify(self, token: str) -> Caller:
        """Return whose access token this is.

        Raises Unauthenticated whatever is wrong with it, Busy while the issuer's keys cannot be had.
        """
        try:
            header = self._checked_header(token)
            key = await self._keys.key(header["kid"])
            if key is None:
                raise Unauthenticated
            claims = jwt.decode(
                token,
                key,
                algorithms=[self._algorithm],
                audience=self._audience,
                issuer=self._issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": REQUIRED, "enforce_minimum_key_length": True},
            )
            return self._caller(header, claims)
        except (PyJWTError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise Unauthenticated from error

    def _checked_header(self, token: str) -> dict[str, Any]:
        if len(token) > TOKEN_LENGTH or not token.isascii():
            raise Unauthenticated
        header = jwt.get_unverified_header(token)
        fit = header.keys() <= HEADERS and header.get("alg") == self._algorithm and isinstance(header.get("kid"), str)
        if not fit:
            raise Unauthenticated
        return header

    def _caller(self, header: dict[str, Any], claims: dict[str, Any]) -> Caller:
        kind = str(header.get("typ", "")).lower().removeprefix("application/")
        # RFC 9068 names access tokens by their type; issuers without it must say so in the claim.
        access = kind == "at+jwt" or (kind == "jwt" and claims.get("token_use") == "access")
        subject = claims["sub"]
        if not access or not subject or len(subject) > SUBJECT_LENGTH or not subject.isprintable():
            raise Unauthenticated
        return Caller(subject, actor_id(self._issuer, subject))


def verifier(settings: ServiceSettings, client: httpx2.AsyncClient) -> Verifier:
    """Return the verifier for the issuer the settings name; the client stays the caller's to close."""
    keys = KeySet(settings.oidc_jwks_url, settings.oidc_algorithm, client)
    return Verifier(settings.oidc_issuer, settings.oidc_audience, settings.oidc_algorithm, keys)


def issuer_client(settings: ServiceSettings) -> httpx2.AsyncClient:
    """Return a client for the issuer and other services: short timeouts, no redirects, nothing from the environment.

    A proxy of the settings is used on the way to the issuer and nowhere else.
    """
    trust: ssl.SSLContext | bool = trusted(settings.ca_file) or True
    mounts: dict[str, httpx2.AsyncBaseTransport] = {}
    if settings.proxy_url is not None:
        proxy = settings.proxy_url.get_secret_value()
        hosts = {urlsplit(url).hostname for url in (settings.oidc_jwks_url, settings.token_url)}
        mounts = {
            f"all://{host}": httpx2.AsyncHTTPTransport(verify=trust, proxy=proxy, trust_env=False) for host in hosts
        }
    return httpx2.AsyncClient(timeout=5.0, follow_redirects=False, trust_env=False, verify=trust, mounts=mounts)


def trusted(ca_file: Path | None) -> ssl.SSLContext | None:
    """Return what believes the certificates in a file beside the system's; None where there is no file."""
    if ca_file is None:
        return None
    context = ssl.create_default_context()
    context.load_verify_locations(ca_file)
    return context
