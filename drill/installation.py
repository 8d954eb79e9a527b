"""The demo's installation with a ledger of erasures, whose services can be stopped, migrated and started singly."""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from interpares.common.testing.processes import ProcessEnded, spawn, tail
from interpares.console.installation import MIGRATION_SECONDS, Installation

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from interpares.console.supervisor import Supervisor

ROLES = ("api", "worker")
LEDGER = "erasures.jsonl"


class Drilled(Installation):
    """What the drill is done on."""

    def __init__(self, folder: Path, supervisor: Supervisor) -> None:
        self.ledger = folder / LEDGER
        self.supervisor = supervisor
        super().__init__(folder, supervisor, erasure_ledger=str(self.ledger))

    @asynccontextmanager
    async def stopped(self, name: str) -> AsyncIterator[None]:
        """Keep API and worker of a service down during the block; return once they are ready again."""
        async with AsyncExitStack() as stack:
            for role in ROLES:
                await stack.enter_async_context(self.supervisor.away(f"{name} {role}"))
            yield
        await self.ready()

    async def ready(self) -> None:
        """Wait until every process is ready."""
        await self.supervisor.ready(*self.programs)

    async def migrate_again(self, name: str, *arguments: str) -> None:
        """Run the migration of a service once more."""
        service, log = self.services[name], self.logs / f"{name}-migrate-again.log"
        env = {
            **self._settings(service, self.services, service.url),
            "INTERPARES_DATABASE_OWNER_URL": service.database.owner_url,
        }
        command = (sys.executable, "-m", f"interpares.{name}", "migrate", *arguments)
        child = spawn(command, name=f"{name} migrate", log=log, env=env, cwd=self.logs)
        if code := await asyncio.to_thread(child.wait, MIGRATION_SECONDS):
            message = f"{child.name} ended with {code}{tail(log)}"
            raise ProcessEnded(message)
