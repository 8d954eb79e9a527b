"""An upgrade while people go on working: two releases on one database and one broker, there, back, and there again.

The release before is this one, the release after is ``later``. With INTERPARES_TEST_EARLIER the release before is the
one whose tree is checked out there, and this one is the release after: ``make upgrade FROM=v0.1.0``.
"""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from rich.console import Console
from tests.integration.evidence import query, stream
from tests.integration.later import FLAIR
from tests.integration.rolling import Load, Proxy
from tests.integration.stage import faults

from interpares.common.testing.processes import (
    ProcessEnded,
    eventually,
    free_port,
    remove_directory,
    spawn,
    tail,
    working_directory,
)
from interpares.console.installation import MIGRATION_SECONDS, Installation, Member
from interpares.console.narrator import Narrator
from interpares.console.supervisor import Supervisor
from interpares.console.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from interpares.common.testing.processes import Child

pytestmark = [pytest.mark.integration, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
EARLIER = os.environ.get("INTERPARES_TEST_EARLIER")
SOURCES = ("libs/common/src", "services/registration/src", "services/programme/src")
CALLERS = 4
# How many requests are answered in each state the installation is in on its way.
STRETCH = int(os.environ.get("INTERPARES_TEST_STRETCH", "40"))
PATIENCE_SECONDS = 300.0
DRAIN_SECONDS = 3.0
SERVICES = ("registration", "programme")
WELL_ENDED = {0, -signal.SIGTERM, 128 + signal.SIGTERM}
OPERATOR = Member(title="Operator", role="operator", subject="operator", streams=True)


@dataclass(frozen=True)
class Release:
    """A release, as it is started: what stands before the name of a service, and the environment."""

    name: str
    module: str
    env: dict[str, str] = field(default_factory=dict)

    def command(self, service: str, *arguments: str) -> list[str]:
        if self.module.startswith("tests."):
            return [sys.executable, "-m", self.module, service, *arguments]
        return [sys.executable, "-m", f"{self.module}.{service}", *arguments]


def here(**env: str) -> Release:
    return Release("this", "interpares", env)


def releases() -> tuple[Release, Release, Release]:
    """Return the release before, the one after it, and that one once its new features are used."""
    if EARLIER:
        path = os.pathsep.join(str(Path(EARLIER).resolve() / source) for source in SOURCES)
        return Release("before", "interpares", {"PYTHONPATH": path}), here(), here()
    after = {"PYTHONPATH": str(ROOT)}
    return (
        here(),
        Release("after", "tests.integration.later", after),
        Release("used", "tests.integration.later", after | {FLAIR: "1"}),
    )


@dataclass(frozen=True)
class Replica:
    """A process of a service. port: where it serves."""

    service: str
    role: str
    child: Child
    port: int
    log: Path


class Rolled(Installation):
    """An installation whose APIs stand behind proxies, and whose processes are started and ended one by one."""

    def __init__(self, folder: Path, supervisor: Supervisor) -> None:
        super().__init__(folder, supervisor, drain_seconds=str(DRAIN_SECONDS))
        self.proxies: dict[str, Proxy] = {}
        self.launched: list[Replica] = []
        self._number = 0

    async def found(self, stack: AsyncExitStack) -> None:
        """Start servers, issuer and proxies; nobody is behind these yet."""
        secrets, issuer = await self._lay_foundations({"operator": OPERATOR})
        await self._supervisor.ready(issuer)
        self.contexts["operator"] = self._context("operator", OPERATOR, secrets["operator"], self.services)
        for name, service in self.services.items():
            proxy = self.proxies[name] = Proxy(int(service.url.rpartition(":")[2]))
            await stack.enter_async_context(proxy.serving())

    async def migrate(self, release: Release, service: str) -> None:
        """Run the migration of a release."""
        made = self.services[service]
        log = self.logs / f"{service}-migrate-{release.name}.log"
        env = self._settings(made, self.services, made.url) | release.env
        env["INTERPARES_DATABASE_OWNER_URL"] = made.database.owner_url
        operator = ("--operator", OPERATOR.subject) if service == "registration" else ()
        command = release.command(service, "migrate", *operator)
        child = spawn(command, name=f"{service} migrate", log=log, env=env, cwd=self.logs)
        if code := await asyncio.to_thread(child.wait, MIGRATION_SECONDS):
            message = f"{child.name} ended with {code}{tail(log)}"
            raise ProcessEnded(message)

    async def launch(self, release: Release, service: str, role: str) -> Replica:
        """Start one process and return once it is ready, an API once it is asked."""
        port, self._number = free_port(), self._number + 1
        log = self.logs / f"{service}-{role}-{release.name}-{self._number}.log"
        env = self._settings(self.services[service], self.services, f"http://127.0.0.1:{port}") | release.env
        child = spawn(release.command(service, role), name=f"{service} {role}", log=log, env=env, cwd=self.logs)
        replica = Replica(service, role, child, port, log)
        self.launched.append(replica)
        if role == "api":
            self.proxies[service].replicas.append(port)
        await eventually(lambda: self._ready(replica), timeout=PATIENCE_SECONDS, what=f"{log.stem} is ready")
        return replica

    async def _ready(self, replica: Replica) -> bool:
        replica.child.check()
        if replica.role == "api":
            return await self.proxies[replica.service].among(replica.port)
        return await answers(replica.port)

    async def stop(self, *replicas: Replica) -> None:
        """End processes one after the other, as whoever rolls out a release does."""
        for replica in replicas:
            code = await asyncio.to_thread(replica.child.stop)
            assert code in WELL_ENDED, f"{replica.log.stem} ended with {code}{tail(replica.log)}"
            if replica.role == "api":
                self.proxies[replica.service].replicas.remove(replica.port)

    async def both(self, release: Release, service: str) -> tuple[Replica, Replica]:
        """Start API and worker of a service."""
        api = await self.launch(release, service, "api")
        return api, await self.launch(release, service, "worker")


async def answers(port: int) -> bool:
    async with httpx2.AsyncClient(timeout=2, trust_env=False) as http:
        try:
            return (await http.get(f"http://127.0.0.1:{port}/readyz")).is_success
        except httpx2.TransportError:
            return False


@asynccontextmanager
async def founded() -> AsyncIterator[Rolled]:
    """An installation without services; nothing of it is left, and no process may have logged a fault."""
    folder = working_directory("interpares-upgrade-")
    supervisor = Supervisor(Narrator(Console(file=io.StringIO())).note)
    installation = Rolled(folder, supervisor)
    try:
        async with AsyncExitStack() as stack:
            await installation.found(stack)
            yield installation
    finally:
        await asyncio.gather(*(asyncio.to_thread(each.child.stop) for each in installation.launched))
        await supervisor.stop()
        # First what any process logged as a fault: it tells more than what the callers saw of it.
        found = list(faults(installation.logs))
        remove_directory(folder)
        assert found == [], "\n".join(found[:10])


def positions(installation: Rolled, statement: str, service: str = "registration") -> list[Any]:
    return [next(iter(row.values())) for row in query(installation, service, statement)]


async def at_rest(installation: Rolled) -> bool:
    """Tell whether every view, the stream and the other service are where the store is."""
    behind = "SELECT 1 FROM view_positions WHERE position < (SELECT max(notification_id) FROM stored_events)"
    if any(query(installation, name, behind) for name in SERVICES):
        return False
    streamed = (await stream(installation, "registration"))[-1].position
    [heard] = positions(installation, "SELECT position FROM inbox_positions WHERE feed = 'registration'", "programme")
    [head] = positions(installation, "SELECT max(notification_id) FROM stored_events")
    return bool(streamed == heard == head)


async def test_an_upgrade_there_and_back_and_there_fails_no_request_and_loses_nothing() -> None:
    before, after, used = releases()
    async with founded() as installation, httpx2.AsyncClient(timeout=30, trust_env=False) as http:
        for service in SERVICES:
            await installation.migrate(before, service)
        old = {service: await installation.both(before, service) for service in SERVICES}
        load = Load(installation.services["registration"].url, Tokens(installation.contexts["operator"], http), http)

        async def a_stretch() -> None:
            goal = load.answered + STRETCH
            await eventually(lambda: load.at_least(goal), timeout=PATIENCE_SECONDS, what=f"{goal} answers")

        async with load.calling(CALLERS):
            await a_stretch()
            # The one who hears is upgraded before the one who tells.
            await installation.migrate(after, "programme")
            await installation.both(after, "programme")
            await a_stretch()
            await installation.stop(*old["programme"])
            await installation.migrate(after, "registration")
            new = await installation.both(after, "registration")
            await a_stretch()
            # Back: as long as nobody used what is new, the release before serves on the schema of the one after.
            assert load.again == 0
            await installation.migrate(before, "registration")
            await installation.stop(*new)
            await a_stretch()
            # And there once more, with what is new being used at once, while the release before still serves.
            new = await installation.both(used, "registration")
            await a_stretch()
            await installation.stop(*old["registration"])
            await a_stretch()

        assert load.failed == []
        assert load.answered >= 5 * STRETCH
        await eventually(lambda: at_rest(installation), timeout=PATIENCE_SECONDS, what="everything arrived")
        await everything_is_there(installation, load, flair=bool(used.env.get(FLAIR)))
        sys.stdout.write(f"{load.answered} answered, {load.again} of them by the later release when asked again\n")


async def everything_is_there(installation: Rolled, load: Load, *, flair: bool) -> None:
    """Compare what was answered with the store, the stream, the views and the other service."""
    stored = positions(installation, "SELECT notification_id FROM stored_events")
    assert load.acknowledged <= set(stored)
    messages = await stream(installation, "registration")
    assert [message.previous for message in messages[1:]] == [message.position for message in messages[:-1]]
    organisations = positions(
        installation, "SELECT originator_id FROM stored_events WHERE topic = 'registration.organisation.registered.v1'"
    )
    assert sorted(positions(installation, "SELECT organisation_id FROM organisations")) == sorted(organisations)
    heard = positions(installation, "SELECT organisation_id FROM heard_organisations", "programme")
    assert sorted(heard) == sorted(organisations)
    if flair:
        flared = positions(
            installation, "SELECT originator_id FROM stored_events WHERE topic = 'registration.organisation.flared.v1'"
        )
        assert flared
        for service in SERVICES:
            noted = positions(installation, "SELECT organisation_id FROM flairs", service)
            assert sorted(noted) == sorted(flared), service
