from __future__ import annotations

import asyncio
import base64
import hmac
import json
import ssl
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import httpx2
import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from interpares.common.auth import KEYS, Unauthenticated, actor_id, issuer_client, trusted, verifier
from interpares.common.errors import Busy
from interpares.common.testing.edge import AUDIENCE, ISSUER, KEY_ID, TokenIssuer, edge_settings, public_jwk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def issuer() -> TokenIssuer:
    return TokenIssuer()


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_an_access_token_tells_who_calls(issuer: TokenIssuer) -> None:
    caller = await issuer.verifier().verify(issuer.token("anna"))
    assert caller.subject == "anna"
    assert caller.actor == actor_id(ISSUER, "anna")


async def test_further_ways_to_be_an_access_token(issuer: TokenIssuer) -> None:
    verifier = issuer.verifier()
    for token in (
        issuer.token(headers={"typ": "application/at+JWT"}),
        issuer.token(headers={"typ": "JWT"}, token_use="access"),
        issuer.token(aud=["other", AUDIENCE]),
        issuer.token(headers={"x5t": "abc"}),
    ):
        assert (await verifier.verify(token)).subject == "anna"


def test_the_actor_follows_from_issuer_and_subject_and_shows_neither() -> None:
    assert actor_id(ISSUER, "anna") == actor_id(ISSUER, "anna") == UUID("6ed2083c-5713-5eb5-952a-9f6fcea40aad")
    assert actor_id(ISSUER, "anna") != actor_id("https://other.test", "anna")
    assert actor_id(ISSUER, "anna") != actor_id(ISSUER, "berta")


def part(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def unsigned(issuer: TokenIssuer, algorithm: str) -> str:
    header = {"alg": algorithm, "typ": "at+jwt", "kid": KEY_ID}
    return f"{part(json.dumps(header).encode())}.{part(json.dumps(issuer.claims()).encode())}."


def swapped(issuer: TokenIssuer) -> str:
    """Sign with HMAC, the published key as the secret."""
    public = issuer.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    signed = unsigned(issuer, "HS256").removesuffix(".")
    return f"{signed}.{part(hmac.digest(public, signed.encode(), 'sha256'))}"


def embedded(issuer: TokenIssuer) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    headers = {"typ": "at+jwt", "kid": KEY_ID, "jwk": public_jwk(key)}
    return jwt.encode(issuer.claims(), key, "ES256", headers)


def with_rsa(issuer: TokenIssuer) -> str:
    key = rsa.generate_private_key(65537, 2048)
    return jwt.encode(issuer.claims(), key, "RS256", {"typ": "at+jwt", "kid": KEY_ID})


def by_a_stranger(issuer: TokenIssuer) -> str:
    return jwt.encode(
        issuer.claims(), ec.generate_private_key(ec.SECP256R1()), "ES256", {"typ": "at+jwt", "kid": KEY_ID}
    )


def altered(issuer: TokenIssuer) -> str:
    head, _, signature = issuer.token().split(".")
    return f"{head}.{part(json.dumps(issuer.claims('berta')).encode())}.{signature}"


ATTACKS: dict[str, Callable[[TokenIssuer], str]] = {
    "alg none": lambda i: unsigned(i, "none"),
    "alg None": lambda i: unsigned(i, "None"),
    "no signature": lambda i: unsigned(i, "ES256"),
    "HMAC with the public key": swapped,
    "embedded jwk": embedded,
    "jku": lambda i: i.token(headers={"jku": "https://evil.test/keys"}),
    "x5u": lambda i: i.token(headers={"x5u": "https://evil.test/cert"}),
    "x5c": lambda i: i.token(headers={"x5c": ["AAAA"]}),
    "crit": lambda i: i.token(headers={"crit": ["exp"]}),
    "detached payload": lambda i: i.token(headers={"b64": True, "crit": ["b64"]}),
    "another asymmetric algorithm": with_rsa,
    "another key": by_a_stranger,
    "altered claims": altered,
    "wrong issuer": lambda i: i.token(iss="https://evil.test"),
    "issuer with a slash more": lambda i: i.token(iss=ISSUER + "/"),
    "wrong audience": lambda i: i.token(aud="other"),
    "audience beginning like ours": lambda i: i.token(aud=AUDIENCE + "2"),
    "id token": lambda i: i.token(headers={"typ": "JWT"}, token_use="id", nonce="n"),
    "type JWT without more": lambda i: i.token(headers={"typ": "JWT"}),
    "no type": lambda i: i.token(headers={"typ": None}),
    "logout token": lambda i: i.token(headers={"typ": "logout+jwt"}),
    "expired": lambda i: i.token(iat=int(time.time()) - 600, exp=int(time.time()) - 300),
    "issued in the future": lambda i: i.token(iat=int(time.time()) + 600, exp=int(time.time()) + 900),
    "not valid yet": lambda i: i.token(nbf=int(time.time()) + 600),
    "no exp": lambda i: i.token(exp=None),
    "no iat": lambda i: i.token(iat=None),
    "no aud": lambda i: i.token(aud=None),
    "no iss": lambda i: i.token(iss=None),
    "no sub": lambda i: i.sign({k: v for k, v in i.claims().items() if k != "sub"}, {"typ": "at+jwt", "kid": KEY_ID}),
    "empty sub": lambda i: i.token(""),
    "sub with a control character": lambda i: i.token("anna\n"),
    "long sub": lambda i: i.token("a" * 256),
    "exp is text": lambda i: i.token(exp="never"),
    "no key id": lambda i: i.token(headers={"kid": None}),
    "unknown key id": lambda i: i.token(headers={"kid": "other"}),
    "key id as a path": lambda i: i.token(headers={"kid": "../../etc/passwd"}),
    "no token at all": lambda _: "",
    "rubbish": lambda _: "rubbish",
    "three dots": lambda _: "...",
    "not ASCII": lambda _: "ä.ö.ü",
    "very long": lambda i: i.token(padding="x" * 9000),
    "deep header": lambda _: part(b'{"alg":' + b"[" * 3000) + ".e30.e30",
}


@pytest.mark.parametrize("attack", ATTACKS)
async def test_an_attack_is_refused(attack: str, issuer: TokenIssuer) -> None:
    verifier = issuer.verifier()
    with pytest.raises(Unauthenticated):
        await verifier.verify(ATTACKS[attack](issuer))
    assert (await verifier.verify(issuer.token())).subject == "anna"


async def test_published_keys_that_are_not_for_this_are_passed_over(issuer: TokenIssuer) -> None:
    other = ec.generate_private_key(ec.SECP384R1())
    issuer.publish(
        public_jwk(issuer.key),
        public_jwk(other, "other curve"),
        {**public_jwk(issuer.key, "for encryption"), "use": "enc"},
        {**public_jwk(issuer.key, "other algorithm"), "alg": "ES384"},
        {"kty": "oct", "k": "AAAA", "kid": "secret"},
        {"kty": "EC", "crv": "P-256", "kid": "broken"},
        {**public_jwk(issuer.key), "kid": 7},
    )
    keys = issuer.keys()
    assert await keys.key(KEY_ID) is not None
    for kid in ("other curve", "for encryption", "other algorithm", "secret", "broken", "7"):
        assert await keys.key(kid) is None


async def test_a_new_key_is_found_and_unknown_ones_do_not_make_us_ask_without_end(issuer: TokenIssuer) -> None:
    clock = Clock()
    keys = issuer.keys(clock=clock)
    assert await keys.key(KEY_ID) is not None
    issuer.publish(public_jwk(ec.generate_private_key(ec.SECP256R1()), "second"))
    for _ in range(5):
        assert await keys.key("second") is None
    assert issuer.fetches == 1
    clock.now += 11
    assert await keys.key("second") is not None
    assert issuer.fetches == 2


async def test_a_withdrawn_key_counts_no_longer_than_the_age_of_the_set(issuer: TokenIssuer) -> None:
    clock = Clock()
    keys = issuer.keys(clock=clock)
    await keys.key(KEY_ID)
    issuer.publish(public_jwk(ec.generate_private_key(ec.SECP256R1()), "second"))
    clock.now += 601
    assert await keys.key(KEY_ID) is None


async def test_while_the_issuer_is_silent_known_keys_count_for_a_day(issuer: TokenIssuer) -> None:
    clock = Clock()
    keys = issuer.keys(clock=clock)
    await keys.key(KEY_ID)
    issuer.reachable = False
    clock.now += 86_000
    assert await keys.key(KEY_ID) is not None
    clock.now += 1_000
    with pytest.raises(Busy):
        await keys.key(KEY_ID)


async def test_an_issuer_never_heard_of_is_no_fault_of_the_caller(issuer: TokenIssuer) -> None:
    issuer.reachable = False
    verifier = issuer.verifier()
    with pytest.raises(Busy):
        await verifier.verify(issuer.token())
    issuer.reachable = True
    assert (await verifier.verify(issuer.token())).subject == "anna"


@pytest.mark.parametrize("document", [[], {}, {"keys": None}, {"keys": ["x"]}, "keys"])
async def test_a_document_that_is_no_key_set_is_as_good_as_none(document: object, issuer: TokenIssuer) -> None:
    issuer.document = document
    with pytest.raises(Busy):
        await issuer.keys().key(KEY_ID)


async def test_the_verifier_of_a_service_is_made_from_its_settings(issuer: TokenIssuer) -> None:
    async with issuer_client(edge_settings()) as client:
        assert not client.follow_redirects
        assert not client.trust_env
    made = verifier(edge_settings(), httpx2.AsyncClient(transport=httpx2.MockTransport(issuer.answer)))
    assert (await made.verify(issuer.token())).subject == "anna"


def test_only_asymmetric_algorithms_can_be_set() -> None:
    assert {kind for kind, _ in KEYS.values()} == {"EC", "RSA", "OKP"}


def a_certificate(path: Path) -> Path:
    """Write a certificate nobody else knows."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority.test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(certificate.public_bytes(Encoding.PEM))
    return path


def test_own_certificates_are_believed_beside_those_of_the_system(tmp_path: Path) -> None:
    assert trusted(None) is None
    context = trusted(a_certificate(tmp_path / "ca.crt"))
    assert context is not None
    assert context.verify_mode is ssl.CERT_REQUIRED
    serials = {each["serialNumber"] for each in context.get_ca_certs()}
    system = {each["serialNumber"] for each in ssl.create_default_context().get_ca_certs()}
    assert system <= serials
    assert len(serials - system) == 1


async def test_the_proxy_is_on_the_way_to_the_issuer_and_nowhere_else() -> None:
    seen: list[str] = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append((await reader.readline()).decode().split()[1])
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(proxy, "127.0.0.1", 0) as listening:
        address = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        issuer = "http://sign-in.test"
        settings = edge_settings(
            proxy_url=address, oidc_issuer=issuer, oidc_jwks_url=f"{issuer}/keys", token_url=f"{issuer}/token"
        )
        async with issuer_client(settings) as client:
            assert (await client.get(settings.oidc_jwks_url)).status_code == 200
            assert (await client.get(f"{address}/feed")).status_code == 200
    assert seen == ["http://sign-in.test/keys", "/feed"]
