"""Settings: frozen, typed, read from the environment once; what is missing or wrong stops the process at once.

Every variable starts with ``INTERPARES_``. Secrets have no default and show themselves nowhere.
``INTERPARES_SECRETS_DIR`` names a folder in which a file stands for a setting, named like its variable in small
letters; a variable counts more.
"""

from __future__ import annotations

import os
import re
import ssl
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, ClassVar, Literal, NoReturn, Self, TypeVar, cast
from urllib.parse import urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import AfterValidator, Field, FilePath, IPvAnyNetwork, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

Algorithm = Literal["ES256", "ES384", "RS256", "PS256", "EdDSA"]
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
MISCONFIGURED = 2
HIGHEST_PORT = 65535
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
SECRETS_DIR = "INTERPARES_SECRETS_DIR"
S = TypeVar("S", bound="ServiceSettings")


def _http_url(value: str) -> str:
    if not urlsplit(value).hostname or urlsplit(value).scheme not in {"http", "https"}:
        message = "must be an http or https address"
        raise ValueError(message)
    return value


def _postgres_url(value: SecretStr) -> SecretStr:
    try:
        parts = urlsplit(value.get_secret_value())
        sound = parts.scheme in {"postgresql", "postgres"} and bool(parts.username) and len(parts.path) > 1
    except ValueError:
        sound = False
    if not sound:
        message = "must be an address like postgresql://role:password@host/database"
        raise ValueError(message)
    if fault := _dsn_fault(value.get_secret_value()):
        raise ValueError(fault)
    return value


def _dsn_fault(dsn: str) -> str | None:
    """Return what PostgreSQL's client would refuse each time it connects; its own words may quote the password."""
    try:
        known = conninfo_to_dict(dsn)
    except ProgrammingError:
        return "has a part that PostgreSQL does not know"
    ports = [port for port in str(known.get("port") or "").split(",") if port]
    if not all(port.isdecimal() and 1 <= int(port) <= HIGHEST_PORT for port in ports):
        return "must have ports from 1 to 65535"
    if known.get("sslmode", "prefer") not in SSL_MODES:
        return f"sslmode must be one of {', '.join(SSL_MODES)}"
    return None


def _addresses(*schemes: str) -> Callable[[SecretStr], SecretStr]:
    """Return a check for an address that holds a secret: it may say what is wrong, and never what stands there."""

    def check(value: SecretStr) -> SecretStr:
        for each in value.get_secret_value().split(","):
            try:
                parts = urlsplit(each.strip())
                sound = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
            except ValueError:
                sound = False
            if not sound:
                message = f"must be an address that begins with {' or '.join(f'{scheme}://' for scheme in schemes)}"
                raise ValueError(message)
        return value

    return check


def _certificates(value: Path) -> Path:
    try:
        ssl.create_default_context().load_verify_locations(value)
    except OSError as error:
        message = "holds no certificate in PEM"
        raise ValueError(message) from error
    return value


Url = Annotated[str, AfterValidator(_http_url)]
PostgresUrl = Annotated[SecretStr, AfterValidator(_postgres_url)]
NatsUrl = Annotated[SecretStr, AfterValidator(_addresses("nats", "tls", "ws", "wss"))]
Certificates = Annotated[FilePath, AfterValidator(_certificates)]
ProxyUrl = Annotated[SecretStr, AfterValidator(_addresses("http", "https"))]


class ServiceSettings(BaseSettings):
    """What every service needs to know; a service adds its own by subclassing.

    database_url: PostgreSQL DSN of the service role. database_direct_url: the same without a pooler in between, for
    what needs a session of its own (LISTEN, locks, the writer); database_url where it is not given.
    database_owner_url: DSN of the owner role, for ``migrate`` only. database_admin_url: DSN of a role that may make
    databases and roles; where it is given, ``migrate`` makes those of this service first.
    nats_url: address of NATS, with credentials where there are any; several, for a cluster, with commas between.
    stream_replicas, stream_max_bytes: of the event stream, when it is made; an existing one stays as it is.
    ca_file: certificates (PEM) that are believed beside the system's, for the issuer, other services, and NATS. For
    PostgreSQL the DSN names it: ``sslmode=verify-full&sslrootcert=…``.
    proxy_url: HTTP proxy on the way to the issuer and nowhere else.
    oidc_issuer, oidc_audience, oidc_jwks_url, oidc_algorithm: whose access tokens are believed, and how signed.
    token_url, client_id, client_secret: where and as whom this service gets a token to read other services' feeds.
    service_subjects: subjects (``sub``) of the services that may read this one's feed.
    feed_urls: feed of each other service this one reads, by service name.
    http_host, http_port: where the API, or a worker's health and metrics, listen.
    trusted_proxies: networks of the proxies in front, whose X-Forwarded-For says who calls; of anybody else it counts
    for nothing. Without it all who come through a proxy count as one where tries are counted.
    link_tries_per_minute: how many personal links that lead nowhere one address may open before it has to wait.
    drain_seconds: how long a process that is told to end goes on serving while it says that it is not ready; for
    proxies that go by readiness. Kubernetes does the same by a pause before it tells.
    otlp_endpoint: base address of an OTLP/HTTP receiver, for example ``http://127.0.0.1:4318``; without it no export.
    revocation_lag_seconds: how long at most an ended membership may go on counting while all parts are up.
    membership_max_age_seconds: how old the last confirmed state of memberships may be before requests are refused.
    """

    model_config = SettingsConfigDict(
        env_prefix="INTERPARES_", extra="forbid", frozen=True, hide_input_in_errors=True, env_ignore_empty=True
    )
    # Addresses that may be plain HTTP in development only.
    ENCRYPTED: ClassVar[tuple[str, ...]] = ("oidc_issuer", "oidc_jwks_url", "token_url")

    environment: Literal["production", "development"] = "production"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65535)] = 8000
    database_url: PostgresUrl
    database_direct_url: PostgresUrl | None = None
    database_owner_url: PostgresUrl | None = None
    database_admin_url: PostgresUrl | None = None
    nats_url: NatsUrl
    stream_replicas: Annotated[int, Field(ge=1, le=5)] = 1
    stream_max_bytes: Annotated[int, Field(ge=1 << 20)] = 1 << 30
    ca_file: Certificates | None = None
    proxy_url: ProxyUrl | None = None
    oidc_issuer: Url
    oidc_audience: Annotated[str, Field(min_length=1)]
    oidc_jwks_url: Url
    oidc_algorithm: Algorithm = "ES256"
    token_url: Url
    client_id: Annotated[str, Field(min_length=1)]
    client_secret: SecretStr
    service_subjects: frozenset[str] = frozenset()
    feed_urls: dict[str, Url] = {}
    trusted_proxies: tuple[IPvAnyNetwork, ...] = ()
    link_tries_per_minute: Annotated[int, Field(ge=1)] = 60
    drain_seconds: Annotated[float, Field(ge=0, le=60)] = 0.0
    otlp_endpoint: Url | None = None
    revocation_lag_seconds: Annotated[float, Field(gt=0)] = 5.0
    membership_max_age_seconds: Annotated[float, Field(gt=0)] = 900.0

    @model_validator(mode="after")
    def _encrypted_in_production(self) -> Self:
        for name in self.ENCRYPTED if self.environment == "production" else ():
            address = urlsplit(getattr(self, name) or "")
            if address.scheme != "https":
                message = f"{variable(type(self), name)} must be an https address in production"
                raise ValueError(message)
        return self


def variable(settings_class: type[BaseSettings], field: str) -> str:
    """Return the name of the environment variable that sets a field."""
    return f"{settings_class.model_config.get('env_prefix', '')}{field}".upper()


def load(settings_class: type[S]) -> S:
    """Read the settings from the environment and the folder of secrets.

    On a missing or wrong setting one line on stderr names the variables, never their values, and the process ends
    with exit code 2.
    """
    folder = os.environ.get(SECRETS_DIR) or None
    if folder is not None and not Path(folder).is_dir():
        refuse(f"{SECRETS_DIR} names no folder")
    try:
        return cast("Callable[..., S]", settings_class)(_secrets_dir=folder)
    except ValidationError as error:
        faults = [_fault(settings_class, each["loc"], each["type"], each["msg"]) for each in error.errors()]
        refuse("; ".join(faults))
    except SettingsError as error:
        named = re.search(r'field "(\w+)"', str(error))
        refuse(f"{variable(settings_class, named[1]) if named else 'a setting'} must be JSON")


def refuse(why: str) -> NoReturn:
    """End the process, before it has begun, with one line that says why: which setting, never its value."""
    sys.stderr.write(f"Cannot start: {why}.\n")
    raise SystemExit(MISCONFIGURED)


def _fault(settings_class: type[BaseSettings], loc: tuple[int | str, ...], kind: str, text: str) -> str:
    message = text.removeprefix("Value error, ").replace("\n", " ")
    if not loc:
        return message
    name = variable(settings_class, str(loc[0]))
    return f"{name} is missing" if kind == "missing" else f"{name}: {message[:1].lower()}{message[1:]}"
