"""The development issuer: tokens as services expect them, for known clients only, on loopback only."""

import stat
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import jwt
import pytest

from interpares.console.issuer.__main__ import EVERYWHERE, Place, place
from interpares.console.issuer.app import LIFETIME_SECONDS, issuer_app
from interpares.console.issuer.clients import Clients, enrol
from interpares.console.issuer.keys import published, signing_key

URL = "http://127.0.0.1:20001"
DEVELOPMENT = {"INTERPARES_ENVIRONMENT": "development"}
GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
def secrets(tmp_path: Path) -> dict[str, str]:
    return enrol(tmp_path / "issuer" / "clients.json", {"office": "demo-office", "auditor": "demo-auditor"})


@pytest.fixture
async def issuer(tmp_path: Path, secrets: dict[str, str]) -> AsyncIterator[httpx2.AsyncClient]:
    folder = tmp_path / "issuer"
    app = issuer_app(URL, signing_key(folder / "key.pem"), Clients.read(folder / "clients.json"))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=URL) as client:
        yield client


async def test_a_token_is_what_services_expect(issuer: httpx2.AsyncClient, secrets: dict[str, str]) -> None:
    answer = await issuer.post("/token", data=GRANT, auth=httpx2.BasicAuth("office", secrets["office"]))
    body = answer.json()
    assert (body["token_type"], body["expires_in"]) == ("Bearer", LIFETIME_SECONDS)
    assert answer.headers["cache-control"] == "no-store"
    discovery = (await issuer.get("/.well-known/openid-configuration")).json()
    assert discovery["issuer"] == URL
    [key] = (await issuer.get(discovery["jwks_uri"])).json()["keys"]
    assert jwt.get_unverified_header(body["access_token"]) == {"alg": "ES256", "typ": "at+jwt", "kid": key["kid"]}
    claims = jwt.decode(body["access_token"], jwt.PyJWK(key), ["ES256"], audience="interpares", issuer=URL)
    assert set(claims) == {"iss", "aud", "sub", "iat", "exp", "jti", "token_use"}
    assert (claims["sub"], claims["token_use"]) == ("demo-office", "access")
    assert claims["exp"] - claims["iat"] == LIFETIME_SECONDS


@pytest.mark.parametrize(
    ("client", "secret"), [("office", "wrong"), ("nobody", "wrong"), ("nobody", ""), ("auditor", "")]
)
async def test_a_wrong_secret_gets_nothing(issuer: httpx2.AsyncClient, client: str, secret: str) -> None:
    answer = await issuer.post("/token", data=GRANT, auth=httpx2.BasicAuth(client, secret))
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})
    assert answer.headers["www-authenticate"] == "Basic"


async def test_one_clients_secret_is_not_another_ones(issuer: httpx2.AsyncClient, secrets: dict[str, str]) -> None:
    answer = await issuer.post("/token", data=GRANT, auth=httpx2.BasicAuth("auditor", secrets["office"]))
    assert answer.status_code == 401


@pytest.mark.parametrize("authorization", ["", "Basic", "Basic %%%", "Basic /w==", "Bearer abc"])
async def test_credentials_that_are_none_get_nothing(issuer: httpx2.AsyncClient, authorization: str) -> None:
    answer = await issuer.post("/token", data=GRANT, headers={"Authorization": authorization})
    assert answer.status_code == 401


@pytest.mark.parametrize("form", [{}, {"grant_type": "password"}, {"grant_type": ["client_credentials"] * 2}])
async def test_other_grants_are_refused(
    issuer: httpx2.AsyncClient, secrets: dict[str, str], form: dict[str, str]
) -> None:
    answer = await issuer.post("/token", data=form, auth=httpx2.BasicAuth("office", secrets["office"]))
    assert (answer.status_code, answer.json()) == (400, {"error": "unsupported_grant_type"})


async def test_a_huge_request_is_refused_unread(issuer: httpx2.AsyncClient, secrets: dict[str, str]) -> None:
    answer = await issuer.post("/token", content=b"a" * 5000, auth=httpx2.BasicAuth("office", secrets["office"]))
    assert answer.json() == {"error": "invalid_request"}


def test_secrets_are_not_kept_and_files_are_private(tmp_path: Path, secrets: dict[str, str]) -> None:
    clients = tmp_path / "issuer" / "clients.json"
    signing_key(tmp_path / "issuer" / "key.pem")
    assert not any(secret in clients.read_text(encoding="utf-8") for secret in secrets.values())
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "issuer").iterdir()} == {0o600}


def test_the_key_outlives_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "issuer" / "key.pem"
    assert published(signing_key(path)) == published(signing_key(path))
    assert "d" not in published(signing_key(path))


def arguments(tmp_path: Path, *more: str, url: str = URL) -> list[str]:
    return ["--url", url, "--folder", str(tmp_path), *more]


def test_it_listens_where_its_address_says(tmp_path: Path) -> None:
    assert place(arguments(tmp_path), DEVELOPMENT) == Place(
        URL, "127.0.0.1", 20001, tmp_path, tmp_path / "clients.json"
    )


def test_in_a_container_it_listens_where_the_port_can_be_published(tmp_path: Path) -> None:
    where = place([*arguments(tmp_path), "--contained", "--clients", "/run/secrets/clients"], DEVELOPMENT)
    assert where == Place(URL, EVERYWHERE, 20001, tmp_path, Path("/run/secrets/clients"))
    with pytest.raises(ValueError, match="INTERPARES_ENVIRONMENT=development"):
        place([*arguments(tmp_path), "--contained"], {})


@pytest.mark.parametrize("environment", [{}, {"INTERPARES_ENVIRONMENT": "production"}])
def test_it_refuses_production(tmp_path: Path, environment: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="INTERPARES_ENVIRONMENT=development"):
        place(arguments(tmp_path), environment)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.org"])  # noqa: S104 -- must be refused
def test_it_refuses_to_be_reached_from_outside(tmp_path: Path, host: str) -> None:
    with pytest.raises(ValueError, match="loopback only"):
        place(arguments(tmp_path, "--host", host), DEVELOPMENT)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1:20001",
        "http://example.org:20001",
        "http://127.0.0.1.example.org:20001",
        "http://127.0.0.1",
        "http://127.0.0.1:20001/realm",
        "http://0.0.0.0:20001",
        "127.0.0.1:20001",
    ],
)
def test_it_refuses_an_address_that_is_not_loopback_http(tmp_path: Path, url: str) -> None:
    with pytest.raises(ValueError, match="no address of the kind"):
        place(arguments(tmp_path, url=url), DEVELOPMENT)
