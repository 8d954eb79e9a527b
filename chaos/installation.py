"""The installation under siege: the demo's, with two workers per service and a proxy before every connection."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg

from interpares.common.testing.processes import LOOPBACK, free_port
from interpares.common.testing.proxy import Proxy, proxied
from interpares.console.installation import Installation, Member, Service

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from interpares.console.supervisor import Program, Supervisor

POSTGRES = "PostgreSQL"
NATS = "NATS"


@dataclass(frozen=True)
class Link:
    """The connections of one program to one server. program: its name; server: POSTGRES or NATS."""

    program: str
    server: str
    proxy: Proxy


class Besieged(Installation):
    """``programs`` holds, besides the issuer, for each service an API and two workers."""

    def __init__(self, folder: Path, supervisor: Supervisor) -> None:
        super().__init__(folder, supervisor)
        self.links: list[Link] = []
        self._lines = AsyncExitStack()
        self._names: dict[str, str] = {}
        self._ways: dict[str, dict[str, str]] = {}
        self._second: dict[str, str] = {}

    async def start(self, members: Mapping[str, Member], operator: str) -> None:
        """Start everything, then a second worker per service."""
        await super().start(members, operator)
        seconds = [
            self._program(replace(service, worker_url=self._second[service.name]), "worker", self.services)
            for service in self.services.values()
        ]
        await self._supervisor.keep(*seconds)
        await self._supervisor.ready(*seconds)
        self.programs += seconds

    async def calm(self) -> None:
        """Let all connections pass undelayed."""
        for link in self.links:
            link.proxy.delay, link.proxy.fatal_request = 0.0, None

    async def answers(self, server: str) -> bool:
        """Tell whether PostgreSQL or NATS take connections."""
        try:
            if server == POSTGRES:
                await (await psycopg.AsyncConnection.connect(self.postgres.superuser_url, connect_timeout=2)).close()
            else:
                place = urlsplit(self.nats.url)
                _, writer = await asyncio.open_connection(place.hostname, place.port)
                writer.close()
        except (OSError, psycopg.OperationalError):
            return False
        return True

    async def close(self) -> None:
        """Stop the proxies."""
        await self._lines.aclose()

    async def _migrate(self, service: Service, services: Mapping[str, Service], operator: str) -> None:
        # From here on the servers have addresses and the programs have not started: the place to step in between.
        await super()._migrate(service, services, operator)
        self._second[service.name] = f"http://{LOOPBACK}:{free_port()}"
        addresses = {
            service.url: f"{service.name} api",
            service.worker_url: f"{service.name} worker",
            self._second[service.name]: f"{service.name} worker 2",
        }
        for url, name in addresses.items():
            postgres, to_postgres = await self._lines.enter_async_context(proxied(service.database.service_url))
            nats, to_nats = await self._lines.enter_async_context(proxied(self.nats.url))
            self.links += [Link(name, POSTGRES, postgres), Link(name, NATS, nats)]
            self._ways[url] = {"INTERPARES_DATABASE_URL": to_postgres, "INTERPARES_NATS_URL": to_nats}
            self._names[url] = name

    def _program(self, service: Service, role: str, services: Mapping[str, Service]) -> Program:
        program = super()._program(service, role, services)
        program.name = self._names[service.url if role == "api" else service.worker_url]
        return program

    def _settings(self, service: Service, services: Mapping[str, Service], url: str) -> dict[str, str]:
        return super()._settings(service, services, url) | self._ways.get(url, {})
