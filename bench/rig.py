"""Processes of the bench: the development issuer and the bench's own services, each with the settings it needs."""

from __future__ import annotations

import json
import os
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx2
import psycopg

from interpares.common.auth import actor_id
from interpares.common.policy import Capacity
from interpares.common.testing.processes import LOOPBACK, free_port, remove_directory, working_directory
from interpares.console.issuer.clients import enrol
from interpares.console.supervisor import Program, Supervisor

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from interpares.common.service import Service
    from interpares.common.testing.databases import Database as Made

CALLER = "caller"
AUDIENCE = "interpares"
PREFIX = "INTERPARES_"
ROOT = Path(__file__).parents[1]
# No measurement may be slowed down, or sped up, by settings of whoever runs it. The bench itself is not installed.
INHERITED = {
    **{name: value for name, value in os.environ.items() if not name.startswith(PREFIX)},
    "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
    "PYTHONUNBUFFERED": "1",
    "INTERPARES_ENVIRONMENT": "development",
}


@dataclass
class Rig:
    """Lends processes; all of them end with it. folder: of logs and of what the issuer needs."""

    folder: Path
    nats_url: str
    supervisor: Supervisor
    issuer_url: str = field(init=False)
    secrets: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Choose the issuer's address."""
        self.issuer_url = _address()

    async def start(self, *clients: str) -> None:
        """Start the issuer. clients: names of the services that will ask it for tokens."""
        self.secrets = enrol(self.folder / "issuer" / "clients.json", {name: name for name in (CALLER, *clients)})
        command = (
            sys.executable, "-m", "interpares.console.issuer",
            "--url", self.issuer_url, "--folder", self.folder / "issuer",
        )  # fmt: skip
        ready = f"{self.issuer_url}/.well-known/openid-configuration"
        await self.run(Program("issuer", command, self._environment(), self.folder / "issuer.log", ready))

    async def run(self, *programs: Program) -> None:
        """Start programs and wait until they are ready."""
        await self.supervisor.keep(*programs)
        await self.supervisor.ready(*(each for each in programs if each.ready))

    async def token(self) -> str:
        """Return a fresh token of the caller."""
        async with httpx2.AsyncClient(trust_env=False) as http:
            credentials = httpx2.BasicAuth(CALLER, self.secrets[CALLER])
            form = {"grant_type": "client_credentials"}
            answer = await http.post(f"{self.issuer_url}/token", data=form, auth=credentials)
            return str(answer.raise_for_status().json()["access_token"])

    def service(
        self, module: str, service: Service, role: str, made: Made, feeds: Mapping[str, str], *, name: str = ""
    ) -> Program:
        """Return a process of a service, not started yet. feeds: addresses of the APIs it reads, by service.

        name: of the process, where one service runs several times.
        """
        url = _address()
        host, _, port = url.removeprefix("http://").rpartition(":")
        settings = {
            "HTTP_HOST": host,
            "HTTP_PORT": port,
            "DATABASE_URL": made.service_url,
            "NATS_URL": self.nats_url,
            "OIDC_ISSUER": self.issuer_url,
            "OIDC_AUDIENCE": AUDIENCE,
            "OIDC_JWKS_URL": f"{self.issuer_url}/jwks.json",
            "TOKEN_URL": f"{self.issuer_url}/token",
            "CLIENT_ID": service.name,
            "CLIENT_SECRET": self.secrets[service.name],
            "SERVICE_SUBJECTS": json.dumps(sorted(self.secrets)),
            "FEED_URLS": json.dumps(dict(feeds)),
        }
        name = name or service.name
        command = (sys.executable, "-m", module, role)
        environment = self._environment({f"{PREFIX}{key}": value for key, value in settings.items()})
        log = self.folder / f"{name}-{role}.log"
        return Program(f"{name} {role}", command, environment, log, f"{url}/readyz")

    def plain(self, module: str, role: str, settings: Mapping[str, str]) -> Program:
        """Return a process that is no service; it is never asked whether it is ready."""
        log = self.folder / f"{module}-{role}.log"
        return Program(f"{module} {role}", (sys.executable, "-m", module, role), self._environment(settings), log, "")

    def admit(self, made: Made) -> None:
        """Let the caller hold the capacity of an office, as if registration had told of it and of nothing else."""
        with psycopg.connect(made.owner_url) as connection:
            connection.execute(
                "INSERT INTO memberships VALUES (%s, %s, %s, %s)",
                (uuid4(), actor_id(self.issuer_url, CALLER), uuid4(), Capacity.OFFICE.value),
            )
            connection.execute(
                "INSERT INTO inbox_positions (feed, position, confirmed_at) VALUES ('registration', 0, now())"
            )

    @staticmethod
    def _environment(settings: Mapping[str, Any] | None = None) -> dict[str, str]:
        return {**INHERITED, **(settings or {})}


@asynccontextmanager
async def rigged(nats_url: str) -> AsyncIterator[Rig]:
    """Lend a rig for the block."""
    folder = working_directory("bench-")
    supervisor = Supervisor(lambda _: None)
    try:
        yield Rig(folder, nats_url, supervisor)
    finally:
        await supervisor.stop()
        remove_directory(folder)


def address(program: Program) -> tuple[str, int]:
    """Return host and port a program listens on."""
    host, _, port = program.ready.removeprefix("http://").removesuffix("/readyz").rpartition(":")
    return host, int(port)


def _address() -> str:
    return f"http://{LOOPBACK}:{free_port()}"
