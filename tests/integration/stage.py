"""A running installation, everybody who can log in there, and programmes to try things on."""

from __future__ import annotations

import asyncio
import io
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx2
from rich.console import Console
from tests.integration.evidence import query

from interpares.common.auth import actor_id
from interpares.common.testing.counting import until
from interpares.common.testing.processes import remove_directory, working_directory
from interpares.console.client import Client
from interpares.console.demo import members, templates_folder
from interpares.console.installation import Installation, Member
from interpares.console.narrator import Narrator
from interpares.console.story import gathering
from interpares.console.story.multiply import TEMPLATE
from interpares.console.story.scene import Scene
from interpares.console.supervisor import Supervisor

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from interpares.console.contexts import Context
    from interpares.console.story.cast import Cast

WHY = {"reason_code": "for-a-test", "reason": "Somebody has to try."}
# As many connections as there are requests at once, so that none waits for another.
# Idle connections go before the server, which waits five seconds, closes them under a request.
LIMITS = httpx2.Limits(max_connections=200, max_keepalive_connections=200, keepalive_expiry=2.0)
PATIENCE_SECONDS = 60.0
SUBJECT = "subject-of-{}"
# Accounts beside those of the cast; the services know none of them until a test lets them join.
FURTHER = ("stranger", "leaver", "other-office", "other-coordinator", "facilitator", "partner", "canary", "erased")


def letter() -> dict[str, Any]:
    """Return what the office adds where it answers for an organisation."""
    return {"on_behalf": {"channel": "letter", "received_on": "2026-03-01T09:00:00Z"}}


@dataclass(frozen=True)
class Stage:
    """``scene``: the office and all towns of the cast, registered; it has no programme."""

    installation: Installation
    supervisor: Supervisor
    http: httpx2.AsyncClient
    scene: Scene

    @property
    def clients(self) -> dict[str, Client]:
        """Everybody who can log in, by name of their context."""
        return self.scene.clients

    def actor(self, subject: str) -> UUID:
        """Return the id an account acts under."""
        return actor_id(self.installation.issuer_url, subject)

    async def bearer(self, name: str) -> dict[str, str]:
        """Return the header that signs a request."""
        return {"Authorization": f"Bearer {await self.clients[name].tokens.value()}"}

    async def send(
        self, name: str, method: str, service: str, path: str, body: Any = None, **headers: str
    ) -> httpx2.Response:
        """Send one request as somebody, once, and return the answer as it comes. headers: ``_`` stands for ``-``."""
        url = f"{self.installation.services[service].url}/api/v1{path}"
        given = {key.replace("_", "-"): value for key, value in headers.items()}
        return await self.http.request(method, url, json=body, headers=await self.bearer(name) | given)

    async def post(self, name: str, service: str, path: str, body: Any, **headers: str) -> httpx2.Response:
        """Send one command as somebody."""
        return await self.send(name, "POST", service, path, body, **headers)

    async def join(self, name: str, capacity: str, organisation: str) -> str:
        """Let an account that is nobody yet act for an organisation; return the membership once both services know."""
        operator = self.clients["operator"]
        person = {
            "given_name": "Nova",
            "family_name": "Neuzugang",
            "email": f"{name}@example.org",
            "subject": SUBJECT.format(name),
        }
        registered = await operator.post("registration", "/people", person)
        membership = WHY | {
            "person_id": registered["id"],
            "organisation_id": organisation,
            "capacity": capacity,
            "about": [registered["id"]],
        }
        granted = await operator.post("registration", "/memberships", membership)

        async def known() -> bool:
            held = await asyncio.to_thread(
                query, self.installation, "programme", "SELECT membership_id FROM memberships"
            )
            return UUID(granted["id"]) in [row["membership_id"] for row in held]

        await until(known, f"the programme service knows of the membership of {name}")
        return str(granted["id"])

    async def drafted(self, *countries: str) -> Scene:
        """Let the office draft MULTIPLY for some countries, for all of the cast where none is named."""
        cast = self.scene.cast
        towns = tuple(town for town in cast.towns if not countries or town.country in countries)
        scene = replace(self.scene, cast=replace(cast, towns=towns), applications={})
        await gathering.draft(scene, templates_folder() / TEMPLATE, strands=scene.cast.countries)
        return scene

    async def exchange(self, *countries: str) -> Scene:
        """Bring a programme of some countries to where its duties are derived and none is offered."""
        scene = await self.drafted(*countries)
        await gathering.call(scene)
        await gathering.apply(scene)
        await gathering.admit(scene)
        await scene.decide("/duties", "roles-settled", "All are admitted.")
        return scene


def everybody(installation: Installation) -> dict[str, Context]:
    """Return the contexts of all who can log in, the services themselves included."""
    some = next(iter(installation.contexts.values()))
    of_services = {
        service.subject: some.model_copy(update={"client_id": service.subject, "client_secret": service.secret})
        for service in installation.services.values()
    }
    return installation.contexts | of_services


@asynccontextmanager
async def staged(cast: Cast, **settings: str) -> AsyncIterator[Stage]:
    """Start an installation for a cast, with its office and towns registered; leave nothing of it.

    settings: of the services, see ``Installation``. Whatever a test did to it, no process may have logged a fault.
    """
    further = {name: Member(title=name, role=name, subject=SUBJECT.format(name)) for name in FURTHER}
    folder = working_directory("interpares-stage-")
    narrator = Narrator(Console(file=io.StringIO()))
    supervisor = Supervisor(narrator.note)
    installation = Installation(folder, supervisor, **settings)
    try:
        await installation.start(members(cast) | further, cast.operator)
        async with httpx2.AsyncClient(timeout=30.0, limits=LIMITS, trust_env=False) as http:
            contexts = everybody(installation)
            clients = {name: Client(context, http, patience=PATIENCE_SECONDS) for name, context in contexts.items()}
            scene = Scene(cast, clients, narrator)
            await gathering.open_office(scene)
            await gathering.register(scene)
            yield Stage(installation, supervisor, http, scene)
    finally:
        await supervisor.stop()
        found = list(faults(installation.logs))
        remove_directory(folder)
    assert found == []


def faults(logs: Path) -> Iterator[str]:
    """Yield the lines of logs that say that something went wrong which nobody had foreseen."""
    for log in logs.iterdir():
        for line in log.read_text(encoding="utf-8").splitlines():
            # What is no JSON was printed by Python itself, as it ended or because somebody forgot an error.
            if not line.startswith("{") or json.loads(line)["level"] in {"error", "critical"}:
                yield f"{log.name}: {line}"
