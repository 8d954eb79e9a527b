"""What ``interpares doctor`` looks at: first this machine, then, with a context, everything that context points to."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import jwt

from interpares.common.testing.binaries import nats_server, postgres_tree
from interpares.common.testing.nats import EmbeddedNats
from interpares.common.testing.postgres import EmbeddedPostgres
from interpares.console.client import http
from interpares.console.contexts import Context
from interpares.console.failures import Failure
from interpares.console.subscription import connected
from interpares.console.tokens import Tokens

OLDEST_PYTHON = (3, 11)
ENOUGH_BYTES = 2 * 1024**3
SKEW_SECONDS = 5
RESTART = "Start the demo again if it has ended; otherwise read its logs in .interpares/<run>/logs."


@dataclass(frozen=True)
class Finding:
    """One thing looked at. fact: how it is. way_out: what to do, empty where all is well."""

    what: str
    fine: bool
    fact: str
    way_out: str = ""
    unreachable: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return all of it."""
        return asdict(self)


def machine() -> Iterator[Finding]:
    """Look at this machine: what make demo needs."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding(
        "Python",
        sys.version_info >= OLDEST_PYTHON,
        version,
        "" if sys.version_info >= OLDEST_PYTHON else "Use 3.11 or later.",
    )
    for what, folder in (("Disk for temporary files", Path(tempfile.gettempdir())), ("Disk here", Path.cwd())):
        free = shutil.disk_usage(folder).free
        fact = f"{free / 1024**3:.1f} GiB free in {folder}"
        yield Finding(
            what, free > ENOUGH_BYTES, fact, "" if free > ENOUGH_BYTES else "Free some space; 2 GiB are enough."
        )
    install = "Install requirements/runtime.txt; make demo does."
    yield _tried("PostgreSQL in the wheel", lambda: _version(postgres_tree() / "bin" / "postgres"), install)
    yield _tried("NATS in the wheel", lambda: _version(nats_server()), install)
    yield _tried("PostgreSQL starts", lambda: _started(EmbeddedPostgres()), "The log's tail above tells why.")
    yield _tried("NATS starts", lambda: _started(EmbeddedNats()), "The log's tail above tells why.")


async def surroundings(context: Context) -> AsyncIterator[Finding]:
    """Look at everything a context points to."""
    async with http() as connection:
        for service in ("programme", "registration"):
            url = context.address(service)
            yield await _asked(f"{service} is alive", f"{url}/livez", connection, _status)
            yield await _asked(f"{service} is ready", f"{url}/readyz", connection, _status)
            yield await _asked(f"{service} version", f"{url}/api/v1/openapi.json", connection, _api_version)
        discovery = f"{context.issuer}/.well-known/openid-configuration"
        yield await _asked("issuer", discovery, connection, lambda answer: str(answer.json()["issuer"]))
        yield await _token(context, connection)
    if context.nats_url:
        yield await _nats(context.nats_url)


async def _asked(
    what: str, url: str, connection: httpx2.AsyncClient, read: Callable[[httpx2.Response], str]
) -> Finding:
    try:
        answer = await connection.get(url)
    except httpx2.TransportError as error:
        return Finding(what, fine=False, fact=f"{url}: {type(error).__name__}", way_out=RESTART, unreachable=True)
    if not answer.is_success:
        return Finding(
            what, fine=False, fact=f"{url} answers {answer.status_code}: {answer.text[:200]}", way_out=RESTART
        )
    return Finding(what, fine=True, fact=f"{url}: {read(answer)}")


async def _token(context: Context, connection: httpx2.AsyncClient) -> Finding:
    try:
        token = await Tokens(context, connection).value()
    except Failure as failure:
        unreachable = failure.exit_code == 3  # noqa: PLR2004 -- failures lists the codes
        return Finding("token", fine=False, fact=failure.detail, way_out=failure.way_out, unreachable=unreachable)
    claims = jwt.decode(token, options={"verify_signature": False})
    skew = round(time.time() - claims["iat"])
    fact = f"for {claims['sub']}, valid for {claims['exp'] - claims['iat']} s, clocks differ by {skew} s"
    fine = abs(skew) <= SKEW_SECONDS
    return Finding("token", fine, fact, "" if fine else "Set the clock of this machine, or of the issuer's.")


async def _nats(url: str) -> Finding:
    try:
        async with connected(url) as connection:
            streams = await connection.jetstream().streams_info()
            counted = ", ".join(f"{each.config.name} {each.state.messages} messages" for each in streams)
            return Finding(
                "NATS", fine=True, fact=f"{counted or 'no streams'} at {urlsplit(url).hostname}:{urlsplit(url).port}"
            )
    except Failure as failure:
        return Finding("NATS", fine=False, fact=failure.detail, way_out=RESTART, unreachable=True)


def _tried(what: str, attempt: Callable[[], str], way_out: str) -> Finding:
    try:
        return Finding(what, fine=True, fact=attempt())
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is the finding
        return Finding(what, fine=False, fact=str(error), way_out=way_out)


def _version(program: Path) -> str:
    told = subprocess.run([program, "--version"], capture_output=True, check=True, text=True, timeout=30)  # noqa: S603 -- our own wheels
    return told.stdout.strip()


def _started(server: EmbeddedPostgres | EmbeddedNats) -> str:
    began = time.monotonic()
    with server:
        seconds = time.monotonic() - began
    return f"in {seconds:.1f} s"


def _status(answer: httpx2.Response) -> str:
    return str(answer.status_code)


def _api_version(answer: httpx2.Response) -> str:
    info = answer.json()["info"]
    return f"{info['title']} {info['version']}"
