"""What a demo consists of: PostgreSQL, NATS, the issuer, and each service's API and worker, all on loopback."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from interpares.common.testing.databases import Database
from interpares.common.testing.nats import EmbeddedNats
from interpares.common.testing.postgres import EmbeddedPostgres
from interpares.common.testing.processes import LOOPBACK, ProcessEnded, free_port, spawn, tail
from interpares.console.contexts import Context, store
from interpares.console.issuer.clients import enrol
from interpares.console.supervisor import Program, Server, Supervisor

SERVICES = ("registration", "programme")
AUDIENCE = "interpares"
MIGRATION_SECONDS = 60.0
PREFIX = "INTERPARES_"


@dataclass(frozen=True)
class Member:
    """Somebody who can log in.

    title: who that is; role: as what; subject: of their account; streams: whether they may read the event streams.
    """

    title: str
    role: str
    subject: str
    streams: bool = False


@dataclass(frozen=True)
class Service:
    """A service of the demo: where its API is, its own client at the issuer, and its database."""

    name: str
    url: str
    worker_url: str
    secret: str
    database: Database

    @property
    def subject(self) -> str:
        """The account the service itself uses."""
        return subject_of(self.name)


def subject_of(service: str) -> str:
    """Return the account a service itself uses, which is also its client id."""
    return f"service-{service}"


class Installation:
    """Sets all of it up in a folder of its own, which holds ``contexts``, ``logs`` and what the issuer needs."""

    def __init__(self, folder: Path, supervisor: Supervisor, **settings: str) -> None:
        """``settings``: of both services, beyond what they need here, by field; for example ``otlp_endpoint``."""
        self.folder = folder
        self.logs = folder / "logs"
        self.contexts: dict[str, Context] = {}
        self.postgres = EmbeddedPostgres()
        self.nats = EmbeddedNats()
        self.programs: list[Program] = []
        self.services: dict[str, Service] = {}
        self.issuer_url = _address()
        self._supervisor = supervisor
        self._further = {field.upper(): value for field, value in settings.items()}

    async def start(self, members: Mapping[str, Member], operator: str) -> None:
        """Start everything and wait until it is ready.

        members: who can log in, by name of the context. operator: subject of the account that operates the platform.
        Raises ProcessEnded or NotInTime, with the tail of the log that tells why.
        """
        secrets, issuer = await self._lay_foundations(members)
        await self._serve(operator)
        await self._supervisor.ready(issuer)
        self.programs.append(issuer)
        for name, member in members.items():
            context = self._context(name, member, secrets[name], self.services)
            store(context, self.folder)
            self.contexts[name] = context

    async def _lay_foundations(self, members: Mapping[str, Member]) -> tuple[Mapping[str, str], Program]:
        """Start servers and issuer, make the databases; return the secrets of accounts, and the issuer."""
        self.logs.mkdir(mode=0o700)
        subjects = {name: member.subject for name, member in members.items()}
        own = {subject_of(service): subject_of(service) for service in SERVICES}
        secrets = enrol(self.folder / "issuer" / "clients.json", {**subjects, **own})
        issuer = self._issuer()
        servers = Server("PostgreSQL", self.postgres), Server("NATS", self.nats)
        await self._supervisor.keep(*servers, issuer)
        self.services = await asyncio.to_thread(self._created, secrets)
        return secrets, issuer

    async def _serve(self, operator: str) -> None:
        """Migrate and start the services."""
        services = self.services
        await asyncio.gather(*(self._migrate(service, services, operator) for service in services.values()))
        # A worker asks the other service's API as soon as it starts, so that should be there.
        for role in ("api", "worker"):
            started = [self._program(service, role, services) for service in services.values()]
            await self._supervisor.keep(*started)
            await self._supervisor.ready(*started)
            self.programs += started

    def _issuer(self) -> Program:
        folder = self.folder / "issuer"
        command = (
            sys.executable, "-m", "interpares.console.issuer", "--url", self.issuer_url, "--folder", folder,
        )  # fmt: skip
        ready = f"{self.issuer_url}/.well-known/openid-configuration"
        return Program("issuer", command, _environment(), self.logs / "issuer.log", ready)

    def _created(self, secrets: Mapping[str, str]) -> dict[str, Service]:
        return {
            name: Service(name, _address(), _address(), secrets[subject_of(name)], self.postgres.create_service(name))
            for name in SERVICES
        }

    async def _migrate(self, service: Service, services: Mapping[str, Service], operator: str) -> None:
        log = self.logs / f"{service.name}-migrate.log"
        arguments = ("migrate", "--operator", operator) if service.name == "registration" else ("migrate",)
        env = {
            **self._settings(service, services, service.url),
            "INTERPARES_DATABASE_OWNER_URL": service.database.owner_url,
        }
        command = (sys.executable, "-m", f"interpares.{service.name}", *arguments)
        child = spawn(command, name=f"{service.name} migrate", log=log, env=env, cwd=self.logs)
        if code := await asyncio.to_thread(child.wait, MIGRATION_SECONDS):
            message = f"{child.name} ended with {code}{tail(log)}"
            raise ProcessEnded(message)

    def _program(self, service: Service, role: str, services: Mapping[str, Service]) -> Program:
        url = service.url if role == "api" else service.worker_url
        name = f"{service.name} {role}"
        command = (sys.executable, "-m", f"interpares.{service.name}", role)
        log = self.logs / f"{service.name}-{role}.log"
        return Program(name, command, self._settings(service, services, url), log, f"{url}/readyz")

    def _settings(self, service: Service, services: Mapping[str, Service], url: str) -> dict[str, str]:
        host, _, port = url.removeprefix("http://").rpartition(":")
        others = {each.name: each.url for each in services.values() if each.name != service.name}
        return _environment(
            HTTP_HOST=host,
            HTTP_PORT=port,
            DATABASE_URL=service.database.service_url,
            NATS_URL=self.nats.url,
            OIDC_ISSUER=self.issuer_url,
            OIDC_AUDIENCE=AUDIENCE,
            OIDC_JWKS_URL=f"{self.issuer_url}/jwks.json",
            TOKEN_URL=f"{self.issuer_url}/token",
            CLIENT_ID=service.subject,
            CLIENT_SECRET=service.secret,
            SERVICE_SUBJECTS=json.dumps([subject_of(name) for name in others]),
            FEED_URLS=json.dumps(others),
            FILES_URL=(self.folder / "files").absolute().as_uri(),
            **self._further,
        )

    def _context(self, name: str, member: Member, secret: str, services: Mapping[str, Service]) -> Context:
        return Context(
            name=name,
            title=member.title,
            role=member.role,
            programme=services["programme"].url,
            registration=services["registration"].url,
            issuer=self.issuer_url,
            token_url=f"{self.issuer_url}/token",
            client_id=name,
            client_secret=secret,
            nats_url=self.nats.url if member.streams else "",
        )


def _address() -> str:
    return f"http://{LOOPBACK}:{free_port()}"


def _environment(**settings: str) -> dict[str, str]:
    """Return the environment of a child: ours, but of our settings only those given."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    given = {f"{PREFIX}{name}": value for name, value in settings.items()}
    return {**inherited, "PYTHONUNBUFFERED": "1", "INTERPARES_ENVIRONMENT": "development", **given}
